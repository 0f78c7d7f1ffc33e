package azukari.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything known at the end: what clients were promised, what reached the external system, and what the server itself reports.
 *
 * @param jobs all jobs, by id
 * @param runs the ledger of runs in its order, by job
 * @param emitted the jobs that each job emitted, as its chain shows them, by the emitting job
 * @param notifications all of the feed
 */
public record History(
        List<Accepted> accepted,
        List<Call> calls,
        List<Job> jobs,
        Map<String, List<Run>> runs,
        Map<String, List<Job>> emitted,
        List<Notification> notifications) {

    /** A job's document. {@code errorKind}, {@code requestId} and {@code parent} are empty when it has none. */
    public record Job(String id, String requestId, String code, String state, String errorKind, String parent) {}

    public record Run(long number, String outcome) {}

    /** What the feed tells about the end of {@code job}. */
    public record Notification(String id, String job, String outcome) {}

    static Builder builder() {
        return new Builder();
    }

    /** Collects a history; not for many threads. */
    static final class Builder {
        final List<Accepted> accepted = new ArrayList<>();
        final List<Call> calls = new ArrayList<>();
        final List<Job> jobs = new ArrayList<>();
        final Map<String, List<Run>> runs = new HashMap<>();
        final Map<String, List<Job>> emitted = new HashMap<>();
        final List<Notification> notifications = new ArrayList<>();

        History build() {
            return new History(accepted, calls, jobs, runs, emitted, notifications);
        }
    }
}
