package azukari.api;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The host and port of a {@code Host} header or an origin (RFC 9110, section 7.2; RFC 6454, section 6.1).
 *
 * @param host in lower case; an IPv6 address without brackets
 * @param port empty if none is given
 */
record Authority(String host, String port) {
    private static final Pattern FORM = Pattern.compile("(\\[([0-9A-Fa-f:.]+)]|[^\\[\\]:@/\\s]+)(?::(\\d*))?");
    private static final Pattern ORIGIN = Pattern.compile("https?://(.+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1|0:0:0:0:0:0:0:1");

    /** Reads a {@code Host} header's value; empty if it is none. */
    static Optional<Authority> ofHost(String value) {
        Matcher form = FORM.matcher(value.strip());
        if (!form.matches()) {
            return Optional.empty();
        }
        String host = form.group(2) == null ? form.group(1) : form.group(2);
        String port = form.group(3) == null ? "" : form.group(3);
        return Optional.of(new Authority(host.toLowerCase(Locale.ROOT), port));
    }

    /** Reads an {@code Origin} header's value; empty for {@code null} and for what no page over HTTP has. */
    static Optional<Authority> ofOrigin(String value) {
        Matcher origin = ORIGIN.matcher(value.strip());
        return origin.matches() ? ofHost(origin.group(1)) : Optional.empty();
    }

    /** Whether it is a name or an address of the loopback interface. */
    boolean isLoopback() {
        return LOOPBACK.matcher(host).matches();
    }
}
