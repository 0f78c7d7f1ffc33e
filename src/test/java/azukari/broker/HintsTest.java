package azukari.broker;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.broker.Hint.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class HintsTest {
    @Test
    void what_is_written_reads_back() {
        List<Hint> hints = List.of(
                new Hint(Kind.JOB_CHANGED, "01a20a8f-4a47-7000-b1a6-26e96a562003"),
                new Hint(Kind.LIMITS_CHANGED, "a channel"),
                new Hint(Kind.FEED_GREW, ""));

        assertThat(Hints.read(Hints.write(hints))).isEqualTo(hints);
    }

    @Test
    void what_a_newer_node_says_is_left_out() {
        assertThat(Hints.read("MOON_ROSE tonight\nFEED_GREW \nnonsense\n"))
                .containsExactly(new Hint(Kind.FEED_GREW, ""));
    }
}
