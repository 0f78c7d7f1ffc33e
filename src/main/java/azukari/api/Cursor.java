package azukari.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A place in a feed, written so that nobody is tempted to count with it. */
final class Cursor {
    private static final String FORM = "p\\d{1,18}";

    private Cursor() {}

    static String of(long place) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("p" + place).getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * The place that a cursor stands for; 0 for none.
     *
     * @throws ProblemException 400 when it is no cursor of ours
     */
    static long place(String cursor) {
        return place(cursor, "after");
    }

    /**
     * As {@link #place(String)}.
     *
     * @param name what the request calls it
     */
    static long place(String cursor, String name) {
        if (cursor == null) {
            return 0;
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
            if (text.matches(FORM)) {
                return Long.parseLong(text.substring(1));
            }
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("'" + name + "' is no cursor: " + e.getMessage());
        }
        throw ProblemException.badRequest("'" + name + "' is no cursor that was given out here");
    }
}
