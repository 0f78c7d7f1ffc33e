package azukari.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.dispatch.Pack.Ended;
import azukari.dispatch.Pack.Leftovers;
import azukari.job.Ending;
import azukari.job.RunRef;
import azukari.platform.Ids;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which of a pack's runs is whose, whenever it is broken up. */
class PackTest {
    private static final Verdict DONE = new Verdict(Ending.succeeded(null), List.of(), List.of());

    private final Run first = run();
    private final Run second = run();
    private final Run third = run();
    private final Pack pack = new Pack(List.of(first, second, third));

    @Test
    void its_runs_come_in_order_and_their_ends_are_committed_together() {
        for (Run run : List.of(first, second, third)) {
            assertThat(pack.next()).isSameAs(run);
            assertThat(pack.end(run, DONE)).isTrue();
        }
        assertThat(pack.next()).isNull();

        assertThat(pack.close()).extracting(Ended::run).containsExactly(first, second, third);
        assertThat(pack.isBrokenUp()).isFalse();
        assertThat(pack.breakUp()).as("too late").isNull();
    }

    @Test
    void a_break_up_takes_all_but_the_run_that_is_going_on() {
        pack.next();
        pack.end(first, DONE);
        pack.next();

        Leftovers leftovers = pack.breakUp();

        assertThat(leftovers.ended()).extracting(Ended::run).containsExactly(first);
        assertThat(leftovers.notBegun()).containsExactly(third);
        assertThat(leftovers.current()).isSameAs(second);
        assertThat(pack.end(second, DONE)).as("it goes on alone").isFalse();
        assertThat(pack.next()).isNull();
        assertThat(pack.close()).as("nothing is committed twice").isEmpty();
        assertThat(pack.isBrokenUp()).isTrue();
        assertThat(pack.breakUp()).as("once").isNull();
    }

    @Test
    void a_break_up_between_two_runs_leaves_the_lane_nothing() {
        pack.next();
        pack.end(first, DONE);

        Leftovers leftovers = pack.breakUp();

        assertThat(leftovers.current()).isNull();
        assertThat(leftovers.notBegun()).containsExactly(second, third);
        assertThat(pack.next()).isNull();
        assertThat(pack.close()).isEmpty();
    }

    @Test
    void a_pack_that_is_in_its_only_run_is_not_broken_up() {
        Pack single = new Pack(List.of(first));
        single.next();

        assertThat(single.breakUp()).isNull();
        assertThat(single.end(first, DONE)).isTrue();
        assertThat(single.close()).hasSize(1);
    }

    private static Run run() {
        UUID job = Ids.next();
        RunRef ref = new RunRef(job, 2, Ids.next(), "node-1", 1, 1, Instant.EPOCH);
        return new Run(null, null, ref, new ActiveRun(job, 1, false), null);
    }
}
