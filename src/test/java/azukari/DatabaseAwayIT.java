package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.Accepted;
import azukari.testing.Answer;
import azukari.testing.ApiClient;
import azukari.testing.ApiClient.Response;
import azukari.testing.DeadLetters;
import azukari.testing.Ends;
import azukari.testing.History;
import azukari.testing.HistoryReader;
import azukari.testing.HttpTarget;
import azukari.testing.Oracle;
import azukari.testing.Postgres;
import azukari.testing.Postgres.Stop;
import azukari.testing.ServerProcess;
import azukari.testing.Submitters;
import azukari.testing.Submitters.Event;
import azukari.testing.TestCatalog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** PostgreSQL stops under load and comes back: clients are asked to retry, nothing is lost, nothing is done twice. */
@Execution(ExecutionMode.CONCURRENT)
class DatabaseAwayIT {
    private static final String CODE = "DATABASE_AWAY_WORK";
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration AWAY = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** Two seconds: some calls start before the outage and end during it. */
    private static final Duration WORK = Duration.ofSeconds(2);

    private static final int MOST_LINES_LOGGED = 400;

    private static Postgres postgres;
    private static HttpTarget target;
    private static ServerProcess server;
    private static ApiClient api;

    @BeforeAll
    static void start() {
        postgres = Postgres.create();
        target = HttpTarget.start().answer("/work", call -> Answer.ok().after(WORK));
        server = ServerProcess.named("database-away")
                .database(postgres.createDatabase())
                .catalog(TestCatalog.named("database-away-catalog")
                        .outside(CODE, target.uri("/work"), "timeout: 60s")
                        .folder())
                .openBroker()
                .build();
        api = new ApiClient(server.uri());
        server.start().awaitReady(START);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
        if (target != null) {
            target.close();
        }
        postgres.close();
    }

    @ParameterizedTest
    @Execution(ExecutionMode.SAME_THREAD)
    @EnumSource(Stop.class)
    void a_database_outage_loses_fails_and_repeats_nothing(Stop how) {
        int linesBefore = lines();
        try (Submitters clients = Submitters.start(
                server.uri(), 4, Duration.ofMillis(50), how == Stop.FAST ? 11 : 211, DatabaseAwayIT::event)) {
            awaitAccepted(clients, 100);

            postgres.stop(how);
            assertThat(server.endedWithin(AWAY)).isFalse();
            assertThat(api.get("health/ready").status()).isEqualTo(503);
            int linesMeanwhile = lines() - linesBefore;
            postgres.start();

            awaitAccepted(clients, clients.accepted().size() + 40);
            clients.stopAndWait();
            Ends.awaitAll(api, PATIENCE);

            assertThat(clients.failures()).isEmpty();
            assertThat(clients.refusals()).isNotEmpty().allSatisfy(DatabaseAwayIT::saysComeAgain);
            assertThat(clients.unanswered()).isZero();
            History history = new HistoryReader(api).read(clients.accepted(), target.calls(), Set.of(CODE));
            System.out.printf(
                    "database away (%s): %d accepted, %d refused, slowest answer %d ms, %d calls, %d lines logged meanwhile, %d in all%n",
                    how,
                    clients.accepted().stream().map(Accepted::job).distinct().count(),
                    clients.refusals().size(),
                    clients.slowestAnswer().toMillis(),
                    history.calls().size(),
                    linesMeanwhile,
                    lines() - linesBefore);
            assertThat(new Oracle(Set.of(CODE), Set.of(CODE)).check(history)).isEmpty();
            assertEveryJobTookOneRun(history);
            assertThat(DeadLetters.in(server.brokerUrl())).isEmpty();
            assertThat(lines() - linesBefore).isLessThan(MOST_LINES_LOGGED);
        }
    }

    private static void assertEveryJobTookOneRun(History history) {
        assertThat(history.jobs()).allSatisfy(job -> {
            assertThat(job.state()).isEqualTo("SUCCEEDED");
            // What was claimed in a pack and had not begun when the database went away goes back, and repeats nothing.
            assertThat(history.runs().get(job.id()).stream().map(History.Run::outcome))
                    .as(job.toString())
                    .filteredOn(outcome -> !outcome.equals("NOT_BEGUN"))
                    .containsExactly("SUCCEEDED");
        });
        Map<String, Long> callsOfJobs =
                history.calls().stream().collect(Collectors.groupingBy(call -> call.job(), Collectors.counting()));
        assertThat(callsOfJobs).allSatisfy((job, calls) -> assertThat(calls).isEqualTo(1));
    }

    private static void saysComeAgain(Response refusal) {
        assertThat(refusal.status()).as("%s", refusal.body()).isEqualTo(503);
        assertThat(refusal.header("Retry-After")).matches("\\d+");
        assertThat(refusal.header("Content-Type")).startsWith("application/problem+json");
        assertThat(List.of("type", "title", "status", "detail"))
                .allSatisfy(field -> assertThat(refusal.body().has(field)).isTrue());
    }

    private static Event event(Random random) {
        return random.nextInt(4) == 0 ? new Event("NOOP", Map.of()) : new Event(CODE, Map.of());
    }

    private static void awaitAccepted(Submitters clients, int count) {
        await(count + " events to be accepted")
                .atMost(PATIENCE)
                .until(() -> clients.accepted().size() >= count);
    }

    private static int lines() {
        return (int) server.log().lines().count();
    }
}
