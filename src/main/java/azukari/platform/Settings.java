package azukari.platform;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a deployer can set, read once at the start and checked as a whole.
 *
 * <p>Every setting is an environment variable {@code AZUKARI_…} and a MicroProfile Config key ({@code
 * AZUKARI_HTTP_PORT} = {@code azukari.http.port}). Settings that concern only how the server, the database and the
 * broker are reached are read by the launcher or the server's own configuration; their names are known here so that a
 * misspelt name is refused.
 *
 * @param dataDir where this node keeps its identity (and, embedded, database and journal)
 * @param catalogDir a folder of event types that are added to the bundled ones; empty for none
 * @param node this node's stable name, unique in the cluster
 * @param maxBody the longest request body, in bytes
 * @param drain how long a stop waits for running jobs before it interrupts them
 * @param rescue how long a node's beat must stand still before others take its jobs
 * @param retention how long ended jobs are kept
 * @param hosts the names and addresses, without ports, by which clients may call, besides those of the loopback
 *     interface and the address that a request arrived at; in lower case
 */
public record Settings(
        Path dataDir,
        Optional<Path> catalogDir,
        String node,
        int maxBody,
        Duration drain,
        Duration rescue,
        Duration retention,
        Set<String> hosts) {

    private static final String PREFIX = "AZUKARI_";
    private static final Duration SHORTEST_RESCUE = Duration.ofSeconds(2);
    private static final Duration LONGEST_WINDOW = Duration.ofDays(1);
    /** A century: dates before the year 0 can't be compared with in every database. */
    private static final Duration LONGEST_RETENTION = Duration.ofDays(36_500);

    private static final Pattern SIZE = Pattern.compile("(\\d{1,10})\\s?(|KiB|MiB)");
    /** The longest text that an embedded H2 keeps in a column; anything larger belongs in a store of its own. */
    private static final int LARGEST_BODY = 1024 * 1024;

    private static final Pattern HOST = Pattern.compile(
            "[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?|\\[[0-9A-Fa-f:.]{2,45}]|[0-9A-Fa-f]*:[0-9A-Fa-f:.]{1,44}");
    private static final List<String> NAMES = names(
            "AZUKARI_HTTP_PORT",
            "AZUKARI_HTTP_HOST",
            "AZUKARI_HTTP_ALLOWED_HOSTS",
            "AZUKARI_DATA_DIR",
            "AZUKARI_CATALOG_DIR",
            "AZUKARI_DB_URL",
            "AZUKARI_DB_USER",
            "AZUKARI_DB_PASSWORD",
            "AZUKARI_BROKER_URL",
            "AZUKARI_BROKER_USER",
            "AZUKARI_BROKER_PASSWORD",
            "AZUKARI_BROKER_PORT",
            "AZUKARI_NODE",
            "AZUKARI_MAX_BODY",
            "AZUKARI_DRAIN",
            "AZUKARI_RESCUE",
            "AZUKARI_RETENTION",
            "AZUKARI_LOG");

    private static List<String> names(String... names) {
        return Stream.concat(Stream.of(names), Arrays.stream(Lane.values()).map(Lane::setting))
                .toList();
    }

    /**
     * Reads and checks all settings.
     *
     * @param environment the process's environment, for names that are misspelt
     * @param lookup from a MicroProfile Config key to its value
     * @throws IllegalArgumentException naming every setting that is unknown or does not parse
     */
    public static Settings read(Map<String, String> environment, Function<String, Optional<String>> lookup) {
        List<String> problems = new ArrayList<>();
        environment.keySet().stream()
                .filter(name -> name.startsWith(PREFIX))
                .filter(name -> !NAMES.contains(name))
                .sorted()
                .forEach(name -> problems.add(
                        name + " is not a setting of Azukari; the settings are " + String.join(", ", NAMES)));
        Reader reader = new Reader(environment, lookup, problems);
        Settings settings = new Settings(
                Path.of(reader.text("AZUKARI_DATA_DIR").orElse("./data")),
                reader.text("AZUKARI_CATALOG_DIR").map(Path::of),
                reader.text("AZUKARI_NODE").orElseGet(Settings::hostName),
                reader.size("AZUKARI_MAX_BODY", "1MiB"),
                reader.duration("AZUKARI_DRAIN", "30s", Duration.ZERO, LONGEST_WINDOW),
                reader.duration("AZUKARI_RESCUE", "10s", SHORTEST_RESCUE, LONGEST_WINDOW),
                reader.duration("AZUKARI_RETENTION", "30d", Duration.ofSeconds(1), LONGEST_RETENTION),
                reader.hosts("AZUKARI_HTTP_ALLOWED_HOSTS", "AZUKARI_HTTP_HOST"));
        reader.oneOf("AZUKARI_LOG", "info", "debug");
        if (settings.node().length() > 200) {
            problems.add("AZUKARI_NODE is longer than 200 characters");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return settings;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("this machine's host name can't be determined; set AZUKARI_NODE", e);
        }
    }

    private record Reader(
            Map<String, String> environment, Function<String, Optional<String>> lookup, List<String> problems) {

        Optional<String> text(String name) {
            String key = name.toLowerCase(Locale.ROOT).replace('_', '.');
            // A server may map keys to variables by the rules of the machine's language, in which an i is no I.
            return lookup.apply(key)
                    .or(() -> Optional.ofNullable(environment.get(name)))
                    .filter(value -> !value.isBlank());
        }

        Duration duration(String name, String byDefault, Duration least, Duration most) {
            try {
                Duration value = Durations.parse(text(name).orElse(byDefault));
                if (value.compareTo(least) < 0) {
                    problems.add(name + " must be at least " + least.toMillis() + "ms");
                } else if (value.compareTo(most) > 0) {
                    problems.add(name + " must be at most " + most.toDays() + "d");
                }
                return value;
            } catch (IllegalArgumentException e) {
                problems.add(name + ": " + e.getMessage());
                return Durations.parse(byDefault);
            }
        }

        Set<String> hosts(String... names) {
            Set<String> hosts = new TreeSet<>();
            for (String name : names) {
                text(name).ifPresent(value -> {
                    for (String host : value.split(",", -1)) {
                        if (!HOST.matcher(host.strip()).matches()) {
                            problems.add(name + "='" + value
                                    + "' must be host names or addresses without ports, separated by commas; '"
                                    + host.strip() + "' is neither");
                        }
                        hosts.add(host.strip().toLowerCase(Locale.ROOT));
                    }
                });
            }
            return hosts;
        }

        void oneOf(String name, String one, String other) {
            text(name)
                    .filter(value -> !value.equals(one) && !value.equals(other))
                    .ifPresent(value -> problems.add(name + "='" + value + "' must be " + one + " or " + other));
        }

        int size(String name, String byDefault) {
            String value = text(name).orElse(byDefault);
            Matcher matcher = SIZE.matcher(value);
            if (!matcher.matches()) {
                problems.add(name + ": '" + value + "' is not a valid size: write bytes, KiB or MiB, such as 1MiB");
                return LARGEST_BODY;
            }
            long unit =
                    switch (matcher.group(2)) {
                        case "KiB" -> 1024L;
                        case "MiB" -> 1024L * 1024;
                        default -> 1L;
                    };
            long bytes = Long.parseLong(matcher.group(1)) * unit;
            if (bytes < 1 || bytes > LARGEST_BODY) {
                problems.add(name + " must be between 1 and " + LARGEST_BODY + " bytes");
                return LARGEST_BODY;
            }
            return (int) bytes;
        }
    }
}
