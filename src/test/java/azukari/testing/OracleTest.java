package azukari.testing;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.History.Job;
import azukari.testing.History.Notification;
import azukari.testing.History.Run;
import azukari.testing.Violation.Rule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A history without violations, and for each rule one that violates just that rule. */
class OracleTest {
    private static final Set<Rule> BROKEN = EnumSet.noneOf(Rule.class);

    private final Oracle oracle = new Oracle(Set.of("PUBLISH"), Set.of("PUBLISH"));

    @AfterAll
    static void everyRuleWasSeenToFail() {
        assertThat(BROKEN).isEqualTo(EnumSet.allOf(Rule.class));
    }

    @Test
    void a_history_with_a_retry_a_kill_and_a_failure_is_accepted() {
        assertThat(oracle.check(good().build())).isEmpty();
    }

    @Test
    void overlap_with_a_call_of_a_dead_process_is_accepted() {
        History.Builder history = good();
        // The call that the killed process left behind goes on at the outside while its successor repeats it.
        history.calls.set(0, call(1, "p1", 1, 0, 50, 0));

        assertThat(oracle.check(history.build())).isEmpty();
    }

    @Test
    void a_poisoned_job_without_a_terminal_run_is_accepted() {
        History.Builder history = good();
        history.jobs.add(new Job("x", "r9", "NOOP", "FAILED", "POISON", ""));
        history.runs.put("x", List.of(new Run(1, "INTERRUPTED"), new Run(2, "INTERRUPTED")));

        assertThat(oracle.check(history.build())).isEmpty();
    }

    @Test
    void a_lost_job_is_detected() {
        violates(Rule.ACCEPTED_EXISTS, "lost", history -> history.accepted.add(new Accepted("lost", "r7", "NOOP")));
    }

    @Test
    void a_job_that_belongs_to_another_request_is_detected() {
        violates(Rule.ACCEPTED_EXISTS, "n", history -> {
            history.accepted.clear();
            history.accepted.add(new Accepted("n", "r1", "OTHER"));
        });
    }

    @Test
    void two_jobs_for_one_request_are_detected() {
        violates(Rule.ONE_JOB_PER_REQUEST, "n2", history -> {
            history.jobs.add(new Job("n2", "r1", "NOOP", "SUCCEEDED", "", ""));
            history.runs.put("n2", List.of(new Run(1, "SUCCEEDED")));
        });
    }

    @Test
    void a_job_that_never_ends_is_detected() {
        violates(Rule.ENDED, "n", history -> history.jobs.set(0, new Job("n", "r1", "NOOP", "QUEUED", "", "")));
    }

    @Test
    void a_job_that_ended_twice_is_detected() {
        violates(
                Rule.ONE_OUTCOME,
                "n",
                history -> history.runs.put("n", List.of(new Run(1, "SUCCEEDED"), new Run(2, "SUCCEEDED"))));
    }

    @Test
    void an_outcome_that_no_run_had_is_detected() {
        violates(Rule.ONE_OUTCOME, "n", history -> history.runs.put("n", List.of(new Run(1, "INTERRUPTED"))));
    }

    @Test
    void an_outcome_other_than_that_of_the_last_run_is_detected() {
        violates(Rule.ONE_OUTCOME, "n", history -> history.runs.put("n", List.of(new Run(1, "FAILED"))));
    }

    @Test
    void a_run_that_continues_after_the_end_is_detected() {
        violates(
                Rule.ONE_OUTCOME,
                "n",
                history -> history.runs.put("n", List.of(new Run(1, "SUCCEEDED"), new Run(2, "RETRY"))));
    }

    @Test
    void a_run_number_used_twice_is_detected() {
        violates(
                Rule.LEDGER,
                "n",
                history -> history.runs.put("n", List.of(new Run(1, "RETRY"), new Run(1, "SUCCEEDED"))));
    }

    @Test
    void a_call_missing_from_the_ledger_is_detected() {
        violates(
                Rule.LEDGER,
                "p1",
                history -> history.runs.put("p1", List.of(new Run(3, "RETRY"), new Run(5, "SUCCEEDED"))));
    }

    @Test
    void a_call_by_a_run_that_is_said_not_to_have_begun_is_detected() {
        violates(
                Rule.NOT_BEGUN,
                "p1",
                history -> history.runs.put(
                        "p1", List.of(new Run(1, "INTERRUPTED"), new Run(3, "NOT_BEGUN"), new Run(5, "SUCCEEDED"))));
    }

    @Test
    void a_missing_alarm_is_detected() {
        violates(Rule.ONE_ALARM, "p1", history -> {
            history.emitted.put("p1", List.of());
            history.jobs.removeIf(job -> job.id().equals("a1"));
        });
    }

    @Test
    void a_second_alarm_is_detected() {
        violates(Rule.ONE_ALARM, "p1", history -> {
            Job second = alarm("a3", "p1");
            history.jobs.add(second);
            history.runs.put("a3", List.of(new Run(1, "SUCCEEDED")));
            List<Job> both = new ArrayList<>(history.emitted.get("p1"));
            both.add(second);
            history.emitted.put("p1", both);
        });
    }

    @Test
    void an_alarm_hidden_by_its_chain_is_detected() {
        violates(Rule.ONE_ALARM, "p1", history -> {
            history.jobs.add(alarm("a3", "p1"));
            history.runs.put("a3", List.of(new Run(1, "SUCCEEDED")));
        });
    }

    @Test
    void an_alarm_that_does_not_exist_is_detected() {
        violates(
                Rule.ONE_ALARM,
                "p1",
                history -> history.jobs.removeIf(job -> job.id().equals("a1")));
    }

    @Test
    void a_missing_notification_is_detected() {
        violates(Rule.ONE_NOTIFICATION, "p2", history -> history.notifications.remove(1));
    }

    @Test
    void a_second_notification_is_detected() {
        violates(
                Rule.ONE_NOTIFICATION,
                "p1",
                history -> history.notifications.add(new Notification("m3", "p1", "SUCCEEDED")));
    }

    @Test
    void a_notification_with_a_wrong_outcome_is_detected() {
        violates(
                Rule.ONE_NOTIFICATION,
                "p1",
                history -> history.notifications.set(0, new Notification("m1", "p1", "FAILED")));
    }

    @Test
    void a_falling_run_number_is_detected() {
        violates(Rule.RISING_RUNS, "p1", history -> {
            history.calls.set(0, call(1, "p1", 3, 0, 10, 0));
            history.calls.set(1, call(2, "p1", 1, 20, 30, 503));
        });
    }

    @Test
    void one_run_that_calls_twice_is_detected() {
        violates(Rule.RISING_RUNS, "p1", history -> history.calls.add(call(2, "p1", 5, 60, 70, 200)));
    }

    @Test
    void two_concurrent_calls_from_a_living_process_are_detected() {
        violates(Rule.NO_OVERLAP, "p1", history -> history.calls.set(1, call(2, "p1", 3, 20, 45, 503)));
    }

    @Test
    void a_call_concurrent_with_one_that_never_ends_is_detected() {
        violates(Rule.NO_OVERLAP, "p1", history -> history.calls.set(1, call(2, "p1", 3, 20, Call.GOING_ON, 0)));
    }

    @Test
    void a_success_without_the_work_is_detected() {
        violates(Rule.EFFECT_BEFORE_SUCCESS, "p1", history -> history.calls.set(2, call(2, "p1", 5, 40, 50, 503)));
    }

    @Test
    void a_call_for_a_job_that_does_not_exist_is_detected() {
        violates(Rule.KNOWN_CALLER, "ghost", history -> history.calls.add(call(2, "ghost", 1, 60, 70, 200)));
    }

    private void violates(Rule rule, String job, Consumer<History.Builder> fault) {
        History.Builder history = good();
        fault.accept(history);

        List<Violation> violations = oracle.check(history.build());

        assertThat(violations).isNotEmpty().allSatisfy(violation -> {
            assertThat(violation.rule()).isEqualTo(rule);
            assertThat(violation.job()).contains(job);
        });
        BROKEN.add(rule);
    }

    /**
     * A NOOP answered twice; a PUBLISH whose first run was killed, whose second was told to come again and whose third succeeded; a PUBLISH
     * that failed for good; and their alarms.
     */
    private static History.Builder good() {
        History.Builder history = History.builder();
        history.accepted.add(new Accepted("n", "r1", "NOOP"));
        history.accepted.add(new Accepted("n", "r1", "NOOP"));
        history.accepted.add(new Accepted("p1", "r2", "PUBLISH"));
        history.accepted.add(new Accepted("p2", "r3", "PUBLISH"));

        history.jobs.add(new Job("n", "r1", "NOOP", "SUCCEEDED", "", ""));
        history.jobs.add(new Job("p1", "r2", "PUBLISH", "SUCCEEDED", "", ""));
        history.jobs.add(new Job("p2", "r3", "PUBLISH", "FAILED", "REJECTED", ""));
        history.jobs.add(alarm("a1", "p1"));
        history.jobs.add(alarm("a2", "p2"));

        history.runs.put("n", List.of(new Run(1, "SUCCEEDED")));
        history.runs.put("p1", List.of(new Run(1, "INTERRUPTED"), new Run(3, "RETRY"), new Run(5, "SUCCEEDED")));
        history.runs.put("p2", List.of(new Run(1, "FAILED")));
        history.runs.put("a1", List.of(new Run(1, "SUCCEEDED")));
        history.runs.put("a2", List.of(new Run(1, "SUCCEEDED")));

        history.emitted.put("p1", List.of(alarm("a1", "p1")));
        history.emitted.put("p2", List.of(alarm("a2", "p2")));
        history.notifications.add(new Notification("m1", "p1", "SUCCEEDED"));
        history.notifications.add(new Notification("m2", "p2", "FAILED"));

        history.calls.add(call(1, "p1", 1, 0, 10, 0));
        history.calls.add(call(2, "p1", 3, 20, 30, 503));
        history.calls.add(call(2, "p1", 5, 40, 50, 200));
        history.calls.add(call(1, "p2", 1, 5, 15, 400));
        return history;
    }

    private static Job alarm(String id, String parent) {
        return new Job(id, "", "CREATE_ALARM", "SUCCEEDED", "", parent);
    }

    private static Call call(int epoch, String job, long run, long begin, long end, int status) {
        return new Call(epoch, "/publish", job, run, 1, "{}", begin, end, status);
    }
}
