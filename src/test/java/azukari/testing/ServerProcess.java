package azukari.testing;

import azukari.testing.OsProcess.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.byteman.agent.Main;

/**
 * The built product as a separate process, on a port and a data folder that it keeps across kills and restarts. Log and data are in
 * {@code target/it/<name>}.
 */
public final class ServerProcess implements AutoCloseable {
    /**
     * A server that lives for seconds never earns what the second compiler, the second collector and the verifier cost:
     * a third of the CPU that it takes to be ready. Those of {@link Builder#warmingUp} have them all.
     */
    static final List<String> SHORT_LIVED = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-BytecodeVerificationRemote");

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);

    private final OsProcess process;
    private final int port;
    private final Path dataFolder;
    private final List<String> command;
    private final Map<String, String> environment;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    private ServerProcess(Builder builder) {
        Path folder = ItFolder.of(builder.name);
        port = builder.port;
        dataFolder = folder.resolve("data");
        process = new OsProcess("server " + builder.name, folder.resolve("server.log"));
        environment = new HashMap<>();
        environment.put("AZUKARI_HTTP_PORT", Integer.toString(port));
        environment.put("AZUKARI_DATA_DIR", dataFolder.toString());
        environment.put("AZUKARI_NODE", builder.name);
        environment.putAll(builder.environment);
        command = OsProcess.java(builder.arguments(folder));
    }

    /**
     * What is to be started.
     *
     * @param name names the folder of the log and the data, and the node
     */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** From the next start on, the rules that {@link Builder#bytemanRules} set are not in force any more. */
    public ServerProcess withoutRules() {
        command.removeIf(argument -> argument.startsWith("-javaagent:"));
        return this;
    }

    /** Starts it, for the first time or again, on the same data and port; {@link #awaitReady} is up to the caller. */
    public ServerProcess start() {
        process.start(command, environment);
        return this;
    }

    /** Waits until it says that it is ready; fails at once when it has ended instead. */
    public ServerProcess awaitReady(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!isReady()) {
            if (process.endedWithin(POLL)) {
                throw new AssertionError("the server ended with status " + process.exitCode() + " before it was ready. "
                        + process.tail());
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the server was not ready after " + timeout + ". " + process.tail());
            }
        }
        return this;
    }

    public boolean isReady() {
        HttpRequest request = HttpRequest.newBuilder(uri().resolve("/api/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the server", e);
        }
    }

    /** Ends it as a crash does, without a warning, and waits until it is gone. */
    public void kill9() {
        process.kill9();
    }

    /** Asks it to stop, waits until it has, and returns the exit status. */
    public int terminate() {
        return process.endBy(Signal.TERM, STOP_TIMEOUT);
    }

    /** Stops its clockwork, as a long pause does, until {@link #thaw}; returns when no thread of it runs any more. */
    public void freeze() {
        process.send(Signal.STOP);
        process.awaitStopped();
    }

    public void thaw() {
        process.send(Signal.CONT);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Lets it run for this time; true when it ended meanwhile. */
    public boolean endedWithin(Duration time) {
        return process.endedWithin(time);
    }

    /** The status that it ended with. */
    public int exitCode() {
        return process.exitCode();
    }

    public long pid() {
        return process.pid();
    }

    public int port() {
        return port;
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Where the embedded broker listens, with {@link Builder#openBroker}. */
    public String brokerUrl() {
        return "tcp://127.0.0.1:" + environment.get("AZUKARI_BROKER_PORT");
    }

    public Path dataFolder() {
        return dataFolder;
    }

    /** All that it printed, over all its starts. */
    public String log() {
        try {
            return Files.readString(process.log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The end of what it printed, for messages. */
    public String tail() {
        return process.tail();
    }

    /** Ends it without ado. */
    @Override
    public void close() {
        if (isAlive()) {
            kill9();
        }
    }

    /** What is set before the first start. */
    public static final class Builder {
        private final String name;
        private final Map<String, String> environment = new HashMap<>();
        private final List<String> jvmArguments =
                new ArrayList<>(List.of("-Xms256m", "-Xmx768m", "-XX:MetaspaceSize=192m"));

        private ServerFolder server = ServerFolder.built();
        private int port = Ports.free();
        private String rules = "";

        private Builder(String name) {
            this.name = name;
            jvmArguments.addAll(SHORT_LIVED);
        }

        /** One of the product's {@code AZUKARI_…} variables; they are not inherited from the tests' own environment. */
        public Builder env(String key, String value) {
            environment.put(key, value);
            return this;
        }

        public Builder catalog(Path folder) {
            return env("AZUKARI_CATALOG_DIR", folder.toAbsolutePath().toString());
        }

        public Builder database(Postgres.Database database) {
            return env("AZUKARI_DB_URL", database.url())
                    .env("AZUKARI_DB_USER", database.user())
                    .env("AZUKARI_DB_PASSWORD", database.password());
        }

        public Builder broker(BrokerProcess broker) {
            return env("AZUKARI_BROKER_URL", broker.url());
        }

        /** Has the embedded broker listen on a port of its own, so that a test can look into it. */
        public Builder openBroker() {
            return env("AZUKARI_BROKER_PORT", Integer.toString(Ports.free()));
        }

        public Builder jvmArgument(String argument) {
            jvmArguments.add(argument);
            return this;
        }

        /** The JVM as it is in use, with both compilers, and with this much heap. */
        public Builder warmingUp(String heap) {
            jvmArguments.clear();
            return jvmArgument("-Xms" + heap).jvmArgument("-Xmx" + heap);
        }

        /** A changed copy of the product instead of what was built. */
        public Builder server(ServerFolder folder) {
            server = folder;
            return this;
        }

        public Builder port(int fixed) {
            port = fixed;
            return this;
        }

        /** Byteman rules that are in force from the first class on, to make it fail at a chosen point. */
        public Builder bytemanRules(String text) {
            rules = text;
            return this;
        }

        /** The process, not started yet, with empty folders. */
        public ServerProcess build() {
            Path folder = ItFolder.of(name);
            try {
                Trees.delete(folder.resolve("data"));
                Files.deleteIfExists(folder.resolve("server.log"));
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new UncheckedIOException("could not empty " + folder, e);
            }
            return new ServerProcess(this);
        }

        private List<String> arguments(Path folder) {
            List<String> arguments = new ArrayList<>(jvmArguments);
            arguments.addAll(server.archived());
            if (server.war() != null) {
                arguments.add("-Dazukari.launcher.war=" + server.war().toAbsolutePath());
            }
            if (!rules.isEmpty()) {
                arguments.add(bytemanAgent(folder));
            }
            arguments.add("-jar");
            arguments.add(server.jar().toString());
            return arguments;
        }

        private String bytemanAgent(Path folder) {
            Path jar = CodeSources.of(Main.class);
            try {
                Path script = Files.writeString(folder.resolve("rules.btm"), rules);
                return "-javaagent:" + jar + "=script:" + script + ",boot:" + jar;
            } catch (IOException e) {
                throw new UncheckedIOException("could not write the rules", e);
            }
        }
    }
}
