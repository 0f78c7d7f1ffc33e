package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.Accepted;
import azukari.testing.Answer;
import azukari.testing.ApiClient;
import azukari.testing.ApiClient.Response;
import azukari.testing.BrokerProcess;
import azukari.testing.Ends;
import azukari.testing.History;
import azukari.testing.HistoryReader;
import azukari.testing.HttpTarget;
import azukari.testing.Oracle;
import azukari.testing.ServerProcess;
import azukari.testing.Submitters;
import azukari.testing.Submitters.Event;
import azukari.testing.TestCatalog;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A separate broker dies under load and comes back: no client that posts events notices, and every job ends. */
@Execution(ExecutionMode.CONCURRENT)
class BrokerAwayIT {
    private static final String CODE = "BROKER_AWAY_WORK";
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration AWAY = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** What an outage may log: each component's first failure and its recovery, not a line per message or attempt. */
    private static final int MOST_LINES_LOGGED = 300;

    @Test
    void a_broker_outage_goes_unnoticed_and_every_job_ends() {
        try (BrokerProcess broker = BrokerProcess.named("broker-away-broker").start(START);
                HttpTarget target =
                        HttpTarget.start().answer("/work", call -> Answer.ok().after(Duration.ofMillis(300)));
                ServerProcess server = ServerProcess.named("broker-away")
                        .catalog(TestCatalog.named("broker-away-catalog")
                                .outside(CODE, target.uri("/work"), "timeout: 60s")
                                .folder())
                        .broker(broker)
                        .build()) {
            server.start().awaitReady(START);
            ApiClient api = new ApiClient(server.uri());
            long process = server.pid();
            try (Submitters clients =
                    Submitters.start(server.uri(), 4, Duration.ofMillis(50), 7, BrokerAwayIT::event)) {
                awaitAccepted(clients, 40);
                int linesBefore = lines(server);

                broker.kill9();
                assertThat(server.endedWithin(AWAY)).isFalse();
                Response ready = api.get("health/ready");
                assertThat(ready.status()).as("%s", ready.body()).isEqualTo(200);
                assertThat(check(ready, "broker")).isEqualTo("DOWN");
                int linesMeanwhile = lines(server) - linesBefore;
                broker.start(START);

                awaitAccepted(clients, clients.accepted().size() + 40);
                clients.stopAndWait();
                Ends.awaitAll(api, PATIENCE);
                await("the broker to be found again")
                        .atMost(PATIENCE)
                        .until(() -> check(api.get("health/ready"), "broker").equals("UP"));

                assertThat(clients.failures()).isEmpty();
                assertThat(clients.repeatedPosts()).isZero();
                assertThat(server.pid()).isEqualTo(process);
                History history = new HistoryReader(api).read(clients.accepted(), target.calls(), Set.of(CODE));
                System.out.printf(
                        "broker away: %d accepted, %d jobs, %d calls, slowest answer %d ms, %d lines logged meanwhile, %d in all%n",
                        clients.accepted().stream()
                                .map(Accepted::job)
                                .distinct()
                                .count(),
                        history.jobs().size(),
                        history.calls().size(),
                        clients.slowestAnswer().toMillis(),
                        linesMeanwhile,
                        lines(server) - linesBefore);
                assertThat(new Oracle(Set.of(CODE), Set.of(CODE)).check(history))
                        .isEmpty();
                assertThat(history.jobs())
                        .allSatisfy(job -> assertThat(job.state()).isEqualTo("SUCCEEDED"));
                assertThat(lines(server) - linesBefore).isLessThan(MOST_LINES_LOGGED);
            }
        }
    }

    private static Event event(Random random) {
        return random.nextInt(4) == 0 ? new Event("NOOP", Map.of()) : new Event(CODE, Map.of());
    }

    private static void awaitAccepted(Submitters clients, int count) {
        await(count + " events to be accepted")
                .atMost(PATIENCE)
                .until(() -> clients.accepted().size() >= count);
    }

    private static String check(Response ready, String name) {
        return StreamSupport.stream(ready.body().path("checks").spliterator(), false)
                .filter(check -> check.path("name").asString().equals(name))
                .map(check -> check.path("status").asString())
                .findFirst()
                .orElse("");
    }

    private static int lines(ServerProcess server) {
        return (int) server.log().lines().count();
    }
}
