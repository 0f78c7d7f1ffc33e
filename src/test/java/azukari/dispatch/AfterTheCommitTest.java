package azukari.dispatch;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import azukari.database.DatabaseUnavailableException;
import azukari.handler.Outcome;
import azukari.intake.Intake;
import azukari.intake.Submission;
import azukari.job.ErrorKind;
import azukari.job.Job;
import azukari.job.JobState;
import azukari.job.RunRef;
import azukari.platform.Json;
import azukari.platform.Telemetry;
import azukari.testing.Store;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is counted has happened, and what outlived its time is ended wherever it waits. */
class AfterTheCommitTest {
    /** No other test counts under it. */
    private final String code = "COUNTED_" + ThreadLocalRandom.current().nextInt(1_000_000);

    private final FaultySource faults = new FaultySource();
    private final Bench bench = new Bench(Store.H2, Map.of("counted.yaml", """
                    code: %s
                    title: Work that is counted
                    description: A test's event type.
                    owner: tests
                    body: {type: object}
                    examples: [{}]
                    handler: {bean: noop}
                    """.formatted(code)), faults::over);

    @AfterEach
    void close() {
        faults.comeBack();
        bench.close();
    }

    @Test
    void an_accept_that_is_not_committed_is_not_counted() throws Exception {
        Intake intake = new Intake(bench.catalog, bench.committer, bench.database, bench.clock);
        Submission submission =
                new Submission(code, UUID.randomUUID().toString(), Json.object(), "tester", 4, null, null);
        faults.refuseCommits();
        assertThatThrownBy(() -> intake.accept(submission)).isInstanceOf(DatabaseUnavailableException.class);
        assertThat(count("azukari.events.accepted")).isZero();

        faults.comeBack();
        intake.accept(submission);
        assertThat(count("azukari.events.accepted")).isEqualTo(1);
    }

    @Test
    void an_end_that_is_not_committed_is_not_counted() {
        Job job = bench.accept(anOrder().code(code).build());
        RunRef run = bench.claim(job);
        Job running = bench.read(job.id());
        Verdict verdict = bench.verdicts.of(bench.workOf(running), Outcome.succeeded());
        faults.refuseCommits();
        assertThatThrownBy(() -> bench.leave(running, run, verdict)).isInstanceOf(DatabaseUnavailableException.class);
        assertThat(count("azukari.jobs.ended")).isZero();
        assertThat(count("azukari.runs.ended")).isZero();

        faults.comeBack();
        assertThat(bench.leave(running, run, verdict)).isTrue();
        assertThat(bench.leave(running, run, verdict)).as("too late").isFalse();

        assertThat(count("azukari.jobs.ended")).isEqualTo(1);
        assertThat(count("azukari.runs.ended")).isEqualTo(1);
    }

    /** Its lane has no consumer here: nobody but the look at what is due can end it. */
    @Test
    void rule_21_a_queued_job_ends_when_it_expires_and_is_counted_only_then() {
        Job job = bench.accept(
                anOrder().code(code).expireAfter(Duration.ofMinutes(1)).build());
        Job other = bench.accept(
                anOrder().code(code).expireAfter(Duration.ofMinutes(2)).build());
        bench.letPass(Duration.ofSeconds(59));
        assertThat(bench.read(job.id()).state()).isEqualTo(JobState.QUEUED);
        bench.clock.advance(Duration.ofSeconds(1));
        faults.refuseCommits();
        assertThatThrownBy(bench.dueJobs::pass).isInstanceOf(DatabaseUnavailableException.class);
        assertThat(count("azukari.jobs.ended")).isZero();

        faults.comeBack();
        bench.dueJobs.pass();

        assertThat(bench.read(job.id()).state()).isEqualTo(JobState.FAILED);
        assertThat(bench.read(job.id()).error().kind()).isEqualTo(ErrorKind.EXPIRED);
        assertThat(bench.read(other.id()).state()).isEqualTo(JobState.QUEUED);
        assertThat(bench.claims(job.id(), job.fence()))
                .as("its message comes too late")
                .isFalse();
        assertThat(count("azukari.jobs.ended")).isEqualTo(1);
    }

    private double count(String counter) {
        return Telemetry.registry().find(counter).tag("code", code).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }
}
