package azukari.node;

import azukari.database.RoomOnDisk;
import azukari.database.Schema;
import azukari.platform.LogContext;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.sql.DataSource;

/**
 * Starts and stops the node for the container. The schema comes before everything else, so the node's parts are
 * obtained only afterwards. A start that fails also fails the deployment.
 */
@Singleton
@jakarta.ejb.Startup
@TransactionManagement(TransactionManagementType.BEAN)
public class Startup {
    /** The system property in which a launcher finds the reason for a failed start, in one line. */
    public static final String FAILURE_PROPERTY = "azukari.start.failure";

    private static final Logger LOG = System.getLogger(Startup.class.getName());

    @Resource(name = "jdbc/azukari")
    private DataSource pool;

    @Inject
    private Instance<azukari.platform.Settings> settings;

    @Inject
    private Instance<azukari.catalog.Catalog> catalog;

    @Inject
    private Instance<RoomOnDisk> room;

    @Inject
    private Instance<Lifecycle> lifecycle;

    private ObjectName name;

    @PostConstruct
    void start() {
        LogContext.install();
        try {
            settings.get();
            catalog.get();
            Schema.migrate(room.get().guard(pool));
            lifecycle.get().start();
            register();
        } catch (RuntimeException | JMException e) {
            System.setProperty(FAILURE_PROPERTY, rootMessage(e));
            throw new IllegalStateException("Azukari did not start: " + rootMessage(e), e);
        }
    }

    /** A node that can't be asked to drain is not left running. */
    private void register() throws JMException {
        try {
            ObjectName own = new ObjectName("azukari:type=Node");
            ManagementFactory.getPlatformMBeanServer()
                    .registerMBean((NodeMXBean) () -> lifecycle.get().drain(), own);
            name = own;
        } finally {
            if (name == null) {
                lifecycle.get().stop();
            }
        }
    }

    /** The first message of our own: containers wrap what a producer throws. */
    private static String rootMessage(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof IllegalArgumentException)) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    @PreDestroy
    void stop() {
        try {
            stopNode();
        } finally {
            LogContext.uninstall();
        }
    }

    private void stopNode() {
        if (name == null) {
            return;
        }
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
        } catch (JMException e) {
            LOG.log(Level.WARNING, "the node's MBean stays registered until the process ends", e);
        }
        lifecycle.get().stop();
    }
}
