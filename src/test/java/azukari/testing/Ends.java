package azukari.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Waits until the server has nothing left to do. */
public final class Ends {
    private static final List<String> NOT_ENDED = List.of("WAITING", "QUEUED", "RUNNING");
    private static final Duration POLL = Duration.ofMillis(500);

    private Ends() {}

    /** Waits until no job is on its way; one look may miss a job that moves on between its queries, hence two. */
    public static void awaitAll(ApiClient api, Duration patience) {
        for (int look = 1; look <= 2; look++) {
            await("all jobs to end")
                    .atMost(patience)
                    .pollInterval(POLL)
                    .pollInSameThread()
                    .until(() -> notEnded(api), List::isEmpty);
        }
    }

    private static List<String> notEnded(ApiClient api) {
        List<String> left = new ArrayList<>();
        for (String state : NOT_ENDED) {
            for (JsonNode job : api.firstJobs("state=" + state)) {
                left.add(job.path("id").asString() + " " + job.path("code").asString() + " " + state);
            }
        }
        return left;
    }
}
