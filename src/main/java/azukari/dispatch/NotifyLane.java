package azukari.dispatch;

import azukari.platform.Lane;
import azukari.platform.LaneNames;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.jms.MessageListener;

/** The lane for notifying submitters, so that notifications do not queue behind other work. */
@MessageDriven(
        name = "NotifyLane",
        messageListenerInterface = MessageListener.class,
        activationConfig = {
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "jakarta.jms.Queue"),
            @ActivationConfigProperty(
                    propertyName = "destination",
                    propertyValue = LaneNames.PREFIX + LaneNames.NOTIFY),
            @ActivationConfigProperty(propertyName = "useJNDI", propertyValue = "false"),
            @ActivationConfigProperty(propertyName = "maxSession", propertyValue = LaneNames.NOTIFY_SESSIONS),
            @ActivationConfigProperty(propertyName = "setupAttempts", propertyValue = "-1"),
            @ActivationConfigProperty(propertyName = "setupInterval", propertyValue = "1000")
        })
@TransactionManagement(TransactionManagementType.BEAN)
public class NotifyLane extends LaneBean {
    public NotifyLane() {
        super(Lane.NOTIFY);
    }
}
