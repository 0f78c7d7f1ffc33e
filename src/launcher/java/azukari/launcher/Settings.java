package azukari.launcher;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of the environment that concerns the way to the server, the database and the broker.
 *
 * <p>The rest, and names that are misspelt, are checked within the WAR, which runs on servers without this launcher too.
 *
 * @param host the address that HTTP is bound to
 * @param port the port that HTTP is bound to
 * @param dataDir where database, journal and the node's identity are kept
 * @param node this node's stable name
 * @param database where the jobs are
 * @param broker where the messages are
 * @param sessions how many messages each lane handles at a time
 */
record Settings(
        String host,
        int port,
        Path dataDir,
        String node,
        Database database,
        Broker broker,
        Map<Lane, Integer> sessions) {

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
     * @param external its address; none: the embedded one
     * @param port where the embedded one listens on the loopback address; none: in this JVM only
     */
    record Broker(Optional<Address> external, String user, String password, OptionalInt port) {}

    /** A host and a port. */
    record Address(String host, int port) {}

    /**
     * Reads and checks the environment.
     *
     * @throws StartException naming every value that does not parse
     */
    static Settings read(Map<String, String> environment) throws StartException {
        Reader reader = new Reader(environment, new ArrayList<>());
        String host = reader.host("AZUKARI_HTTP_HOST", "127.0.0.1");
        int port = reader.number("AZUKARI_HTTP_PORT", 1, 65_535).orElse(8080);
        Path dataDir = reader.folder("AZUKARI_DATA_DIR", "data");
        String node = reader.text("AZUKARI_NODE").orElseGet(() -> hostName() + ":" + port);
        Database database = reader.database(dataDir);
        Broker broker = reader.broker();
        Map<Lane, Integer> sessions = new EnumMap<>(Lane.class);
        for (Lane lane : Lane.values()) {
            sessions.put(lane, reader.number(lane.setting(), 1, MOST_SESSIONS).orElse(lane.sessions()));
        }
        if (!reader.problems().isEmpty()) {
            throw new StartException(String.join("; ", reader.problems()));
        }
        return new Settings(host, port, dataDir, node, database, broker, sessions);
    }

    /** The address of the API, as this machine reaches it. */
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

    /** Looks values up and notes what is wrong with them; a blank value counts as none. */
    private record Reader(Map<String, String> environment, List<String> problems) {

        Optional<String> text(String name) {
            return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
        }

        OptionalInt number(String name, int least, int most) {
            Optional<String> value = text(name);
            if (value.isEmpty()) {
                return OptionalInt.empty();
            }
            try {
                int number = Integer.parseInt(value.get());
                if (number >= least && number <= most) {
                    return OptionalInt.of(number);
                }
            } catch (NumberFormatException e) {
                // Said below, as for a number out of range.
            }
            problems.add(name + "='" + value.get() + "' must be a whole number from " + least + " to " + most);
            return OptionalInt.empty();
        }

        String host(String name, String byDefault) {
            String value = text(name).orElse(byDefault);
            try {
                InetAddress unused = InetAddress.getByName(value);
            } catch (UnknownHostException e) {
                problems.add(name + "='" + value + "' is no address or host name that this machine knows");
            }
            return value;
        }

        Path folder(String name, String byDefault) {
            String value = text(name).orElse(byDefault);
            try {
                Path folder = Path.of(value).toAbsolutePath().normalize();
                if (folder.toString().contains(";")) {
                    problems.add(name + "='" + value + "' must not contain a semicolon");
                }
                return folder;
            } catch (InvalidPathException e) {
                problems.add(name + "='" + value + "' is no path: " + e.getReason());
                return Path.of(byDefault).toAbsolutePath();
            }
        }

        Database database(Path dataDir) {
            String embedded = "jdbc:h2:file:" + dataDir.resolve("db").resolve("azukari")
                    + ";WRITE_DELAY=0;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=10000"
                    + ";QUERY_CACHE_SIZE=100";
            String url = text("AZUKARI_DB_URL").orElse(embedded);
            if (!url.startsWith("jdbc:h2:") && !url.startsWith("jdbc:postgresql:")) {
                problems.add("AZUKARI_DB_URL must begin with jdbc:postgresql: or jdbc:h2:");
            }
            String byDefault = url.startsWith("jdbc:h2:") ? "sa" : System.getProperty("user.name", "");
            String user =
                    text("AZUKARI_DB_USER").orElseGet(() -> inUrl(url, "user").orElse(byDefault));
            String password = environment.get("AZUKARI_DB_PASSWORD");
            return new Database(
                    url,
                    user,
                    password != null ? password : inUrl(url, "password").orElse(""));
        }

        /** The driver would prefer what is in the URL too, but a pool always names user and password. */
        private static Optional<String> inUrl(String url, String parameter) {
            Matcher matcher = Pattern.compile("[?&;]" + parameter + "=([^&;]*)", Pattern.CASE_INSENSITIVE)
                    .matcher(url);
            return matcher.find()
                    ? Optional.of(URLDecoder.decode(matcher.group(1), StandardCharsets.UTF_8))
                    : Optional.empty();
        }

        Broker broker() {
            Optional<Address> external = text("AZUKARI_BROKER_URL").flatMap(this::address);
            OptionalInt port = number("AZUKARI_BROKER_PORT", 1, 65_535);
            if (external.isPresent() && port.isPresent()) {
                problems.add("AZUKARI_BROKER_PORT is for the embedded broker; with AZUKARI_BROKER_URL there is none:"
                        + " unset one of the two");
            }
            return new Broker(
                    external,
                    text("AZUKARI_BROKER_USER").orElse(""),
                    environment.getOrDefault("AZUKARI_BROKER_PASSWORD", ""),
                    port);
        }

        private Optional<Address> address(String url) {
            try {
                URI uri = new URI(url);
                boolean plain = "tcp".equals(uri.getScheme())
                        && uri.getHost() != null
                        && uri.getPort() > 0
                        && uri.getPort() <= 65_535
                        && uri.getRawPath().isEmpty()
                        && uri.getRawQuery() == null;
                if (plain) {
                    return Optional.of(new Address(uri.getHost(), uri.getPort()));
                }
            } catch (URISyntaxException e) {
                // Said below, as for any other address.
            }
            problems.add("AZUKARI_BROKER_URL='" + url + "' must be written tcp://host:port");
            return Optional.empty();
        }
    }
}
