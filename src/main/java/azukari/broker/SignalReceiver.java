package azukari.broker;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.TextMessage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Receives the other nodes' hints from the topic. Nothing is ever redelivered: a hint that can't be used is dropped.
 */
@MessageDriven(
        name = "SignalReceiver",
        messageListenerInterface = MessageListener.class,
        activationConfig = {
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Topic"),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = SignalWire.TOPIC),
            @ActivationConfigProperty(propertyName = "useJNDI", propertyValue = "false"),
            @ActivationConfigProperty(propertyName = "maxSession", propertyValue = "1"),
            @ActivationConfigProperty(propertyName = "setupAttempts", propertyValue = "-1"),
            @ActivationConfigProperty(propertyName = "setupInterval", propertyValue = "1000")
        })
@TransactionManagement(TransactionManagementType.BEAN)
public class SignalReceiver implements MessageListener {
    private static final Logger LOG = System.getLogger(SignalReceiver.class.getName());

    @Inject
    private Signals signals;

    @Override
    public void onMessage(Message message) {
        try {
            if (message instanceof TextMessage text) {
                signals.received(message.getStringProperty(SignalWire.SENDER), text.getText());
            }
        } catch (JMSException | RuntimeException e) {
            LOG.log(Level.WARNING, "a hint from another node is dropped; the next check finds what it is about", e);
        }
    }
}
