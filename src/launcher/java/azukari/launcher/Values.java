package azukari.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks up values in the environment and notes what is wrong with them; a blank value counts as unset. */
record Values(Map<String, String> environment, List<String> problems) {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,10})\\s?(|KiB|MiB)");
    private static final Pattern HOST = Pattern.compile(
            "[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?|\\[[0-9A-Fa-f:.]{2,45}]|[0-9A-Fa-f]*:[0-9A-Fa-f:.]{1,44}");
    private static final Pattern UNUSABLE = Pattern.compile("[;?\\p{Cntrl}]|\\$\\{");
    private static final long LARGEST_BODY = 1024L * 1024;
    private static final int LONGEST_NODE = 200;

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
            // Reported below, as for a number out of range.
        }
        problems.add(name + "='" + value.get() + "' must be a whole number from " + least + " to " + most);
        return OptionalInt.empty();
    }

    /** An address of this machine, or a host name for one. */
    String host(String name, String byDefault) {
        String value = text(name).orElse(byDefault);
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getByName(value), 0));
        } catch (UnknownHostException e) {
            problems.add(name + "='" + value + "' is not an address or host name known to this machine");
        } catch (IOException e) {
            problems.add(name + "='" + value + "' is not an address of this machine");
        }
        return value;
    }

    /** A comma-separated list of host names or addresses, without ports. */
    void hosts(String name) {
        text(name).ifPresent(value -> {
            for (String host : value.split(",", -1)) {
                if (!HOST.matcher(host.strip()).matches()) {
                    problems.add(name + "='" + value + "' must be host names or addresses without ports, separated by"
                            + " commas; '" + host.strip() + "' is neither");
                    return;
                }
            }
        });
    }

    /** A folder that is created if it does not exist yet. */
    Path folder(String name, String byDefault) {
        String value = text(name).orElse(byDefault);
        Path folder = path(name, value).orElseGet(() -> Path.of(byDefault).toAbsolutePath());
        if (UNUSABLE.matcher(folder.toString()).find()) {
            problems.add(name + "='" + value + "' must not contain a semicolon, a question mark, '${' or a control"
                    + " character: the database or the server could not be told the folder's name");
        }
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            problems.add(name + "='" + value + "' is not a folder");
        }
        return folder;
    }

    /** A folder that must exist. */
    void existingFolder(String name) {
        text(name).ifPresent(value -> path(name, value)
                .filter(folder -> !Files.isDirectory(folder) || !Files.isReadable(folder))
                .ifPresent(folder -> problems.add(name + "='" + value + "' is not a folder that can be read")));
    }

    private Optional<Path> path(String name, String value) {
        try {
            return Optional.of(Path.of(value).toAbsolutePath().normalize());
        } catch (InvalidPathException e) {
            problems.add(name + "='" + value + "' is not a valid path: " + e.getReason());
            return Optional.empty();
        }
    }

    Optional<String> node(String name) {
        Optional<String> node = text(name);
        if (node.filter(value -> value.length() > LONGEST_NODE).isPresent()) {
            problems.add(name + " is longer than " + LONGEST_NODE + " characters");
        }
        return node;
    }

    void duration(String name, Duration least, Duration most) {
        text(name).ifPresent(value -> {
            Matcher matcher = DURATION.matcher(value);
            if (!matcher.matches()) {
                problems.add(name + ": '" + value
                        + "' is not a valid duration: write a whole number and one of ms, s, m, h, d, such as 30s");
                return;
            }
            Duration duration = duration(Long.parseLong(matcher.group(1)), matcher.group(2));
            if (duration.compareTo(least) < 0) {
                problems.add(name + " must be at least " + least.toMillis() + "ms");
            } else if (duration.compareTo(most) > 0) {
                problems.add(name + " must be at most " + most.toDays() + "d");
            }
        });
    }

    private static Duration duration(long count, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    /** A length of at most {@link #LARGEST_BODY}, which it is by default, in bytes. */
    long size(String name) {
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            return LARGEST_BODY;
        }
        Matcher matcher = SIZE.matcher(value.get());
        if (!matcher.matches()) {
            problems.add(name + ": '" + value.get() + "' is not a valid size: write bytes, KiB or MiB, such as 1MiB");
            return LARGEST_BODY;
        }
        long bytes = Long.parseLong(matcher.group(1)) * bytes(matcher.group(2));
        if (bytes < 1 || bytes > LARGEST_BODY) {
            problems.add(name + " must be between 1 and " + LARGEST_BODY + " bytes");
        }
        return bytes;
    }

    private static long bytes(String unit) {
        return switch (unit) {
            case "KiB" -> 1024L;
            case "MiB" -> 1024L * 1024;
            default -> 1L;
        };
    }

    /** Whether a value is the other one, not the default. */
    boolean isOther(String name, String byDefault, String other) {
        String value = text(name).orElse(byDefault);
        if (!value.equals(byDefault) && !value.equals(other)) {
            problems.add(name + "='" + value + "' must be " + byDefault + " or " + other);
        }
        return value.equals(other);
    }

    Optional<Settings.Address> address(String name) {
        return text(name).flatMap(url -> {
            try {
                URI uri = new URI(url);
                boolean plain = "tcp".equals(uri.getScheme())
                        && uri.getHost() != null
                        && uri.getPort() > 0
                        && uri.getPort() <= 65_535
                        && uri.getRawPath().isEmpty()
                        && uri.getRawQuery() == null;
                if (plain) {
                    return Optional.of(new Settings.Address(uri.getHost(), uri.getPort()));
                }
            } catch (URISyntaxException e) {
                // Reported below, as for any other address.
            }
            problems.add(name + "='" + url + "' must be written tcp://host:port");
            return Optional.empty();
        });
    }
}
