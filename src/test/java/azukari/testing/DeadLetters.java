package azukari.testing;

import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;

/** The broker's dead letters. */
public final class DeadLetters {
    private static final List<String> QUEUES = List.of(
            "azukari.default.dead",
            "azukari.outside.dead",
            "azukari.long.dead",
            "azukari.notify.dead",
            "DLQ",
            "ExpiryQueue");

    private DeadLetters() {}

    /** The queues that hold any, with their counts. */
    public static List<String> in(String brokerUrl) {
        try (ServerLocator locator = ActiveMQClient.createServerLocator(brokerUrl);
                ClientSessionFactory factory = locator.createSessionFactory();
                ClientSession session = factory.createSession()) {
            List<String> found = new ArrayList<>();
            for (String queue : QUEUES) {
                long count = session.queueQuery(SimpleString.of(queue)).getMessageCount();
                if (count > 0) {
                    found.add(queue + ": " + count);
                }
            }
            return found;
        } catch (Exception e) {
            throw new IllegalStateException("the broker " + brokerUrl + " did not tell its dead letters", e);
        }
    }
}
