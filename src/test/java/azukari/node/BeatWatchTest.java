package azukari.node;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.node.NodeTable.Node;
import azukari.platform.Ids;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Rule 4: who is dead. Times are seconds of this node's own monotonic clock. */
class BeatWatchTest {
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private final BeatWatch watch = new BeatWatch(WINDOW);
    private final UUID incarnation = Ids.next();

    @Test
    void rule_4_a_beat_that_stands_still_for_the_window_means_dead() {
        for (int second = 0; second < 10; second++) {
            assertThat(pass(second, node(7))).as("second " + second).isEmpty();
        }
        assertThat(pass(10, node(7))).extracting(Node::name).containsExactly("other");
    }

    @Test
    void rule_4_a_beat_that_moves_or_a_new_incarnation_starts_the_window_again() {
        pass(0, node(7));
        for (int second = 1; second <= 9; second++) {
            pass(second, node(7));
        }
        assertThat(pass(9, node(8))).isEmpty();
        assertThat(pass(12, node(8))).isEmpty();
        assertThat(pass(13, new Node("other", incarnation, Ids.next(), 8, false)))
                .isEmpty();
        for (int second = 14; second <= 22; second++) {
            assertThat(pass(second, node(8))).as("second " + second).isEmpty();
        }
    }

    @Test
    void rule_4_what_was_seen_before_a_gap_in_ones_own_beats_counts_no_more() {
        for (int second = 0; second <= 4; second++) {
            pass(second, node(7));
        }
        // This node was paused, or without a database, for six seconds: others may have been as well.
        assertThat(pass(11, node(7))).isEmpty();
        assertThat(pass(15, node(7))).isEmpty();
        assertThat(pass(19, node(7))).isEmpty();
        assertThat(pass(21, node(7))).hasSize(1);
    }

    @Test
    void rule_4_a_node_that_could_not_beat_for_half_the_window_may_not_claim() {
        assertThat(watch.mayClaim(seconds(0))).as("before the first beat").isFalse();
        watch.ownBeat(seconds(1));
        assertThat(watch.mayClaim(seconds(6))).isTrue();
        assertThat(watch.mayClaim(seconds(6) + 1)).isFalse();
        watch.ownBeat(seconds(20));
        assertThat(watch.mayClaim(seconds(20))).isTrue();
    }

    @Test
    void a_node_never_takes_itself_for_dead_nor_one_that_signed_off() {
        for (int second = 0; second <= 30; second++) {
            watch.ownBeat(seconds(second));
            List<Node> rows = List.of(
                    new Node("self", incarnation, incarnation, 1, false),
                    new Node("gone", incarnation, incarnation, 1, true));
            assertThat(watch.observe(rows, "self", seconds(second))).isEmpty();
        }
    }

    private List<Node> pass(int second, Node row) {
        watch.ownBeat(seconds(second));
        return watch.observe(List.of(row), "self", seconds(second));
    }

    private Node node(long beat) {
        return new Node("other", incarnation, incarnation, beat, false);
    }

    private static long seconds(long count) {
        return Duration.ofSeconds(count).toNanos();
    }
}
