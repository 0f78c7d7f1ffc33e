package azukari.launcher;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/** A request's path as the application finds its resource by it, however a client writes it. */
final class RequestPath {
    private RequestPath() {}

    /**
     * The path without parameters, escapes, and empty or dotted segments.
     *
     * @param raw as the client sent it, without the query; one that can't be decoded is returned as it is, and refused later
     */
    static String of(String raw) {
        if (isPlain(raw)) {
            return raw;
        }
        Deque<String> segments = new ArrayDeque<>();
        try {
            for (String segment : decoded(raw.replaceAll(";[^/]*", "")).split("/", -1)) {
                if (segment.equals("..")) {
                    segments.pollLast();
                } else if (!segment.isEmpty() && !segment.equals(".")) {
                    segments.addLast(segment);
                }
            }
        } catch (IllegalArgumentException e) {
            return raw;
        }
        return "/" + String.join("/", segments);
    }

    private static boolean isPlain(String raw) {
        return raw.indexOf('%') < 0 && raw.indexOf(';') < 0 && !raw.contains("//") && !raw.contains("/.");
    }

    /** A plus sign stands for itself in a path. */
    private static String decoded(String path) {
        return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
