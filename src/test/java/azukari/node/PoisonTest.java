package azukari.node;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.dispatch.Bench;
import azukari.dispatch.Incarnation;
import azukari.dispatch.Suspects;
import azukari.handler.Outcome;
import azukari.job.ErrorKind;
import azukari.job.Job;
import azukari.job.JobState;
import azukari.platform.Ids;
import azukari.recovery.Rescuer;
import azukari.testing.Store;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 7: which deaths of the process count against a job, and what three of them do. */
@ParameterizedClass
@EnumSource(Store.class)
class PoisonTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String TYPE = """
            code: %1$s
            title: A test's work
            description: A test's event type.
            owner: tests
            body: {type: object}
            examples: [{}]
            handler: {bean: noop}
            onCrash: %2$s
            onFailed: [CREATE_ALARM]
            """;

    @Parameter
    private Store store;

    private Bench bench;
    private Rescuer rescuer;
    private final UUID instance = Ids.next();
    /** Whoever runs the next run. */
    private Incarnation node = new Incarnation(Ids.next(), "node-1");

    @BeforeEach
    void open() {
        bench = new Bench(
                store,
                Map.of("work.yaml", TYPE.formatted("WORK", "rerun"), "probed.yaml", TYPE.formatted("PROBED", "probe")));
        rescuer = new Rescuer(
                bench.store.database(),
                bench.exits,
                bench.activeRuns,
                new Suspects(bench.exits, bench.clock),
                bench.clock);
        Nodes.put(bench.store.database(), "node-1", instance, node.id());
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void rule_7_three_deaths_with_nobody_beside_it_quarantine_a_job_and_its_alarm_follows() {
        Job killer = accept("WORK");
        for (int death = 1; death <= 3; death++) {
            assertThat(read(killer).state()).as("before death %d", death).isEqualTo(JobState.QUEUED);
            claim(killer);
            dieAndRestart();
        }

        assertThat(read(killer).state()).isEqualTo(JobState.FAILED);
        assertThat(read(killer).error().kind()).isEqualTo(ErrorKind.POISON);
        assertThat(bench.runsOf(killer)).hasSize(3);
        assertThat(bench.chainOf(killer)).extracting(Job::code).containsExactly("WORK", "CREATE_ALARM");
    }

    @Test
    void rule_7_innocent_jobs_beside_it_use_up_no_attempt_and_are_never_blamed() {
        Job killer = accept("WORK");
        List<Job> innocent = Stream.generate(() -> accept("WORK")).limit(5).toList();

        for (int death = 1; death <= 2; death++) {
            claim(killer);
            innocent.forEach(this::claim);
            assertThat(read(killer).suspect()).as("before death %d", death).isFalse();
            dieAndRestart();
        }
        assertThat(Stream.concat(innocent.stream(), Stream.of(killer)))
                .as("two deaths in a row, and any of them may be to blame")
                .allMatch(job -> read(job).suspect());
        for (int death = 3; death <= 5; death++) {
            assertThat(read(killer).state()).as("before death %d", death).isEqualTo(JobState.QUEUED);
            claim(killer); // One suspect at a time.
            dieAndRestart();
        }

        assertThat(read(killer).error().kind()).isEqualTo(ErrorKind.POISON);
        assertThat(innocent).allSatisfy(job -> {
            assertThat(read(job).state()).isEqualTo(JobState.QUEUED);
            assertThat(read(job).attempt()).isZero();
            assertThat(bench.runsOf(job)).hasSize(2).noneMatch(run -> run.counts());
        });
    }

    @Test
    void rule_7_a_new_job_beside_a_suspect_is_not_blamed_but_the_suspect_is() {
        Job killer = accept("WORK");
        claim(killer);
        dieAndRestart();
        for (int death = 2; death <= 3; death++) {
            Job fresh = accept("WORK");
            claim(killer);
            claim(fresh);
            dieAndRestart();
            assertThat(read(fresh).state()).isEqualTo(JobState.QUEUED);
            assertThat(read(fresh).suspect()).isFalse();
        }

        assertThat(read(killer).error().kind()).isEqualTo(ErrorKind.POISON);
    }

    @Test
    void rule_7_a_suspect_that_ends_a_run_by_itself_is_a_suspect_no_more() {
        Job job = accept("WORK");
        for (int death = 1; death <= 2; death++) {
            claim(job);
            dieAndRestart();
        }
        assertThat(read(job).suspect()).isTrue();

        claim(job);
        bench.end(job, Outcome.retry("not yet"));
        bench.letPass(MINUTE);

        assertThat(read(job).suspect()).isFalse();
        claim(job);
        dieAndRestart();
        assertThat(read(job).state()).as("the count began anew").isEqualTo(JobState.QUEUED);
    }

    @Test
    void rule_7_a_rescue_counts_as_well_and_a_node_that_was_only_frozen_takes_its_death_back() {
        Job job = accept("WORK");
        for (int freeze = 1; freeze <= 4; freeze++) {
            claim(job);
            rescue();
            assertThat(read(job).state()).as("after freeze %d", freeze).isEqualTo(JobState.QUEUED);
            comeBack();
        }

        for (int death = 1; death <= 3; death++) {
            claim(job);
            rescue();
            dieAndRestart();
        }
        assertThat(read(job).error().kind()).isEqualTo(ErrorKind.POISON);
    }

    /** Two pauses of a virtual machine, say: nothing that ran then runs by itself, one at a time, from then on. */
    @Test
    void rule_7_a_freeze_makes_nobody_a_suspect_however_many_ran() {
        List<Job> jobs = List.of(accept("WORK"), accept("WORK"), accept("WORK"));
        for (int freeze = 1; freeze <= 4; freeze++) {
            jobs.forEach(this::claim);
            rescue();
            comeBack();
        }

        assertThat(jobs).noneMatch(job -> read(job).suspect());
        jobs.forEach(this::claim);
        rescue();
        dieAndRestart();
        jobs.forEach(this::claim);
        dieAndRestart();
        assertThat(jobs).as("two deaths are two deaths").allMatch(job -> read(job)
                .suspect());
    }

    @Test
    void rule_7_what_a_stop_cuts_off_is_nobodys_fault() {
        Job job = accept("WORK");
        for (int stop = 1; stop <= 4; stop++) {
            claim(job);
            bench.store.database().inTransaction(tx -> {
                NodeTable.drain(tx, node.node(), node.id());
                return null;
            });
            dieAndRestart();
        }

        assertThat(read(job).state()).isEqualTo(JobState.QUEUED);
        assertThat(read(job).suspect()).isFalse();
    }

    @Test
    void rule_7_a_poisonous_job_whose_effect_may_not_be_repeated_is_for_somebody_to_see_to() {
        Job job = accept("PROBED");
        for (int death = 1; death <= 3; death++) {
            claim(job);
            dieAndRestart();
        }

        assertThat(read(job).state()).isEqualTo(JobState.UNCERTAIN);
        assertThat(read(job).error().kind()).isEqualTo(ErrorKind.POISON);
    }

    @Test
    void a_retry_of_a_quarantined_job_begins_to_count_anew() {
        Job job = accept("WORK");
        for (int death = 1; death <= 3; death++) {
            claim(job);
            dieAndRestart();
        }

        bench.operations.retry(job.id());
        claim(job);
        dieAndRestart();

        assertThat(read(job).state()).isEqualTo(JobState.QUEUED);
        assertThat(read(job).generation()).isEqualTo(1);
    }

    private Job accept(String code) {
        return bench.accept(anOrder().code(code).build());
    }

    private Job read(Job job) {
        return bench.read(job.id());
    }

    private void claim(Job job) {
        bench.claim(read(job), node);
    }

    /** On the same data folder: it is known at once that the process is dead. */
    private void dieAndRestart() {
        node = bench.store.database().inTransaction(tx -> {
            Incarnation next = new Incarnation(Ids.next(), "node-1");
            assertThat(NodeTable.take(tx, NodeTable.find(tx, "node-1").orElseThrow(), instance, next.id()))
                    .isTrue();
            return next;
        });
        rescuer.takeOrphans();
    }

    /** By another node, which has not seen it beat. */
    private void rescue() {
        bench.store.database().inTransaction(tx -> {
            assertThat(NodeTable.retire(tx, NodeTable.find(tx, "node-1").orElseThrow(), Ids.next()))
                    .isTrue();
            return null;
        });
        rescuer.takeOrphans();
    }

    private void comeBack() {
        node = bench.store.database().inTransaction(tx -> {
            Incarnation next = new Incarnation(Ids.next(), "node-1");
            assertThat(NodeTable.renew(tx, "node-1", instance, next.id())).isTrue();
            return next;
        });
    }
}
