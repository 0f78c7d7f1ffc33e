package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.Answer;
import azukari.testing.ApiClient;
import azukari.testing.EventSource;
import azukari.testing.EventSource.Event;
import azukari.testing.HttpTarget;
import azukari.testing.ServerProcess;
import azukari.testing.TestCatalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** Rule 19 across a crash: a client that reconnects with the last id misses nothing and gets nothing twice. */
@Execution(ExecutionMode.CONCURRENT)
class StreamOverKillIT {
    private static final String CODE = "STREAM_WORK";
    private static final int JOBS = 40;
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Semaphore permits = new Semaphore(0);

    @Test
    void rule_19_streams_resume_after_the_last_id_when_the_server_was_killed() {
        try (HttpTarget target = HttpTarget.start().answer("/work", call -> whenPermitted());
                ServerProcess server = ServerProcess.named("stream-over-kill")
                        .catalog(TestCatalog.named("stream-over-kill-catalog")
                                .outside(CODE, target.uri("/work"), "timeout: 60s")
                                .folder())
                        .build()) {
            ApiClient api = new ApiClient(server.start().awaitReady(START).uri());
            List<String> jobs = new ArrayList<>();
            for (int i = 0; i < JOBS; i++) {
                jobs.add(api.post(Map.of("code", CODE, "body", Map.of()))
                        .body()
                        .path("id")
                        .asString());
            }
            String watched = jobs.get(JOBS - 1);
            List<Event> told = new ArrayList<>();
            List<Event> states = new ArrayList<>();

            try (EventSource feed = EventSource.open(server.uri(), "notifications/stream", null);
                    EventSource job = EventSource.open(server.uri(), "jobs/" + watched + "/stream", null)) {
                await("the job to be shown").atMost(PATIENCE).until(() -> !job.events()
                        .isEmpty());
                await("a sign of life on a stream that has nothing to tell")
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> job.comments() > 0);
                permits.release(JOBS / 4);
                await("some to be told")
                        .atMost(PATIENCE)
                        .until(() -> feed.events().size() > 3);
                server.kill9();
                await("the streams to break off").atMost(PATIENCE).until(() -> feed.isOver() && job.isOver());
                told.addAll(feed.events());
                states.addAll(job.events());
            }
            target.nextEpoch();
            permits.release(2 * JOBS);
            server.start().awaitReady(START);
            try (EventSource feed = EventSource.open(server.uri(), "notifications/stream", lastId(told));
                    EventSource job = EventSource.open(server.uri(), "jobs/" + watched + "/stream", lastId(states))) {
                await("all to be told")
                        .atMost(PATIENCE)
                        .until(() -> told.size() + feed.events().size() >= JOBS);
                await("the job's stream to end").atMost(PATIENCE).until(job::isOver);
                told.addAll(feed.events());
                states.addAll(job.events());
            }

            List<JsonNode> all = api.notifications();
            assertThat(all).hasSize(JOBS);
            assertThat(told).extracting(Event::data).isEqualTo(all);
            assertThat(states).extracting(Event::id).doesNotHaveDuplicates();
            assertThat(states.get(states.size() - 1).data().path("state").asString())
                    .isEqualTo("SUCCEEDED");
        }
    }

    private static String lastId(List<Event> events) {
        return events.get(events.size() - 1).id();
    }

    private Answer whenPermitted() {
        try {
            permits.acquire();
            return Answer.ok();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.closedConnection();
        }
    }
}
