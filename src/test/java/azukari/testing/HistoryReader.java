package azukari.testing;

import azukari.testing.History.Job;
import azukari.testing.History.Notification;
import azukari.testing.History.Run;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Reads the server's side of a {@link History} through its API, when no job is on its way any more. */
public final class HistoryReader {
    private final ApiClient api;

    public HistoryReader(ApiClient api) {
        this.api = api;
    }

    /**
     * Reads all.
     *
     * @param chained the codes whose chains are read: those that end in an alarm
     */
    public History read(List<Accepted> accepted, List<Call> calls, Set<String> chained) {
        List<Job> jobs = jobs();
        Map<String, List<Run>> runs = forEach(jobs, this::runs);
        List<Job> parents =
                jobs.stream().filter(job -> chained.contains(job.code())).toList();
        Map<String, List<Job>> emitted = forEach(parents, this::emitted);
        List<Notification> notifications =
                api.notifications().stream().map(HistoryReader::notification).toList();
        return new History(accepted, calls, jobs, runs, emitted, notifications);
    }

    /** All jobs as they are now. */
    List<Job> jobs() {
        return api.jobs("").stream().map(HistoryReader::job).toList();
    }

    private static <T> Map<String, List<T>> forEach(List<Job> jobs, Function<String, List<T>> read) {
        Map<String, List<T>> all = new ConcurrentHashMap<>();
        jobs.parallelStream().forEach(job -> all.put(job.id(), read.apply(job.id())));
        return all;
    }

    private List<Run> runs(String job) {
        return api.runs(job).stream()
                .map(run -> new Run(run.path("number").asLong(), text(run, "outcome")))
                .toList();
    }

    /** The job's own branch of the tree that starts at its root. */
    private List<Job> emitted(String job) {
        JsonNode branch = find(api.chain(job), job);
        if (branch == null) {
            throw new AssertionError("the chain of job " + job + " does not hold the job");
        }
        return branch.path("emitted")
                .valueStream()
                .map(node -> job(node.path("job")))
                .collect(Collectors.toList());
    }

    private static JsonNode find(JsonNode tree, String job) {
        if (text(tree.path("job"), "id").equals(job)) {
            return tree;
        }
        for (String branches : List.of("emitted", "children")) {
            for (JsonNode branch : tree.path(branches)) {
                JsonNode found = find(branch, job);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static Job job(JsonNode node) {
        return new Job(
                text(node, "id"),
                text(node, "requestId"),
                text(node, "code"),
                text(node, "state"),
                text(node.path("error"), "kind"),
                text(node, "parent"));
    }

    private static Notification notification(JsonNode node) {
        return new Notification(text(node, "id"), text(node, "job"), text(node, "outcome"));
    }

    /** The text of a field, empty when it is absent or null. */
    private static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isNull() || value.isMissingNode() ? "" : value.asString();
    }
}
