package azukari.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a client would wait for its answer: {@code Prefer: wait=N} (RFC 7240, section 4.3). */
record WaitPreference(Duration longest) {
    /** Longer waits are cut to this: what stands between a client and this server drops silent connections. */
    private static final int MOST_SECONDS = 60;

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String WORD = "(?:" + TOKEN + "|\"(?:[^\"\\\\]|\\\\.)*\")";
    /** One preference; its parameters mean nothing to us. */
    private static final Pattern PREFERENCE = Pattern.compile("\\s*(" + TOKEN + ")\\s*(?:=\\s*(" + WORD
            + "))?\\s*(?:;\\s*" + TOKEN + "\\s*(?:=\\s*" + WORD + ")?\\s*|;\\s*)*(?:,|$)");

    private static final Pattern SECONDS = Pattern.compile("\"?0*(\\d{1,9})\"?");

    /**
     * Reads the header's lines. A preference that is not understood is ignored, as RFC 7240, section 2, has it; of several
     * the first counts.
     *
     * @param lines null or empty for none
     */
    static Optional<WaitPreference> read(List<String> lines) {
        if (lines == null) {
            return Optional.empty();
        }
        for (String line : lines) {
            Matcher preferences = PREFERENCE.matcher(line);
            while (preferences.lookingAt()) {
                if (preferences.group(1).equalsIgnoreCase("wait")) {
                    return of(preferences.group(2));
                }
                preferences.region(preferences.end(), line.length());
            }
        }
        return Optional.empty();
    }

    private static Optional<WaitPreference> of(String value) {
        Matcher seconds = SECONDS.matcher(value == null ? "" : value);
        return seconds.matches()
                ? Optional.of(new WaitPreference(
                        Duration.ofSeconds(Math.min(MOST_SECONDS, Integer.parseInt(seconds.group(1))))))
                : Optional.empty();
    }

    /** The value of {@code Preference-Applied}. */
    String applied() {
        return "wait=" + longest.toSeconds();
    }
}
