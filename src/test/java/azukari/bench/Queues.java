package azukari.bench;

import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientRequestor;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.apache.activemq.artemis.api.core.management.ManagementHelper;
import org.apache.activemq.artemis.api.core.management.ResourceNames;

/** The broker's own view of its queues, by management messages. For one thread at a time. */
final class Queues implements AutoCloseable {
    private static final String MANAGEMENT = "activemq.management";

    private final ServerLocator locator;
    private final ClientSessionFactory factory;
    private final ClientSession session;
    private final ClientRequestor requestor;

    Queues(String brokerUrl) {
        try {
            locator = ActiveMQClient.createServerLocator(brokerUrl);
            factory = locator.createSessionFactory();
            session = factory.createSession();
            requestor = new ClientRequestor(session, MANAGEMENT);
            session.start();
        } catch (Exception e) {
            throw new IllegalStateException("no session with the broker " + brokerUrl, e);
        }
    }

    /** Its consumers get nothing more until {@link #resume}. */
    void pause(String queue) {
        ask(queue, message -> ManagementHelper.putOperationInvocation(message, ResourceNames.QUEUE + queue, "pause"));
    }

    void resume(String queue) {
        ask(queue, message -> ManagementHelper.putOperationInvocation(message, ResourceNames.QUEUE + queue, "resume"));
    }

    /** Messages that are there, those being worked on included. */
    long waiting(String queue) {
        return number(queue, "messageCount");
    }

    /** Messages done with since the broker started. */
    long done(String queue) {
        return number(queue, "messagesAcknowledged");
    }

    private long number(String queue, String attribute) {
        Object answer =
                ask(queue, message -> ManagementHelper.putAttribute(message, ResourceNames.QUEUE + queue, attribute));
        return ((Number) answer).longValue();
    }

    @FunctionalInterface
    private interface Question {
        void putInto(ClientMessage message) throws Exception;
    }

    private Object ask(String queue, Question question) {
        try {
            ClientMessage message = session.createMessage(false);
            question.putInto(message);
            ClientMessage reply = requestor.request(message);
            if (!ManagementHelper.hasOperationSucceeded(reply)) {
                throw new IllegalStateException("the broker refused: " + ManagementHelper.getResult(reply));
            }
            return ManagementHelper.getResult(reply);
        } catch (Exception e) {
            throw new IllegalStateException("the broker was asked about " + queue, e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
            factory.close();
            locator.close();
        } catch (Exception e) {
            throw new IllegalStateException("the session with the broker did not close", e);
        }
    }
}
