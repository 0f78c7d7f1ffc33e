package azukari.testing;

import azukari.job.ErrorKind;
import azukari.job.Job;
import azukari.job.JobState;
import azukari.job.Waiting;
import org.assertj.core.api.AbstractAssert;

/** Assertions on a job as it was read from the database; every failure message describes the whole job. */
public final class JobAssert extends AbstractAssert<JobAssert, Job> {
    private JobAssert(Job actual) {
        super(actual, JobAssert.class);
    }

    public static JobAssert assertThatJob(Job job) {
        return new JobAssert(job);
    }

    public JobAssert isQueued() {
        return isIn(JobState.QUEUED);
    }

    public JobAssert isRunning() {
        return isIn(JobState.RUNNING);
    }

    public JobAssert isWaitingFor(Waiting expected) {
        isIn(JobState.WAITING);
        return check(actual.waitingFor() == expected, "wait for " + expected);
    }

    public JobAssert hasSucceeded() {
        return isIn(JobState.SUCCEEDED);
    }

    public JobAssert hasFailedWith(ErrorKind expected) {
        isIn(JobState.FAILED);
        return check(actual.error() != null && actual.error().kind() == expected, "have failed with " + expected);
    }

    public JobAssert isCancelled() {
        return isIn(JobState.CANCELLED);
    }

    public JobAssert isUncertain() {
        return isIn(JobState.UNCERTAIN);
    }

    public JobAssert hasFence(long expected) {
        isNotNull();
        return check(actual.fence() == expected, "have fence " + expected);
    }

    public JobAssert hasAttempt(int expected) {
        isNotNull();
        return check(actual.attempt() == expected, "have attempt " + expected);
    }

    private JobAssert isIn(JobState expected) {
        isNotNull();
        return check(actual.state() == expected, "be " + expected);
    }

    private JobAssert check(boolean holds, String expectation) {
        if (!holds) {
            failWithMessage(
                    "Expected job %s (%s) to %s, but it is %s", actual.id(), actual.code(), expectation, description());
        }
        return this;
    }

    private String description() {
        StringBuilder text = new StringBuilder(actual.state().name());
        if (actual.waitingFor() != null) {
            text.append(" for ").append(actual.waitingFor());
        }
        text.append(", run ").append(actual.run());
        text.append(", attempt ").append(actual.attempt()).append(" of ").append(actual.maxAttempts());
        text.append(", fence ").append(actual.fence());
        if (actual.error() != null) {
            text.append(", error ")
                    .append(actual.error().kind())
                    .append(": ")
                    .append(actual.error().message());
        }
        return text.toString();
    }
}
