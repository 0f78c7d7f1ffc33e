package azukari.dispatch;

import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.jms.MessageListener;

/** HTTP targets: work that waits for somebody outside. */
@MessageDriven(name = "OutsideLane", messageListenerInterface = MessageListener.class)
@TransactionManagement(TransactionManagementType.BEAN)
public class OutsideLane extends Lane {}
