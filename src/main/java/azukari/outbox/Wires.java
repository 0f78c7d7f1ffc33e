package azukari.outbox;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Exposes the container's connection factory as a bean. */
@ApplicationScoped
class Wires {
    private static final Logger LOG = System.getLogger(Wires.class.getName());

    @Resource(name = "jms/azukari")
    private ConnectionFactory factory;

    @Produces
    @Singleton
    ConnectionFactory factory() {
        return factory;
    }

    /** Closes a session at shutdown, when nobody can act on a failure any more. */
    static void closeQuietly(Wire wire) {
        try {
            wire.close();
        } catch (JMSException e) {
            LOG.log(Level.DEBUG, "a broker connection could not be closed; it ends with the process", e);
        }
    }
}
