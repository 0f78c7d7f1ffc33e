package azukari.launcher;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * The same broker on its own, as a separate process: for several nodes on one machine, for trying things out, and for
 * tests.
 *
 * <p>{@code java -cp azukari.jar azukari.launcher.BrokerMain --port 61616 --data DIR}; it listens on 127.0.0.1 only and
 * requires no password. In production, use a broker with security and, if need be, a cluster.
 */
public final class BrokerMain {
    private static final String USAGE = "usage: java -cp azukari.jar azukari.launcher.BrokerMain --port N --data DIR";

    private BrokerMain() {}

    /** Starts the broker and returns; it runs until SIGTERM or SIGINT. */
    public static void main(String... args) {
        try {
            if (args.length != 4 || !"--port".equals(args[0]) || !"--data".equals(args[2])) {
                throw new StartException(USAGE);
            }
            Installation installation = Installation.find();
            Logging.configure(installation.file("logging.properties"), false);
            Logging.running();
            DataFolder data = DataFolder.lock(Path.of(args[3]).toAbsolutePath().normalize());
            int port = Ports.parse("--port", args[1]);
            Ports.checkFree("127.0.0.1", port, "--port");
            EmbeddedBroker broker =
                    EmbeddedBroker.start(installation.file("broker.xml"), data.journal(), OptionalInt.of(port));
            Signals.onStop(() -> stop(broker));
            System.out.println("The broker is ready: tcp://127.0.0.1:" + port);
        } catch (StartException e) {
            Logging.lastWord(e);
            Runtime.getRuntime().halt(1);
        }
    }

    private static void stop(EmbeddedBroker broker) {
        try {
            broker.stop();
        } catch (Exception e) {
            Logging.warn("the broker did not stop cleanly; its journal is recovered at the next start", e);
        }
    }
}
