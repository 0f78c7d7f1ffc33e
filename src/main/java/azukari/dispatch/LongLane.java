package azukari.dispatch;

import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.jms.MessageListener;

/** Long work, so that it does not stand in the way of short work. */
@MessageDriven(name = "LongLane", messageListenerInterface = MessageListener.class)
@TransactionManagement(TransactionManagementType.BEAN)
public class LongLane extends Lane {}
