package azukari.launcher;

import azukari.platform.Lane;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The environment, checked as a whole before anything is touched, and the part of it that concerns how the server, the
 * database and the broker are reached.
 *
 * <p>The application checks the rest again, because it also runs on servers without this launcher.
 *
 * @param host the address that HTTP is bound to
 * @param port the port that HTTP is bound to
 * @param dataDir where the database, the journal and the node's identity are kept
 * @param node this node's stable name
 * @param database where the jobs are
 * @param broker where the messages are
 * @param maxBody the longest body of a request, in bytes
 * @param sessions how many messages each lane handles at a time
 * @param debug whether the log shows stack traces at the start and the stop, and debug messages
 */
record Settings(
        String host,
        int port,
        Path dataDir,
        String node,
        Database database,
        Broker broker,
        long maxBody,
        Map<Lane, Integer> sessions,
        boolean debug) {

    private static final int MOST_SESSIONS = 10_000;

    /** How to reach the database. */
    record Database(String url, String user, String password) {
        boolean isPostgres() {
            return url.startsWith("jdbc:postgresql:");
        }
    }

    /**
     * How to reach the broker.
     *
     * @param external its address; empty: the embedded one is used
     * @param port the port on which the embedded one listens on the loopback address; empty: it is reachable in this
     *     JVM only
     */
    record Broker(Optional<Address> external, String user, String password, OptionalInt port) {}

    /** A host and a port. */
    record Address(String host, int port) {}

    /**
     * Reads and checks the environment.
     *
     * @throws StartException naming every setting that is unknown or does not parse
     */
    static Settings read(Map<String, String> environment) throws StartException {
        Values values = new Values(environment, new ArrayList<>(SettingNames.problems(environment.keySet())));
        String host = values.host("AZUKARI_HTTP_HOST", "127.0.0.1");
        int port = values.number("AZUKARI_HTTP_PORT", 1, 65_535).orElse(8080);
        Path dataDir = values.folder("AZUKARI_DATA_DIR", "data");
        Optional<String> node = values.node("AZUKARI_NODE");
        Database database = database(values, dataDir);
        Broker broker = broker(values);
        long maxBody = values.size("AZUKARI_MAX_BODY");
        Map<Lane, Integer> sessions = new EnumMap<>(Lane.class);
        for (Lane lane : Lane.values()) {
            sessions.put(lane, values.number(lane.setting(), 1, MOST_SESSIONS).orElse(lane.sessions()));
        }
        boolean debug = values.isOther("AZUKARI_LOG", "info", "debug");
        checkTheApplicationsOwn(values);
        if (!values.problems().isEmpty()) {
            throw new StartException(String.join("; ", values.problems()));
        }
        return new Settings(
                host,
                port,
                dataDir,
                node.orElseGet(() -> hostName() + ":" + port),
                database,
                broker,
                maxBody,
                sessions,
                debug);
    }

    /** The application itself reads these seconds later, when the data folder exists and the server is running. */
    private static void checkTheApplicationsOwn(Values values) {
        values.hosts("AZUKARI_HTTP_ALLOWED_HOSTS");
        values.existingFolder("AZUKARI_CATALOG_DIR");
        values.duration("AZUKARI_DRAIN", Duration.ZERO, Duration.ofDays(1));
        values.duration("AZUKARI_RESCUE", Duration.ofSeconds(2), Duration.ofDays(1));
        values.duration("AZUKARI_RETENTION", Duration.ofSeconds(1), Duration.ofDays(36_500));
    }

    /** The address of the API, as reached from this machine. */
    String api() {
        return "http://" + reachable() + ":" + port + "/api";
    }

    private String reachable() {
        return switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::", "[::]" -> "[::1]";
            default -> host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        };
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private static Database database(Values values, Path dataDir) {
        String embedded = "jdbc:h2:file:" + dataDir.resolve("db").resolve("azukari")
                + ";WRITE_DELAY=0;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=10000"
                + ";QUERY_CACHE_SIZE=100";
        String url = values.text("AZUKARI_DB_URL").orElse(embedded);
        if (!url.startsWith("jdbc:h2:") && !url.startsWith("jdbc:postgresql:")) {
            values.problems().add("AZUKARI_DB_URL must begin with jdbc:postgresql: or jdbc:h2:");
        }
        String byDefault = url.startsWith("jdbc:h2:") ? "sa" : System.getProperty("user.name", "");
        String user = values.text("AZUKARI_DB_USER")
                .orElseGet(() -> inUrl(url, "user").orElse(byDefault));
        String password = values.environment().get("AZUKARI_DB_PASSWORD");
        return new Database(
                url, user, password != null ? password : inUrl(url, "password").orElse(""));
    }

    /** The driver would prefer what is in the URL, too, but a pool always passes user and password. */
    private static Optional<String> inUrl(String url, String parameter) {
        Matcher matcher = Pattern.compile("[?&;]" + parameter + "=([^&;]*)", Pattern.CASE_INSENSITIVE)
                .matcher(url);
        return matcher.find()
                ? Optional.of(URLDecoder.decode(matcher.group(1), StandardCharsets.UTF_8))
                : Optional.empty();
    }

    private static Broker broker(Values values) {
        Optional<Address> external = values.address("AZUKARI_BROKER_URL");
        OptionalInt port = values.number("AZUKARI_BROKER_PORT", 1, 65_535);
        if (external.isPresent() && port.isPresent()) {
            values.problems()
                    .add("AZUKARI_BROKER_PORT is for the embedded broker; with AZUKARI_BROKER_URL there is none:"
                            + " unset one of the two");
        }
        return new Broker(
                external,
                values.text("AZUKARI_BROKER_USER").orElse(""),
                values.environment().getOrDefault("AZUKARI_BROKER_PASSWORD", ""),
                port);
    }
}
