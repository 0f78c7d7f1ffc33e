package azukari.bench.server;

import azukari.platform.Json;
import azukari.platform.LaneNames;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.TextMessage;
import java.sql.SQLException;
import java.util.UUID;

/** The other end of the naive path: the work is nothing, then an update in a transaction of its own. */
@MessageDriven(
        name = "NaiveLane",
        messageListenerInterface = MessageListener.class,
        activationConfig = {
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Queue"),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = NaiveLane.QUEUE),
            @ActivationConfigProperty(propertyName = "useJNDI", propertyValue = "false"),
            @ActivationConfigProperty(propertyName = "maxSession", propertyValue = LaneNames.DEFAULT_SESSIONS),
            @ActivationConfigProperty(propertyName = "setupAttempts", propertyValue = "-1"),
            @ActivationConfigProperty(propertyName = "setupInterval", propertyValue = "1000")
        })
@TransactionManagement(TransactionManagementType.BEAN)
public class NaiveLane implements MessageListener {
    public static final String QUEUE = LaneNames.PREFIX + "bench-naive";

    @Inject
    private PlainRows rows;

    @Override
    public void onMessage(Message message) {
        try {
            String text = ((TextMessage) message).getText();
            rows.endJob(UUID.fromString(Json.read(text).path("id").asString()));
        } catch (JMSException | SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
