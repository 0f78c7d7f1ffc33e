package azukari.outbox;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** The connection factory that the container holds, as a bean. */
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

    /** Closes a session at the end, when nobody can do anything about a failure any more. */
    static void closeQuietly(Wire wire) {
        try {
            wire.close();
        } catch (JMSException e) {
            LOG.log(Level.DEBUG, "a broker connection did not close; it ends with the process", e);
        }
    }
}
