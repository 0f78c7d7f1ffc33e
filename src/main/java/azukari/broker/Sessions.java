package azukari.broker;

import azukari.platform.BrokerUnavailableException;
import azukari.platform.Service;
import jakarta.inject.Inject;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Session;

/** Runs short work in a session that is opened for it and closed after it. */
@Service
final class Sessions {
    private final ConnectionFactory factory;

    @Inject
    Sessions(ConnectionFactory factory) {
        this.factory = factory;
    }

    /** Work that is done in a session. */
    interface Work<T> {
        T in(Session session) throws JMSException;
    }

    /**
     * Runs work in a session that is not transacted.
     *
     * @throws BrokerUnavailableException if the broker did not answer
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
     * Runs work in a transacted session; the work commits. If it fails, what it has not committed has not happened.
     *
     * @throws BrokerUnavailableException if the broker did not answer; the last commit may still have happened
     */
    <T> T transacted(Work<T> work) {
        try (Connection connection = factory.createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            connection.start();
            try {
                return work.in(session);
            } catch (JMSException | RuntimeException e) {
                session.rollback(); // A pool may hand out the session again as it is.
                throw e;
            }
        } catch (JMSException e) {
            throw new BrokerUnavailableException(e);
        }
    }
}
