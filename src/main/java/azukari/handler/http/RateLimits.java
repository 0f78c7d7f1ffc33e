package azukari.handler.http;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads from an answer that its target is not to be called for a while: {@code RateLimit} and {@code RateLimit-Policy}
 * (draft-ietf-httpapi-ratelimit-headers), in the form of that draft ({@code "default";r=0;t=30}) and in that of its seventh version
 * ({@code limit=10, remaining=0, reset=30}).
 */
final class RateLimits {
    private static final Pattern ITEM =
            Pattern.compile("\"([^\"]*)\"((?:\\s*;\\s*[a-z]+=(?:\\d{1,9}(?!\\d)|\"[^\"]*\"|:[^:]*:))*)");
    private static final Pattern PARAMETER = Pattern.compile("([a-z]+)\\s*=\\s*(\\d{1,9})(?!\\d)");

    private RateLimits() {}

    /** For how long no call is allowed, because none is left; empty if some are, or nothing intelligible is said. */
    static Optional<Duration> pause(HttpHeaders headers) {
        String limits = String.join(", ", headers.allValues("RateLimit"));
        String policies = String.join(", ", headers.allValues("RateLimit-Policy"));
        long longest = seventh(limits);
        Matcher item = ITEM.matcher(limits);
        while (item.find()) {
            Map<String, Long> parameters = parameters(item.group(2));
            if (isZero(parameters.get("r"))) {
                Long reset = parameters.get("t");
                longest = Math.max(longest, reset == null ? window(policies, item.group(1)) : reset);
            }
        }
        return longest > 0 ? Optional.of(Duration.ofSeconds(longest)) : Optional.empty();
    }

    private static long seventh(String limits) {
        Map<String, Long> parameters = parameters(limits);
        Long reset = parameters.get("reset");
        return isZero(parameters.get("remaining")) && reset != null ? reset : 0;
    }

    /** The length of a policy's window in seconds; 0 if it is not told. */
    private static long window(String policies, String name) {
        Matcher item = ITEM.matcher(policies);
        while (item.find()) {
            if (item.group(1).equals(name)) {
                return parameters(item.group(2)).getOrDefault("w", 0L);
            }
        }
        return 0;
    }

    private static boolean isZero(Long value) {
        return value != null && value == 0;
    }

    private static Map<String, Long> parameters(String text) {
        Map<String, Long> parameters = new HashMap<>();
        Matcher parameter = PARAMETER.matcher(text);
        while (parameter.find()) {
            parameters.put(parameter.group(1), Long.valueOf(parameter.group(2)));
        }
        return parameters;
    }
}
