package azukari.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Entity tags (RFC 9110, section 8.8.3): a digest of the document, and therefore the same on every node. */
final class EntityTags {
    private static final Pattern TAG = Pattern.compile("\\s*(?:W/)?(\"[^\"]*\")\\s*(?:,|$)");
    private static final int LENGTH = 16;

    private EntityTags() {}

    /** Computes the document's tag, without quotation marks. */
    static String of(String document) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(document.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(digest)
                    .substring(0, LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The tag as it appears in headers, in quotation marks. */
    static String quoted(String tag) {
        return "\"" + tag + "\"";
    }

    /**
     * Whether any line of an {@code If-None-Match} header lists this tag. Malformed entries match nothing.
     *
     * @param lines null or empty if the header is absent
     */
    static boolean anyMatches(List<String> lines, String tag) {
        return lines != null && lines.stream().anyMatch(line -> matches(line, quoted(tag)));
    }

    private static boolean matches(String line, String quoted) {
        if (line.strip().equals("*")) {
            return true;
        }
        Matcher tags = TAG.matcher(line);
        while (tags.lookingAt()) {
            if (tags.group(1).equals(quoted)) {
                return true;
            }
            tags.region(tags.end(), line.length());
        }
        return false;
    }
}
