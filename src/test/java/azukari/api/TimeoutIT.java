package azukari.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A run that times out is interrupted, and {@code onCrash} of its event type decides what happens next. */
class TimeoutIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration TOO_LONG = Duration.ofSeconds(3);

    private final Contract contract = Contract.shared();
    private final String key = Contract.unique();

    @Test
    void a_run_that_times_out_is_retried() {
        JsonNode job = ended(contract.call("SLOW", key, TimeoutIT::tooLate, Answer::ok));
        assertThat(job.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(runs(job)).containsExactly("1 RETRY TIMEOUT", "2 SUCCEEDED ");
        assertThat(outcomesTold(job)).containsExactly("SUCCEEDED");
    }

    @Test
    void a_job_whose_runs_all_time_out_fails_with_timeout() {
        JsonNode job = ended(contract.call("SLOW", key, TimeoutIT::tooLate));
        assertThat(job.path("state").asString()).isEqualTo("FAILED");
        assertThat(job.path("error").path("kind").asString()).isEqualTo("TIMEOUT");
        assertThat(runs(job)).containsExactly("1 RETRY TIMEOUT", "2 FAILED TIMEOUT");
        assertThat(outcomesTold(job)).containsExactly("FAILED");
    }

    @Test
    void a_timed_out_run_that_must_not_be_repeated_leaves_its_job_uncertain_and_notifies() {
        JsonNode job = ended(contract.call("SLOW_AND_NOT_REPEATABLE", key, TimeoutIT::tooLate));
        assertThat(job.path("state").asString()).isEqualTo("UNCERTAIN");
        assertThat(job.path("error").path("kind").asString()).isEqualTo("TIMEOUT");
        assertThat(runs(job)).containsExactly("1 UNCERTAIN TIMEOUT");
        assertThat(outcomesTold(job)).containsExactly("UNCERTAIN");
    }

    private static Answer tooLate() {
        return Answer.ok().after(TOO_LONG);
    }

    /** Waits until a job has ended and its end was told. */
    private JsonNode ended(JsonNode posted) {
        await(posted.path("code").asString() + " to end and to be told")
                .atMost(PATIENCE)
                .until(() -> !outcomesTold(posted).isEmpty());
        return contract.api.job(posted.path("id").asString());
    }

    private List<String> runs(JsonNode job) {
        return contract.api.runs(job.path("id").asString()).stream()
                .map(run ->
                        run.path("number").asInt() + " " + run.path("outcome").asString() + " "
                                + run.path("error").path("kind").asString(""))
                .toList();
    }

    private List<String> outcomesTold(JsonNode job) {
        List<String> outcomes = new ArrayList<>();
        contract.api.get("notifications?submitter=" + key).body().path("items").forEach(told -> {
            if (told.path("job").asString().equals(job.path("id").asString())) {
                outcomes.add(told.path("outcome").asString());
            }
        });
        return outcomes;
    }
}
