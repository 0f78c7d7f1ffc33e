package azukari.dispatch;

import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.jms.MessageListener;

/** Telling submitters, so that it does not queue behind work. */
@MessageDriven(name = "NotifyLane", messageListenerInterface = MessageListener.class)
@TransactionManagement(TransactionManagementType.BEAN)
public class NotifyLane extends Lane {}
