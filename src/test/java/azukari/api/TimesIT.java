package azukari.api;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Jobs that wait for a time: set by the client, by a back-off or by expiry. */
class TimesIT {
    private final Contract contract = Contract.shared();
    private final String submitter = Contract.unique();

    @Test
    void a_job_with_a_future_time_waits_and_then_runs() {
        Instant time = Instant.now().plusSeconds(3).truncatedTo(ChronoUnit.MILLIS);
        JsonNode accepted =
                contract.accept(Map.of("code", "NOOP", "submitter", submitter, "notBefore", time.toString()));
        String id = accepted.path("id").asString();

        for (JsonNode job : new JsonNode[] {accepted, contract.api.job(id)}) {
            assertThat(job.path("state").asString()).isEqualTo("WAITING");
            assertThat(job.path("waiting").path("for").asString()).isEqualTo("TIME");
            assertThat(Instant.parse(job.path("waiting").path("expectedStart").asString()))
                    .isEqualTo(time);
        }
        JsonNode listed =
                contract.api.jobs("state=WAITING&submitter=" + submitter).get(0);
        assertThat(listed.path("waiting").path("for").asString()).isEqualTo("TIME");
        assertThat(listed.path("waiting").has("expectedStart")).isFalse();

        JsonNode ended = contract.awaitEnd(id);
        assertThat(ended.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(Instant.parse(ended.path("startedAt").asString())).isBetween(time, time.plusSeconds(5));
        assertThat(ended.path("waiting").isNull()).isTrue();
    }

    @Test
    void a_time_in_the_past_means_at_once() {
        JsonNode job = contract.accept(
                Map.of("code", "NOOP", "submitter", submitter, "notBefore", "1999-12-31T23:59:59+01:00"));
        assertThat(job.path("state").asString()).isEqualTo("QUEUED");
        assertThat(contract.awaitEnd(job.path("id").asString()).path("state").asString())
                .isEqualTo("SUCCEEDED");
    }

    @Test
    void the_latest_possible_time_is_accepted() {
        JsonNode job = contract.accept(
                Map.of("code", "NOOP", "submitter", submitter, "notBefore", "9999-12-31T23:59:59.999999Z"));
        assertThat(contract.api
                        .job(job.path("id").asString())
                        .path("waiting")
                        .path("expectedStart")
                        .asString())
                .isEqualTo("9999-12-31T23:59:59.999999Z");
    }

    @Test
    void a_retry_waits_for_its_back_off() {
        String id = contract.call("CALL_PATIENT", submitter, () -> Answer.status(500), Answer::ok)
                .path("id")
                .asString();
        JsonNode waiting =
                contract.await(id, job -> job.path("state").asString().equals("WAITING"));
        assertThat(waiting.path("waiting").path("for").asString()).isEqualTo("BACKOFF");
        Instant due =
                Instant.parse(waiting.path("waiting").path("expectedStart").asString());
        Instant ended =
                Instant.parse(contract.api.runs(id).get(0).path("endedAt").asString());
        assertThat(Duration.between(ended, due)).isBetween(Duration.ofMillis(3_800), Duration.ofMillis(4_500));
        assertThat(waiting.path("attempt").asInt()).isEqualTo(1);

        JsonNode job = contract.awaitEnd(id);
        assertThat(job.path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(job.path("attempt").asInt()).isEqualTo(2);
        assertThat(Instant.parse(job.path("startedAt").asString())).isAfterOrEqualTo(due);
    }

    @Test
    void a_job_that_does_not_end_in_time_expires() {
        String id = contract.call("CALL_SHORT_LIVED", submitter, () -> Answer.status(500))
                .path("id")
                .asString();
        JsonNode job = contract.awaitEnd(id);
        assertThat(job.path("state").asString()).isEqualTo("FAILED");
        assertThat(job.path("error").path("kind").asString()).isEqualTo("EXPIRED");
        assertThat(job.path("error").path("message").asString()).isNotBlank();
        JsonNode told = contract.awaitNotification(submitter, id);
        assertThat(told.path("outcome").asString()).isEqualTo("FAILED");
        assertThat(told.path("error").path("kind").asString()).isEqualTo("EXPIRED");
    }
}
