package azukari.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a client is willing to wait for its response: {@code Prefer: wait=N} (RFC 7240, section 4.3). */
record WaitPreference(Duration longest) {
    /** Longer waits are cut to this, because proxies between client and server drop silent connections. */
    private static final int MAX_SECONDS = 60;

    private static final Pattern WAIT = Pattern.compile("\\s*wait\\s*(?:=(.*))?", Pattern.CASE_INSENSITIVE);
    private static final Pattern SECONDS = Pattern.compile("\\s*(\"?)0*(\\d+)\\1\\s*");

    /**
     * Reads the header's lines. As RFC 7240, section 2, requires, an unintelligible preference is ignored, and the first of
     * several counts.
     *
     * @param lines null or empty if the header is absent
     */
    static Optional<WaitPreference> read(List<String> lines) {
        if (lines == null) {
            return Optional.empty();
        }
        for (String line : lines) {
            for (int from = 0; from <= line.length(); from = end(line, from, ",") + 1) {
                String preference = line.substring(from, end(line, from, ",;"));
                Matcher wait = WAIT.matcher(preference);
                if (wait.matches()) {
                    return of(wait.group(1));
                }
            }
        }
        return Optional.empty();
    }

    /** The index of the next of these characters outside quotation marks, or the line's length if there is none. */
    private static int end(String line, int from, String characters) {
        boolean quoted = false;
        for (int i = from; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && characters.indexOf(c) >= 0) {
                return i;
            }
        }
        return line.length();
    }

    private static Optional<WaitPreference> of(String value) {
        Matcher seconds = SECONDS.matcher(value == null ? "" : value);
        if (!seconds.matches()) {
            return Optional.empty();
        }
        String digits = seconds.group(2);
        int asked = digits.length() > 2 ? MAX_SECONDS : Integer.parseInt(digits);
        return Optional.of(new WaitPreference(Duration.ofSeconds(Math.min(MAX_SECONDS, asked))));
    }

    /** The value of {@code Preference-Applied}. */
    String applied() {
        return "wait=" + longest.toSeconds();
    }
}
