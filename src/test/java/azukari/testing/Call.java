package azukari.testing;

/**
 * One call that reached the outside world.
 *
 * @param epoch which life of the server process called, counted by the test
 * @param job the job's id, from {@code Idempotency-Key}; empty when the header is missing
 * @param run the run's number, from {@code X-Azukari-Run}; 0 when the header is missing
 * @param begin nano time at which it was seen to begin
 * @param end nano time at which its answer was given, {@link #GOING_ON} before
 * @param status the status answered; 0 when none was, or none yet
 */
public record Call(
        int epoch, String path, String job, long run, int attempt, String body, long begin, long end, int status) {
    public static final long GOING_ON = Long.MAX_VALUE;

    public boolean succeeded() {
        return end != GOING_ON && status >= 200 && status < 300;
    }

    boolean overlaps(Call other) {
        return begin < other.end && other.begin < end;
    }

    Call ended(long at, int answered) {
        return new Call(epoch, path, job, run, attempt, body, begin, at, answered);
    }
}
