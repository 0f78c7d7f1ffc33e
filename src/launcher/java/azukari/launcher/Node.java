package azukari.launcher;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** What runs in this process, and the order in which it starts and stops. */
final class Node {
    private static final String DRAIN_OPERATION = "drain";

    /** How long the last answers may take: longer than a request waits for a database that is away. */
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(15);

    private final Settings settings;
    private final Installation installation;
    private Optional<EmbeddedBroker> broker = Optional.empty();
    private Optional<Server> server = Optional.empty();

    Node(Settings settings, Installation installation) {
        this.settings = settings;
        this.installation = installation;
    }

    /** Starts the broker and, beside it, the server; then the application, which finds both. */
    void start(DataFolder data) throws StartException {
        start(data, installation.war().toFile());
    }

    /** Does the same with another WAR. */
    void start(DataFolder data, File war) throws StartException {
        Path root = data.emptyServerRoot();
        Optional<FutureTask<EmbeddedBroker>> starting =
                settings.broker().external().isPresent() ? Optional.empty() : Optional.of(startBroker(data));
        Server booted = Server.boot(settings, installation, root);
        setServer(booted);
        if (starting.isPresent()) {
            setBroker(started(starting.get()));
        }
        booted.deploy(war);
    }

    private FutureTask<EmbeddedBroker> startBroker(DataFolder data) {
        FutureTask<EmbeddedBroker> starting = new FutureTask<>(() -> EmbeddedBroker.start(
                installation.file("broker.xml"),
                data.journal(),
                settings.broker().port()));
        Thread thread = new Thread(starting, "azukari-broker-start");
        thread.setDaemon(true);
        thread.start();
        return starting;
    }

    private static EmbeddedBroker started(FutureTask<EmbeddedBroker> starting) throws StartException {
        try {
            return starting.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StartException reason) {
                throw reason;
            }
            throw new StartException("the embedded broker did not start (" + e.getCause() + ")", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("the start was interrupted", e);
        }
    }

    /**
     * Stops in reverse order: running work ends first, while the broker, the database and HTTP are all still available;
     * then what has been asked is answered.
     */
    synchronized void stop() {
        drain();
        HttpDoor.INSTANCE.close(LAST_ANSWERS);
        Logging.stopping();
        server.ifPresent(Node::stopServer);
        server = Optional.empty();
        broker.ifPresent(Node::stopBroker);
        broker = Optional.empty();
    }

    private synchronized void setBroker(EmbeddedBroker started) {
        broker = Optional.of(started);
    }

    private synchronized void setServer(Server started) {
        server = Optional.of(started);
    }

    private static void drain() {
        try {
            MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
            ObjectName node = new ObjectName("azukari:type=Node");
            if (beans.isRegistered(node)) {
                beans.invoke(node, DRAIN_OPERATION, new Object[0], new String[0]);
            }
        } catch (JMException | RuntimeException e) {
            Logging.warn("Running work was not drained; what is cut off is picked up at the next start", e);
        }
    }

    private static void stopServer(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            Logging.warn("Payara Micro did not stop cleanly; the stop continues", e);
        }
    }

    private static void stopBroker(EmbeddedBroker broker) {
        try {
            broker.stop();
        } catch (Exception e) {
            Logging.warn("The broker did not stop cleanly; its journal is recovered at the next start", e);
        }
    }
}
