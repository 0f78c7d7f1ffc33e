package azukari.testing;

import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.QueueBrowser;
import jakarta.jms.TemporaryQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import org.apache.activemq.artemis.api.core.management.ResourceNames;
import org.apache.activemq.artemis.api.jms.management.JMSManagementHelper;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** What an operator sees and sets at a broker, without the product. */
public final class BrokerLook {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String url;

    public BrokerLook(String url) {
        this.url = url;
    }

    /** How often each message of a queue has been delivered so far. */
    public List<Integer> deliveries(String queue) {
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url);
                JMSContext context = factory.createContext();
                QueueBrowser browser = context.createBrowser(context.createQueue(queue))) {
            List<Integer> deliveries = new ArrayList<>();
            Enumeration<?> messages = browser.getEnumeration();
            while (messages.hasMoreElements()) {
                deliveries.add(((Message) messages.nextElement()).getIntProperty("JMSXDeliveryCount"));
            }
            return deliveries;
        } catch (JMSException e) {
            throw new IllegalStateException("the broker did not show the queue " + queue, e);
        }
    }

    /** Settings of an address, as JSON by the names that management operations use; they replace earlier ones. */
    public void set(String address, String settings) {
        manage("addAddressSettings", address, settings);
    }

    /** The settings that are in force for an address, as JSON. */
    public String settings(String address) {
        return manage("getAddressSettingsAsJSON", address).toString();
    }

    private Object manage(String operation, Object... parameters) {
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url);
                JMSContext context = factory.createContext()) {
            Message request = context.createMessage();
            JMSManagementHelper.putOperationInvocation(request, ResourceNames.BROKER, operation, parameters);
            TemporaryQueue answers = context.createTemporaryQueue();
            request.setJMSReplyTo(answers);
            context.createProducer().send(context.createQueue("activemq.management"), request);
            Message answer = context.createConsumer(answers).receive(PATIENCE.toMillis());
            Object result = JMSManagementHelper.getResult(answer);
            if (!JMSManagementHelper.hasOperationSucceeded(answer)) {
                throw new IllegalStateException("the broker refused " + operation + ": " + result);
            }
            return result;
        } catch (Exception e) {
            throw new IllegalStateException("the broker did not do " + operation, e);
        }
    }
}
