package azukari.dispatch;

import azukari.platform.Lane;
import azukari.platform.LaneNames;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.jms.MessageListener;

/** The lane for short work. */
@MessageDriven(
        name = "DefaultLane",
        messageListenerInterface = MessageListener.class,
        activationConfig = {
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Queue"),
            @ActivationConfigProperty(
                    propertyName = "destination",
                    propertyValue = LaneNames.PREFIX + LaneNames.DEFAULT),
            @ActivationConfigProperty(propertyName = "useJNDI", propertyValue = "false"),
            @ActivationConfigProperty(propertyName = "maxSession", propertyValue = LaneNames.DEFAULT_SESSIONS),
            @ActivationConfigProperty(propertyName = "setupAttempts", propertyValue = "-1"),
            @ActivationConfigProperty(propertyName = "setupInterval", propertyValue = "1000")
        })
@TransactionManagement(TransactionManagementType.BEAN)
public class DefaultLane extends LaneBean {
    public DefaultLane() {
        super(Lane.DEFAULT);
    }
}
