package azukari.testing;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How the outside world answers one call.
 *
 * @param status the HTTP status; 0 closes the connection without an answer
 * @param delay how long the work takes before the answer is given
 * @param json the body; empty for none
 */
public record Answer(int status, Map<String, String> headers, Duration delay, String json) {
    private static final int NONE = 0;

    public Answer {
        headers = Map.copyOf(headers);
    }

    public static Answer status(int status) {
        return new Answer(status, Map.of(), Duration.ZERO, "");
    }

    public static Answer ok() {
        return status(200);
    }

    /** The work is done, but the caller never hears of it. */
    public static Answer closedConnection() {
        return status(NONE);
    }

    public Answer after(Duration time) {
        return new Answer(status, headers, time, json);
    }

    public Answer json(String body) {
        return new Answer(status, headers, delay, body);
    }

    public Answer header(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new Answer(status, more, delay, json);
    }

    boolean closesConnection() {
        return status == NONE;
    }
}
