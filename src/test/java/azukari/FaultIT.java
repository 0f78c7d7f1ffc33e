package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.Accepted;
import azukari.testing.Answer;
import azukari.testing.ApiClient;
import azukari.testing.ApiClient.Response;
import azukari.testing.Call;
import azukari.testing.Ends;
import azukari.testing.History;
import azukari.testing.HistoryReader;
import azukari.testing.HttpTarget;
import azukari.testing.Oracle;
import azukari.testing.ServerProcess;
import azukari.testing.TestCatalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/**
 * A fault in each gap between two commits.
 *
 * <p>One job is brought to each gap and held there by a Byteman rule; once all are in place, the process is killed by {@code kill -9} and
 * restarted without rules. Before that, three jobs encounter a lost commit response: the database has committed, but the caller sees
 * a broken connection.
 */
@Execution(ExecutionMode.CONCURRENT)
class FaultIT {
    private static final String CODE = "FAULT_WORK";
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Jobs are known by their requestId. The rules are for the first run of each only. */
    private static final String RULES = """
            RULE choose the accept that is held
            CLASS azukari.intake.Intake
            METHOD accept(azukari.intake.Submission)
            AT ENTRY
            IF "after-accept".equals($1.requestId())
            DO flag("held on " + Thread.currentThread().getName())
            ENDRULE

            RULE hold between the accept's commit and the relay
            CLASS azukari.effect.Committer
            METHOD submit
            AFTER INVOKE azukari.database.Gate.submit
            IF clear("held on " + Thread.currentThread().getName())
            DO traceln("held: after-accept"), waitFor("the kill")
            ENDRULE

            RULE hold between the send's commit and the delete
            CLASS azukari.outbox.Wire
            METHOD send(List)
            AT EXIT
            BIND first : azukari.outbox.Envelope = $1.get(0)
            IF "after-send".equals(first.event().requestId())
            DO traceln("held: after-send"), waitFor("the kill")
            ENDRULE

            RULE hold between the claim's commit and the handler
            CLASS azukari.dispatch.Runner
            METHOD run
            AT ENTRY
            IF "after-claim".equals($1.work().event().requestId())
            DO traceln("held: after-claim"), waitFor("the kill")
            ENDRULE

            RULE hold between the handler and the finish's commit
            CLASS azukari.dispatch.Finishing
            METHOD finish(azukari.dispatch.Run, azukari.dispatch.Verdict)
            AT ENTRY
            IF "before-finish".equals($1.work().event().requestId())
            DO traceln("held: before-finish"), waitFor("the kill")
            ENDRULE

            RULE hold between the finish's commit and the acknowledgement
            CLASS azukari.dispatch.Finishing
            METHOD finish(azukari.dispatch.Run, azukari.dispatch.Verdict)
            AT EXIT
            IF "before-acknowledgement".equals($1.work().event().requestId())
            DO traceln("held: before-acknowledgement"), waitFor("the kill")
            ENDRULE

            RULE choose the accept whose answer is lost
            CLASS azukari.intake.Intake
            METHOD accept(azukari.intake.Submission)
            AT ENTRY
            IF "lost-accept".equals($1.requestId()) AND flag("lost-accept")
            DO flag(Thread.currentThread())
            ENDRULE

            RULE choose the claim whose answer is lost
            CLASS azukari.dispatch.Claims
            METHOD claim
            AT ENTRY
            BIND first : azukari.dispatch.Claims$Unclaimed = $1.get(0)
            IF "lost-claim".equals(first.work().event().requestId()) AND flag("lost-claim")
            DO flag(Thread.currentThread())
            ENDRULE

            RULE choose the finish whose answer is lost
            CLASS azukari.dispatch.Finishing
            METHOD finish(azukari.dispatch.Run, azukari.dispatch.Verdict)
            AT ENTRY
            IF "lost-finish".equals($1.work().event().requestId()) AND flag("lost-finish")
            DO flag(Thread.currentThread())
            ENDRULE

            RULE lose the answer to the chosen commit
            CLASS org.h2.jdbc.JdbcConnection
            METHOD commit
            AT EXIT
            IF clear(Thread.currentThread())
            DO traceln("lost: an answer to a commit"),
               throw new java.sql.SQLException("the connection broke in the commit, by a rule", "08006")
            ENDRULE
            """;

    private static final HttpTarget TARGET = HttpTarget.start();
    private static final List<Accepted> ACCEPTED = new ArrayList<>();
    private static final Map<String, String> JOBS = new ConcurrentHashMap<>();
    private static ServerProcess server;
    private static ApiClient api;
    private static Response lostAccept;
    private static History history;

    @BeforeAll
    static void bringOneJobToEachGapThenKillAndRestart() {
        TARGET.answer("/work", Answer.ok());
        TestCatalog catalog = TestCatalog.named("fault-catalog")
                .outside(CODE, TARGET.uri("/work"), "timeout: 60s\nretry: {maxAttempts: 3, backoff: 200ms}");
        server = ServerProcess.named("fault")
                .catalog(catalog.folder())
                .bytemanRules(RULES)
                .build();
        api = new ApiClient(server.uri());
        server.start().awaitReady(START);

        lostAccept = post("lost-accept");
        accept("lost-accept");
        accept("lost-claim");
        accept("lost-finish");
        awaitState("lost-claim", "SUCCEEDED");
        awaitState("lost-finish", "SUCCEEDED");

        for (String gap : List.of("before-acknowledgement", "before-finish", "after-claim", "after-send")) {
            accept(gap);
            awaitHeld(gap);
        }
        CompletableFuture<Response> unanswered = CompletableFuture.supplyAsync(() -> post("after-accept"));
        awaitHeld("after-accept");
        server.kill9();
        TARGET.nextEpoch();
        assertThat(unanswered).failsWithin(PATIENCE);

        server.withoutRules().start().awaitReady(START);
        Ends.awaitAll(api, PATIENCE);
        api.jobs("code=" + CODE)
                .forEach(job -> JOBS.put(
                        job.path("requestId").asString(), job.path("id").asString()));
        history = new HistoryReader(api).read(ACCEPTED, TARGET.calls(), Set.of(CODE));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
        TARGET.close();
    }

    @Test
    void every_promise_is_kept() {
        assertThat(new Oracle(Set.of(CODE), Set.of(CODE)).check(history)).isEmpty();
        assertThat(history.jobs()).hasSize(2 * 8).allSatisfy(job -> assertThat(job.state())
                .isEqualTo("SUCCEEDED"));
    }

    @Test
    void an_accepted_job_that_was_never_relayed_runs() {
        assertThat(runs("after-accept")).containsExactly("1 SUCCEEDED");
        assertThat(calls("after-accept")).containsExactly(1L);
    }

    @Test
    void a_repeated_request_without_response_yields_the_same_job() {
        Response repeated = post("after-accept");
        assertThat(repeated.status()).isEqualTo(202);
        assertThat(repeated.body().path("id").asString()).isEqualTo(JOBS.get("after-accept"));
    }

    @Test
    void a_message_sent_twice_runs_once() {
        assertThat(runs("after-send")).containsExactly("1 SUCCEEDED");
        assertThat(calls("after-send")).containsExactly(1L);
    }

    @Test
    void a_claimed_job_whose_handler_never_started_runs_again_without_losing_an_attempt() {
        assertThat(runs("after-claim")).containsExactly("1 INTERRUPTED", "2 SUCCEEDED");
        assertThat(calls("after-claim")).containsExactly(2L);
        assertThat(job("after-claim").path("attempt").asInt()).isEqualTo(1);
    }

    @Test
    void a_handler_whose_outcome_was_not_committed_runs_again_with_a_higher_number() {
        assertThat(runs("before-finish")).containsExactly("1 INTERRUPTED", "2 SUCCEEDED");
        assertThat(calls("before-finish")).containsExactly(1L, 2L);
        assertThat(job("before-finish").path("attempt").asInt()).isEqualTo(1);
    }

    @Test
    void a_redelivered_message_does_not_change_an_ended_job() {
        assertThat(runs("before-acknowledgement")).containsExactly("1 SUCCEEDED");
        assertThat(calls("before-acknowledgement")).containsExactly(1L);
    }

    @Test
    void an_accept_with_a_lost_commit_response_asks_to_repeat_and_yields_one_job() {
        assertThat(lostAccept.status()).isEqualTo(503);
        assertThat(lostAccept.header("Retry-After")).matches("\\d+");
        assertThat(lostAccept.header("Content-Type")).startsWith("application/problem+json");
        assertThat(api.jobs("requestId=lost-accept")).hasSize(1);
        assertThat(runs("lost-accept")).containsExactly("1 SUCCEEDED");
        assertThat(calls("lost-accept")).containsExactly(1L);
    }

    @Test
    void a_claim_with_a_lost_commit_response_is_recognized_as_own() {
        assertThat(runs("lost-claim")).containsExactly("1 SUCCEEDED");
        assertThat(calls("lost-claim")).containsExactly(1L);
    }

    @Test
    void a_finish_with_a_lost_commit_response_ends_the_job_once() {
        assertThat(runs("lost-finish")).containsExactly("1 SUCCEEDED");
        assertThat(calls("lost-finish")).containsExactly(1L);
    }

    @Test
    void the_byteman_rules_were_active() {
        assertThat(server.log()).containsPattern("(?s)(lost: an answer to a commit.*){3}");
    }

    private static Response post(String requestId) {
        return api.post(Map.of("code", CODE, "requestId", requestId, "body", Map.of()));
    }

    private static void accept(String requestId) {
        Response response = post(requestId);
        assertThat(response.status()).as("%s: %s", requestId, response.body()).isEqualTo(202);
        ACCEPTED.add(new Accepted(response.body().path("id").asString(), requestId, CODE));
    }

    private static void awaitHeld(String gap) {
        await(gap + " to be held").atMost(PATIENCE).until(() -> server.log().contains("held: " + gap));
    }

    private static void awaitState(String requestId, String state) {
        await(requestId + " to be " + state)
                .atMost(PATIENCE)
                .until(() -> job(requestId).path("state").asString().equals(state));
    }

    private static JsonNode job(String requestId) {
        List<JsonNode> jobs = api.jobs("requestId=" + requestId);
        assertThat(jobs).as(requestId).hasSize(1);
        return jobs.get(0);
    }

    private static List<String> runs(String requestId) {
        return history.runs().get(JOBS.get(requestId)).stream()
                .map(run -> run.number() + " " + run.outcome())
                .toList();
    }

    /** The numbers of the runs that reached the outside. */
    private static List<Long> calls(String requestId) {
        return TARGET.calls().stream()
                .filter(call -> call.job().equals(JOBS.get(requestId)))
                .map(Call::run)
                .toList();
    }
}
