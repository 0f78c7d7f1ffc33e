package azukari.broker;

import azukari.platform.BrokerUnavailableException;
import azukari.platform.Service;
import jakarta.inject.Inject;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Session;

/** Short work in a session that is opened for it and closed after it. */
@Service
final class Sessions {
    private final ConnectionFactory factory;

    @Inject
    Sessions(ConnectionFactory factory) {
        this.factory = factory;
    }

    /** What is done in a session. */
    interface Work<T> {
        T in(Session session) throws JMSException;
    }

    /**
     * Works in a session without transactions.
     *
     * @throws BrokerUnavailableException when the broker did not answer
     */
    <T> T plain(Work<T> work) {
        try (Connection connection = factory.createConnection();
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            connection.start();
            return work.in(session);
        } catch (JMSException e) {
            throw new BrokerUnavailableException(e);
        }
    }

    /**
     * Works in a transacted session; the work commits. When it fails, what it had not committed has not happened.
     *
     * @throws BrokerUnavailableException when the broker did not answer; its last commit may have happened all the same
     */
    <T> T transacted(Work<T> work) {
        try (Connection connection = factory.createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            connection.start();
            try {
                return work.in(session);
            } catch (JMSException | RuntimeException e) {
                session.rollback(); // A pool may hand the session on as it is.
                throw e;
            }
        } catch (JMSException e) {
            throw new BrokerUnavailableException(e);
        }
    }
}
