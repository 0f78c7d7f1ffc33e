package azukari.testing;

import static azukari.testing.JobAssert.assertThatJob;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import azukari.job.ErrorKind;
import azukari.job.Job;
import azukari.job.JobError;
import azukari.job.JobState;
import azukari.job.Waiting;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JobAssertTest {
    private static final UUID ID = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");

    static Stream<Arguments> holding() {
        return Stream.of(
                holds(new StubJob(JobState.QUEUED, null, null), JobAssert::isQueued),
                holds(new StubJob(JobState.RUNNING, null, null), JobAssert::isRunning),
                holds(new StubJob(JobState.WAITING, Waiting.BACKOFF, null), job -> job.isWaitingFor(Waiting.BACKOFF)),
                holds(new StubJob(JobState.SUCCEEDED, null, null), JobAssert::hasSucceeded),
                holds(
                        new StubJob(JobState.FAILED, null, ErrorKind.TIMEOUT),
                        job -> job.hasFailedWith(ErrorKind.TIMEOUT)),
                holds(new StubJob(JobState.CANCELLED, null, null), JobAssert::isCancelled),
                holds(new StubJob(JobState.UNCERTAIN, null, null), JobAssert::isUncertain));
    }

    private static Arguments holds(Job job, Consumer<JobAssert> assertion) {
        return Arguments.of(job.state(), job, assertion);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("holding")
    void each_assertion_accepts_a_job_in_its_state_and_rejects_all_others(
            JobState state, Job matching, Consumer<JobAssert> assertion) {
        assertThatCode(() -> assertion.accept(assertThatJob(matching))).doesNotThrowAnyException();
        for (JobState other : JobState.values()) {
            if (other != state) {
                StubJob job = new StubJob(other, null, null);
                assertThatThrownBy(() -> assertion.accept(assertThatJob(job)))
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("to be " + state + ", but it is " + other);
            }
        }
    }

    @Test
    void a_failure_message_describes_the_job() {
        StubJob waiting = new StubJob(JobState.WAITING, Waiting.BACKOFF, ErrorKind.HANDLER);

        assertThatThrownBy(() -> assertThatJob(waiting).hasSucceeded())
                .hasMessage("Expected job " + ID + " (NOOP) to be SUCCEEDED, but it is WAITING for BACKOFF, run 2, "
                        + "attempt 1 of 3, fence 7, error HANDLER: 100% broken");
        assertThatThrownBy(() -> assertThatJob(waiting).isWaitingFor(Waiting.TIME))
                .hasMessageContaining("to wait for TIME, but it is WAITING for BACKOFF");
    }

    @Test
    void the_kind_of_error_has_to_match() {
        assertThatThrownBy(() -> assertThatJob(new StubJob(JobState.FAILED, null, ErrorKind.EXPIRED))
                        .hasFailedWith(ErrorKind.HANDLER))
                .hasMessageContaining("to have failed with HANDLER, but it is FAILED")
                .hasMessageContaining("error EXPIRED");
        assertThatThrownBy(() ->
                        assertThatJob(new StubJob(JobState.FAILED, null, null)).hasFailedWith(ErrorKind.HANDLER))
                .hasMessageContaining("to have failed with HANDLER");
    }

    @Test
    void fence_and_attempt_have_to_match() {
        StubJob job = new StubJob(JobState.RUNNING, null, null);

        assertThatJob(job).isRunning().hasFence(7).hasAttempt(1);
        assertThatThrownBy(() -> assertThatJob(job).hasFence(8))
                .hasMessageContaining("to have fence 8, but it is RUNNING, run 2, attempt 1 of 3, fence 7");
        assertThatThrownBy(() -> assertThatJob(job).hasAttempt(2)).hasMessageContaining("to have attempt 2");
    }

    @Test
    void a_missing_job_fails_every_assertion() {
        assertThatThrownBy(() -> assertThatJob(null).isQueued()).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> assertThatJob(null).hasFence(1)).isInstanceOf(AssertionError.class);
    }

    /** A job in a given state, without a database. */
    private static final class StubJob extends Job {
        private final JobState state;
        private final Waiting waitingFor;
        private final ErrorKind errorKind;

        StubJob(JobState state, Waiting waitingFor, ErrorKind errorKind) {
            this.state = state;
            this.waitingFor = waitingFor;
            this.errorKind = errorKind;
        }

        @Override
        public UUID id() {
            return ID;
        }

        @Override
        public String code() {
            return "NOOP";
        }

        @Override
        public JobState state() {
            return state;
        }

        @Override
        public Waiting waitingFor() {
            return waitingFor;
        }

        @Override
        public JobError error() {
            return errorKind == null ? null : new JobError(errorKind, "100% broken");
        }

        @Override
        public int run() {
            return 2;
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public int maxAttempts() {
            return 3;
        }

        @Override
        public long fence() {
            return 7;
        }
    }
}
