package azukari.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How one unit's failure is kept from the others, without a database: a transaction here keeps its rows, or none. */
class GroupRunTest {
    private final List<Integer> table = new ArrayList<>();
    private final Map<Integer, Integer> conflictsLeft = new HashMap<>();
    private final List<Integer> sizes = new ArrayList<>();
    private Function<Integer, Throwable> fault = input -> null;

    private List<Integer> transaction(List<Integer> inputs) {
        sizes.add(inputs.size());
        for (int input : inputs) {
            if (conflictsLeft.merge(input, -1, Integer::sum) >= 0) {
                throw new TransactionConflictException(new IllegalStateException("by the test"));
            }
            Throwable failure = fault.apply(input);
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof RuntimeException exception) {
                throw exception;
            }
        }
        table.addAll(inputs);
        return inputs.stream().map(input -> -input).toList();
    }

    private static IntStream positions() {
        return IntStream.range(0, 9);
    }

    @ParameterizedTest
    @MethodSource("positions")
    void only_the_guilty_unit_fails_wherever_it_stands(int guilty) {
        fault = input -> input == guilty ? new IllegalArgumentException("guilty: " + input) : null;

        List<Unit<Integer, Integer>> group = run(9);

        for (Unit<Integer, Integer> unit : group) {
            if (unit.input() == guilty) {
                assertThatThrownBy(unit::result).hasMessage("guilty: " + guilty);
            } else {
                assertThat(unit.result()).isEqualTo(-unit.input());
            }
        }
        assertThat(table)
                .containsExactlyElementsOf(
                        positions().filter(i -> i != guilty).boxed().toList());
        assertThat(sizes.size()).as("transactions").isLessThanOrEqualTo(9);
    }

    @ParameterizedTest
    @MethodSource("positions")
    void an_error_is_the_guilty_units_own(int guilty) {
        fault = input -> input == guilty ? new StackOverflowError("guilty: " + input) : null;

        List<Unit<Integer, Integer>> group = run(9);

        assertThatThrownBy(group.get(guilty)::result).isInstanceOf(StackOverflowError.class);
        assertThat(table)
                .containsExactlyElementsOf(
                        positions().filter(i -> i != guilty).boxed().toList());
    }

    @Test
    void all_may_be_guilty_each_of_its_own_fault() {
        fault = input -> new IllegalArgumentException("guilty: " + input);

        List<Unit<Integer, Integer>> group = run(5);

        for (Unit<Integer, Integer> unit : group) {
            assertThatThrownBy(unit::result).hasMessage("guilty: " + unit.input());
        }
        assertThat(table).isEmpty();
    }

    @Test
    void after_a_conflict_the_group_runs_again_whole() {
        conflictsLeft.put(2, GroupRun.CONFLICTS_OF_A_GROUP);

        List<Unit<Integer, Integer>> group = run(4);

        assertThat(group).allSatisfy(unit -> assertThat(unit.result()).isEqualTo(-unit.input()));
        assertThat(sizes).containsExactly(4, 4, 4, 4);
        assertThat(table).containsExactly(0, 1, 2, 3);
    }

    @Test
    void conflicts_without_end_halve_the_group_and_are_told_to_the_unit_that_has_them() {
        conflictsLeft.put(1, Integer.MAX_VALUE);

        List<Unit<Integer, Integer>> group = run(4);

        assertThatThrownBy(group.get(1)::result).isInstanceOf(TransactionConflictException.class);
        assertThat(table).containsExactly(0, 2, 3);
        assertThat(sizes).hasSize(4 + 4 + 1 + (1 + GroupRun.CONFLICTS_OF_ONE) + 1);
    }

    @Test
    void a_database_that_is_away_is_told_to_every_unit_and_asked_once() {
        fault = input -> input == 2 ? away() : null;

        List<Unit<Integer, Integer>> group = run(4);

        assertThat(group)
                .allSatisfy(unit -> assertThatThrownBy(unit::result).isInstanceOf(DatabaseUnavailableException.class));
        assertThat(sizes).containsExactly(4);
    }

    @Test
    void a_database_that_goes_away_between_two_halves_leaves_the_first_ones_outcomes() {
        fault = input ->
                sizes.size() == 1 ? new IllegalStateException("has the group halved") : input == 4 ? away() : null;

        List<Unit<Integer, Integer>> group = run(6);

        assertThat(group.subList(0, 3))
                .allSatisfy(unit -> assertThat(unit.result()).isEqualTo(-unit.input()));
        assertThat(group.subList(3, 6))
                .allSatisfy(unit -> assertThatThrownBy(unit::result).isInstanceOf(DatabaseUnavailableException.class));
        assertThat(table).containsExactly(0, 1, 2);
        assertThat(sizes).containsExactly(6, 3, 3);
    }

    private static DatabaseUnavailableException away() {
        return new DatabaseUnavailableException(new IllegalStateException("by the test"));
    }

    private List<Unit<Integer, Integer>> run(int units) {
        List<Unit<Integer, Integer>> group = IntStream.range(0, units)
                .mapToObj(input -> new Unit<Integer, Integer>(input, 0))
                .toList();
        new GroupRun<>(this::transaction).accept(group);
        return group;
    }
}
