package azukari.node;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import azukari.dispatch.Bench;
import azukari.dispatch.Suspects;
import azukari.job.Job;
import azukari.job.JobState;
import azukari.job.RunOutcome;
import azukari.platform.Ids;
import azukari.recovery.Rescuer;
import azukari.testing.BadRows;
import azukari.testing.Store;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is taken back, and what is left alone. */
@ParameterizedClass
@EnumSource(Store.class)
class RescuerTest {

    private static final String TYPE = """
            code: %s
            title: A test's work
            description: A test's event type.
            owner: tests
            body: {type: object}
            examples: [{}]
            handler: {bean: noop}
            onCrash: %s
            """;

    @Parameter
    private Store store;

    private Bench bench;
    private Rescuer rescuer;

    @BeforeEach
    void open() {
        bench = new Bench(store, Map.of("once.yaml", TYPE.formatted("ONCE", "ask")));
        rescuer = new Rescuer(
                bench.store.database(),
                bench.exits,
                bench.activeRuns,
                new Suspects(bench.exits, bench.clock),
                bench.clock);
        Nodes.put(bench.store.database(), "node-1", Ids.next(), bench.me.id());
    }

    @AfterEach
    void close() {
        bench.close();
    }

    /** Rule 3: a row that says RUNNING here, while no thread here is working on it. */
    @Test
    void rule_3_an_own_run_that_was_never_begun_is_queued_again_whatever_on_crash_says() {
        Job job = bench.accept(anOrder().code("ONCE").build());
        bench.claim(job);

        rescuer.takeOrphans();
        assertThat(bench.read(job.id()).state()).as("it is no orphan").isEqualTo(JobState.RUNNING);
        rescuer.compareOwn(bench.me);

        Job back = bench.read(job.id());
        assertThat(back.state()).isEqualTo(JobState.QUEUED);
        assertThat(back.attempt()).isZero();
        assertThat(bench.outboxOf(back)).contains(back.fence());
        assertThat(bench.runsOf(job)).singleElement().satisfies(run -> assertThat(run.outcome())
                .isEqualTo(RunOutcome.NOT_BEGUN));
    }

    /** In a rolling deployment, say: a node that has the type will know what it asks for after a crash. */
    @Test
    void an_orphan_whose_type_this_node_does_not_know_is_left_to_one_that_does() {
        Job job = bench.accept(anOrder().code("NEWER").build());
        bench.claim(job);
        bench.store.database().inTransaction(tx -> {
            NodeTable.signOff(tx, "node-1", bench.me.id());
            return null;
        });

        rescuer.takeOrphans();

        Job back = bench.read(job.id());
        assertThat(back.state()).isEqualTo(JobState.QUEUED);
        assertThat(back.doubtful()).isTrue();
        assertThat(bench.runsOf(job)).singleElement().satisfies(run -> assertThat(run.outcome())
                .isEqualTo(RunOutcome.INTERRUPTED));
    }

    /** A claim whose answer was lost may be committed, and found by nobody, before its node signs off. */
    @Test
    void rule_4_what_is_still_running_when_its_node_signs_off_is_taken_back_by_others() {
        Job job = bench.accept(anOrder().build());
        bench.claim(job);
        bench.store.database().inTransaction(tx -> {
            NodeTable.signOff(tx, "node-1", bench.me.id());
            return null;
        });

        rescuer.takeOrphans();

        assertThat(bench.read(job.id()).state()).isEqualTo(JobState.QUEUED);
    }

    /** Rule 5 and rule 4: when a node's incarnation is over, its runs are anybody's to take back, once. */
    @Test
    void rule_4_the_runs_of_an_incarnation_that_is_over_are_taken_back_once() {
        Job job = bench.accept(anOrder().build());
        bench.claim(job);
        bench.store.database().inTransaction(tx -> {
            NodeTable.Node seen = NodeTable.find(tx, "node-1").orElseThrow();
            return NodeTable.retire(tx, seen, Ids.next());
        });

        rescuer.takeOrphans();
        rescuer.takeOrphans();

        assertThat(bench.read(job.id()).state()).isEqualTo(JobState.QUEUED);
        assertThat(bench.read(job.id()).fence()).isEqualTo(3);
        assertThat(bench.runsOf(job)).hasSize(1);
    }

    @Test
    void a_run_that_cannot_be_taken_back_does_not_stop_the_others() {
        Job bad = bench.accept(anOrder().build());
        Job other = bench.accept(anOrder().build());
        bench.claim(bad);
        bench.claim(other);
        BadRows.refuseState(bench.store.database(), bad.id(), "QUEUED");

        rescuer.compareOwn(bench.me);
        assertThat(bench.read(other.id()).state()).as("an own run").isEqualTo(JobState.QUEUED);

        bench.claim(bench.read(other.id()));
        bench.store.database().inTransaction(tx -> {
            NodeTable.signOff(tx, "node-1", bench.me.id());
            return null;
        });
        rescuer.takeOrphans();
        assertThat(bench.read(other.id()).state()).as("an orphan").isEqualTo(JobState.QUEUED);
        assertThat(bench.read(bad.id()).state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void a_pass_says_in_one_line_how_many_runs_it_took_back() {
        bench.accept(IntStream.range(0, 3).mapToObj(i -> anOrder().build()).toList())
                .forEach(bench::claim);
        bench.store.database().inTransaction(tx -> {
            NodeTable.signOff(tx, "node-1", bench.me.id());
            return null;
        });

        assertThat(logged(rescuer::takeOrphans)).containsExactly("runs that were taken back from node node-1: 3");
    }

    @Test
    void a_comparison_says_in_one_line_how_many_of_its_own_runs_it_took_back() {
        bench.accept(IntStream.range(0, 3).mapToObj(i -> anOrder().build()).toList())
                .forEach(bench::claim);

        assertThat(logged(() -> rescuer.compareOwn(bench.me)))
                .singleElement(STRING)
                .endsWith("were taken back: 3");
    }

    /** What the rescuer says at the levels that operators see. */
    private static List<String> logged(Runnable work) {
        List<String> lines = new ArrayList<>();
        Logger logger = Logger.getLogger(Rescuer.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                if (line.getLevel().intValue() >= Level.INFO.intValue()) {
                    lines.add(MessageFormat.format(line.getMessage(), line.getParameters()));
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        try {
            work.run();
        } finally {
            logger.removeHandler(handler);
        }
        return lines;
    }
}
