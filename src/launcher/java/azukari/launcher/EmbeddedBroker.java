package azukari.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.activemq.artemis.core.config.FileDeploymentManager;
import org.apache.activemq.artemis.core.config.impl.FileConfiguration;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.ActiveMQServers;

/** The message broker in this JVM, configured by {@code broker.xml}, with its journal in the data folder. */
final class EmbeddedBroker {
    private static final String NETTY_ACCEPTOR =
            "org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory";

    private final ActiveMQServer server;

    private EmbeddedBroker(ActiveMQServer server) {
        this.server = server;
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
        try {
            FileConfiguration configuration = new FileConfiguration();
            FileDeploymentManager files =
                    new FileDeploymentManager(config.toUri().toString());
            files.addDeployable(configuration);
            files.readConfiguration();
            configuration.setBrokerInstance(journal.toFile());
            configuration.setBindingsDirectory(journal.resolve("bindings").toString());
            configuration.setJournalDirectory(journal.resolve("journal").toString());
            configuration.setLargeMessagesDirectory(journal.resolve("large").toString());
            configuration.setPagingDirectory(journal.resolve("paging").toString());
            if (port.isPresent()) {
                Map<String, Object> parameters = Map.of(
                        TransportConstants.HOST_PROP_NAME,
                        "127.0.0.1",
                        TransportConstants.PORT_PROP_NAME,
                        port.getAsInt());
                configuration.addAcceptorConfiguration(new org.apache.activemq.artemis.api.core.TransportConfiguration(
                        NETTY_ACCEPTOR, parameters, "tcp"));
            }
            ActiveMQServer server = ActiveMQServers.newActiveMQServer(configuration);
            server.start();
            if (!server.waitForActivation(60, java.util.concurrent.TimeUnit.SECONDS)) {
                throw new StartException("the embedded broker did not start within 60 s; its journal is " + journal);
            }
            return new EmbeddedBroker(server);
        } catch (StartException e) {
            throw e;
        } catch (Exception e) {
            throw new StartException("the embedded broker did not start (" + e + "); its journal is " + journal, e);
        }
    }

    void stop() throws Exception {
        server.stop();
    }
}
