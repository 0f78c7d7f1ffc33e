package azukari.testing;

import azukari.testing.OsProcess.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A real PostgreSQL with its defaults (fsync on), as its own process on a port of its own. It can be stopped and started again, with the
 * same data on the same port.
 */
public final class Postgres implements AutoCloseable {
    private static final String USER = "azukari";
    private static final String PASSWORD = "secret";
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);

    /** How to stop: with a checkpoint, or at once, which leaves a recovery to the next start. */
    public enum Stop {
        FAST(Signal.INT),
        IMMEDIATE(Signal.QUIT);

        private final Signal signal;

        Stop(Signal signal) {
            this.signal = signal;
        }
    }

    /** What a client needs to connect to one database. */
    public record Database(String url, String user, String password) {
        public Connection connect() throws SQLException {
            return DriverManager.getConnection(url, user, password);
        }
    }

    private final Unprivileged unprivileged;
    private final Path binaries = PostgresBinaries.folder();
    private final Path folder;
    private final int port = Ports.free();
    private final List<String> settings;
    private final OsProcess process;
    private final AtomicInteger databases = new AtomicInteger();

    private Postgres(Unprivileged unprivileged, List<String> settings) throws IOException {
        this.unprivileged = unprivileged;
        this.settings = settings;
        folder = Files.createTempDirectory(PostgresBinaries.temporaryFolder(), "azukari-postgres-data");
        process = new OsProcess(
                "PostgreSQL on port " + port,
                Path.of("target", "it", "postgres", port + ".log"),
                running -> endWithTheJvm(running));
    }

    /**
     * A new, empty, running PostgreSQL.
     *
     * @param settings beside its defaults, each {@code name=value}
     */
    public static Postgres create(String... settings) {
        return create(Unprivileged.here(), settings);
    }

    static Postgres create(Unprivileged unprivileged, String... settings) {
        try {
            Postgres postgres = new Postgres(unprivileged, List.of(settings));
            postgres.initialise();
            postgres.start();
            return postgres;
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL could not be prepared", e);
        }
    }

    /** The one instance that all tests of this JVM share which do not stop it; it ends with the JVM. */
    public static Postgres shared() {
        return Shared.INSTANCE;
    }

    public String url() {
        return url("postgres");
    }

    public String user() {
        return USER;
    }

    public String password() {
        return PASSWORD;
    }

    public int port() {
        return port;
    }

    /** A new, empty database with a name of its own. */
    public Database createDatabase() {
        return create("template1");
    }

    /** A copy of a database that nobody is connected to, with a name of its own. */
    public Database copyOf(Database template) {
        return create(template.url().replaceFirst(".*/", ""));
    }

    private Database create(String template) {
        String name = "test_" + databases.incrementAndGet();
        execute("create database " + name + " template " + template);
        return new Database(url(name), USER, PASSWORD);
    }

    /** A tablespace in an empty folder; everything else stays where it is. */
    public Tablespace createTablespace(Path in) {
        return new Tablespace(in);
    }

    /** A place for one database's tables. */
    public final class Tablespace implements AutoCloseable {
        private final String name = "space_" + databases.incrementAndGet();

        private Tablespace(Path in) {
            unprivileged.own(in);
            execute("create tablespace " + name + " location '" + in.toAbsolutePath() + "'");
        }

        public Database createDatabase() {
            execute("create database " + name + " tablespace " + name);
            return new Database(url(name), USER, PASSWORD);
        }

        /** Deletes the database and what is in the folder. */
        @Override
        public void close() {
            execute("drop database if exists " + name + " with (force)");
            execute("drop tablespace " + name);
        }
    }

    private void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(url(), USER, PASSWORD);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql + ". " + process.tail(), e);
        }
    }

    /** Starts it, for the first time or again, and waits until it answers. */
    public void start() {
        List<String> command =
                new ArrayList<>(List.of(program("postgres"), "-D", data().toString(), "-p", Integer.toString(port)));
        Stream.concat(Stream.of("listen_addresses=127.0.0.1", "unix_socket_directories="), settings.stream())
                .forEach(setting -> command.addAll(List.of("-c", setting)));
        process.start(unprivileged.command(command), Map.of());
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        SQLException lastAnswer;
        do {
            try (Connection connection = DriverManager.getConnection(url(), USER, PASSWORD)) {
                connection.isValid(1);
                return;
            } catch (SQLException notYet) {
                lastAnswer = notYet;
            }
            if (process.endedWithin(POLL)) {
                throw new IllegalStateException(
                        "PostgreSQL ended with status " + process.exitCode() + ". " + process.tail(), lastAnswer);
            }
        } while (System.nanoTime() < deadline);
        throw new IllegalStateException(
                "PostgreSQL did not answer in " + START_TIMEOUT + ". " + process.tail(), lastAnswer);
    }

    /** Stops it and waits until it is gone; all its connections break. */
    public void stop(Stop how) {
        process.endBy(how.signal, STOP_TIMEOUT);
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** The process that has started all its others. */
    public long pid() {
        return process.pid();
    }

    /** What it wrote to its log, from its preparation on. */
    public Path log() {
        return process.log();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            stop(Stop.FAST);
        }
        deleteData();
    }

    private void initialise() throws IOException {
        Path passwordFile = Files.writeString(folder.resolve("password"), PASSWORD);
        unprivileged.own(folder);
        OsProcess initdb = new OsProcess("initdb", process.log());
        initdb.start(
                unprivileged.command(List.of(
                        program("initdb"),
                        "--pgdata=" + data(),
                        "--username=" + USER,
                        "--pwfile=" + passwordFile,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--no-locale")),
                Map.of());
        if (!initdb.endedWithin(START_TIMEOUT)) {
            initdb.kill9();
            throw new IllegalStateException("initdb did not end in " + START_TIMEOUT + ". " + initdb.tail());
        }
        if (initdb.exitCode() != 0) {
            throw new IllegalStateException("initdb ended with status " + initdb.exitCode() + ". " + initdb.tail());
        }
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private Path data() {
        return folder.resolve("data");
    }

    private String program(String name) {
        return binaries.resolve("bin").resolve(name).toString();
    }

    /** Not by SIGKILL, which would leave its shared memory behind. */
    private void endWithTheJvm(OsProcess running) {
        running.endBy(Signal.QUIT, STOP_TIMEOUT);
        deleteData();
    }

    private void deleteData() {
        try {
            Trees.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("could not delete " + folder, e);
        }
    }

    private static final class Shared {
        static final Postgres INSTANCE = create();
    }
}
