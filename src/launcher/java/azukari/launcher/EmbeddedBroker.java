package azukari.launcher;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.FileDeploymentManager;
import org.apache.activemq.artemis.core.config.impl.FileConfiguration;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.ActiveMQServers;

/**
 * The message broker in this JVM, configured by {@code broker.xml}, with its journal in the data folder. After an error of
 * its disk Artemis shuts it down; it is started again until that works.
 */
final class EmbeddedBroker {
    private static final Logger LOG = System.getLogger(EmbeddedBroker.class.getName());
    private static final String NETTY_ACCEPTOR =
            "org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory";
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private final Path config;
    private final Path journal;
    private final OptionalInt port;
    private final Thread guard = new Thread(this::guard, "azukari-broker-guard");
    private volatile boolean stopped;
    private ActiveMQServer server;

    private EmbeddedBroker(Path config, Path journal, OptionalInt port) {
        this.config = config;
        this.journal = journal;
        this.port = port;
    }

    /**
     * Starts the broker.
     *
     * @param config the file {@code broker.xml}
     * @param journal where messages are kept
     * @param port the port on which it also listens on 127.0.0.1; empty: it is reachable in this JVM only
     * @throws StartException if it did not start
     */
    static EmbeddedBroker start(Path config, Path journal, OptionalInt port) throws StartException {
        if (!Files.isReadable(config)) {
            throw new StartException("the broker's configuration " + config + " is missing; build the server again");
        }
        EmbeddedBroker broker = new EmbeddedBroker(config, journal, port);
        try {
            broker.startServer();
        } catch (StartException e) {
            throw e;
        } catch (Exception e) {
            throw new StartException("the embedded broker did not start (" + e + "); its journal is " + journal, e);
        }
        broker.guard.setDaemon(true);
        broker.guard.start();
        return broker;
    }

    private synchronized void startServer() throws Exception {
        server = ActiveMQServers.newActiveMQServer(configuration());
        server.start();
        if (!server.waitForActivation(LONGEST_START.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new StartException("the embedded broker did not start within 60 s; its journal is " + journal);
        }
    }

    private FileConfiguration configuration() throws Exception {
        FileConfiguration configuration = new FileConfiguration();
        FileDeploymentManager files = new FileDeploymentManager(config.toUri().toString());
        files.addDeployable(configuration);
        files.readConfiguration();
        configuration.setBrokerInstance(journal.toFile());
        configuration.setBindingsDirectory(journal.resolve("bindings").toString());
        configuration.setJournalDirectory(journal.resolve("journal").toString());
        configuration.setLargeMessagesDirectory(journal.resolve("large").toString());
        configuration.setPagingDirectory(journal.resolve("paging").toString());
        configuration.registerBrokerPlugin(new ReadableMessages());
        if (port.isPresent()) {
            Map<String, Object> parameters = Map.of(
                    TransportConstants.HOST_PROP_NAME, "127.0.0.1", TransportConstants.PORT_PROP_NAME, port.getAsInt());
            configuration.addAcceptorConfiguration(new TransportConfiguration(NETTY_ACCEPTOR, parameters, "tcp"));
        }
        return configuration;
    }

    /** Starts the broker again whenever it has stopped by itself. */
    private void guard() {
        boolean failing = false;
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                synchronized (this) {
                    if (stopped) { // What is started from here on would never be stopped.
                        return;
                    }
                    if (server.getState() != ActiveMQServer.SERVER_STATE.STOPPED) {
                        continue;
                    }
                    if (!failing) {
                        LOG.log(Level.WARNING, "the embedded broker has shut itself down; it is started again");
                    }
                    failing = !isStartedAgain(failing);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isStartedAgain(boolean failing) {
        try {
            startServer();
            LOG.log(Level.INFO, "the embedded broker is up again");
            return true;
        } catch (Exception e) {
            if (stopped) {
                LOG.log(Level.DEBUG, "the broker is not started again, because it is being stopped", e);
            } else if (!failing) {
                LOG.log(
                        Level.WARNING,
                        "the embedded broker does not start ({0}); it is tried every second",
                        e.toString());
            }
            try {
                server.stop();
            } catch (Exception also) {
                LOG.log(Level.DEBUG, "what was started of the broker could not be stopped", also);
            }
            return false;
        }
    }

    void stop() throws Exception {
        stopped = true;
        guard.interrupt(); // It may be waiting for the broker to come up again.
        synchronized (this) {
            server.stop();
        }
    }
}
