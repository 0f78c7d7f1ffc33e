package azukari.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SetAsideTest {
    private final SetAside<Integer> aside = new SetAside<>("the test's work");
    private final List<Integer> done = new ArrayList<>();

    /** Work like a transaction: all of it or nothing. */
    private Consumer<List<Integer>> failingAt(Set<Integer> bad, RuntimeException failure) {
        return rows -> {
            if (rows.stream().anyMatch(bad::contains)) {
                throw failure;
            }
            done.addAll(rows);
        };
    }

    @Test
    void the_rows_that_fail_are_set_aside_and_all_others_are_done_once() {
        List<Integer> rows = IntStream.range(0, 100).boxed().toList();

        aside.each(rows, failingAt(Set.of(0, 41, 42, 99), new IllegalStateException("by the test")));

        assertThat(done).doesNotHaveDuplicates().hasSize(96);
        assertThat(aside.count()).isEqualTo(4);
        assertThat(aside.without(rows)).doesNotContain(0, 41, 42, 99).hasSize(96);
    }

    @Test
    void a_row_is_tried_again_after_a_pause_and_forgotten_when_it_succeeds() {
        SetAside<Integer> brief = new SetAside<>("the test's work", Duration.ofMillis(50));
        brief.each(List.of(7), failingAt(Set.of(7), new IllegalStateException("by the test")));
        await().until(() -> brief.without(List.of(7)).equals(List.of(7)));

        brief.each(List.of(7), failingAt(Set.of(), new IllegalStateException()));

        assertThat(done).containsExactly(7);
        assertThat(brief.holds(7)).isFalse();
    }

    @Test
    void what_is_no_rows_fault_stops_the_work_and_sets_nothing_aside() {
        for (RuntimeException failure : List.of(
                new DatabaseUnavailableException(new IllegalStateException("by the test")),
                new TransactionConflictException(new IllegalStateException("by the test")))) {
            assertThatThrownBy(() -> aside.each(List.of(1, 2), failingAt(Set.of(2), failure)))
                    .isSameAs(failure);
        }
        assertThat(done).isEmpty();
        assertThat(aside.count()).isZero();
    }

    /** Whatever it is, it is not in the rows, and a warning for each would bury the reason. */
    @Test
    void if_very_many_fail_the_work_stops() {
        List<Integer> rows = IntStream.range(0, 2_000).boxed().toList();

        assertThatThrownBy(() -> aside.each(rows, some -> {
                    throw new IllegalStateException("by the test");
                }))
                .hasMessage("by the test");
        assertThat(aside.count()).isEqualTo(1_000);
    }

    /** Otherwise one bad row would stop all others for good, once there had been very many. */
    @Test
    void once_their_pause_is_over_very_many_failures_stop_nothing() {
        SetAside<Integer> brief = new SetAside<>("the test's work", Duration.ofSeconds(5));
        List<Integer> rows = IntStream.range(0, 2_000).boxed().toList();
        assertThatThrownBy(() -> brief.each(rows, some -> {
                    throw new IllegalStateException("by the test");
                }))
                .hasMessage("by the test");
        await().atMost(Duration.ofSeconds(30)).until(() -> brief.count() == 0);

        brief.each(rows, failingAt(Set.of(7), new IllegalStateException("by the test")));

        assertThat(done).hasSize(1_999);
    }
}
