package azukari.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An Artemis broker outside of the server, as its own process, on a port and a journal that it keeps over kills and restarts. */
public final class BrokerProcess implements AutoCloseable {
    private static final String MAIN = "azukari.launcher.BrokerMain";
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int CONNECT_MILLIS = 500;

    private final int port = Ports.free();
    private final OsProcess process;
    private final List<String> command;

    private BrokerProcess(String name, ServerFolder server, Path folder, List<String> jvmArguments) {
        process = new OsProcess("broker " + name, folder.resolve("broker.log"));
        List<String> arguments = new ArrayList<>(jvmArguments);
        arguments.addAll(server.archived());
        arguments.addAll(List.of(
                "-Xmx256m",
                "-cp",
                server.jar().toString(),
                MAIN,
                "--port",
                Integer.toString(port),
                "--data",
                folder.resolve("data").toString()));
        command = OsProcess.java(arguments);
    }

    /** A broker with an empty journal, not started yet. */
    public static BrokerProcess named(String name) {
        return new BrokerProcess(name, ServerFolder.built(), ItFolder.fresh(name), ServerProcess.SHORT_LIVED);
    }

    /** The same with a JVM as it is in use. */
    public static BrokerProcess warmingUp(String name) {
        return new BrokerProcess(name, ServerFolder.built(), ItFolder.fresh(name), List.of());
    }

    /** The same with the address settings of a broker that was only just installed. */
    public static BrokerProcess stock(String name) {
        Path folder = ItFolder.fresh(name);
        return new BrokerProcess(name, ServerFolder.withBroker(name, stock()), folder, ServerProcess.SHORT_LIVED);
    }

    private static String stock() {
        try (InputStream xml = BrokerProcess.class.getResourceAsStream("/stock-broker.xml")) {
            return new String(xml.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("could not read the stock broker's configuration", e);
        }
    }

    public String url() {
        return "tcp://127.0.0.1:" + port;
    }

    /** Starts it, for the first time or again, and waits until it takes connections. */
    public BrokerProcess start(Duration timeout) {
        process.start(command, Map.of());
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!takesConnections()) {
            if (process.endedWithin(POLL)) {
                throw new AssertionError("the broker ended with status " + process.exitCode() + ". " + process.tail());
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the broker took no connection in " + timeout + ". " + process.tail());
            }
        }
        return this;
    }

    public void kill9() {
        process.kill9();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        if (isAlive()) {
            kill9();
        }
    }

    private boolean takesConnections() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
