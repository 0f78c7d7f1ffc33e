package azukari.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A place in a feed, encoded as an opaque cursor so that clients do not do arithmetic with it. */
final class Cursor {
    private static final String FORM = "p\\d{1,18}";

    private Cursor() {}

    static String of(long place) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("p" + place).getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Decodes a cursor; null is place 0, the beginning.
     *
     * @throws ProblemException 400 if it is not a cursor issued by this API
     */
    static long place(String cursor) {
        return place(cursor, "after");
    }

    /**
     * Like {@link #place(String)}, for a cursor from another parameter or header.
     *
     * @param name the name of that parameter or header
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
            throw ProblemException.badRequest("'" + name + "' is not a valid cursor: " + e.getMessage());
        }
        throw ProblemException.badRequest("'" + name + "' is not a cursor issued by this API");
    }
}
