package azukari.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import azukari.platform.Ids;
import azukari.testing.CountingSource;
import azukari.testing.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One statement for a group of rows, each with an outcome of its own, on each database. */
@ParameterizedClass
@EnumSource(Store.class)
class GroupStatementTest {
    private static final Instant TIME = Instant.parse("2026-02-03T04:05:06.123456Z");

    private static final GroupStatement<Row> INSERT = GroupStatement.insert(
                    """
                    INSERT INTO thing (id, name, kind, n, small, done, at)
                    VALUES (:id, :name, :kind, :n, :small, :done, :at)
                    ON CONFLICT DO NOTHING
                    """, Comparator.comparing(Row::name, Comparator.nullsLast(Comparator.naturalOrder())))
            .id("id", Row::id)
            .text("name", Row::name)
            .text("kind", Row::kind)
            .number("n", Row::n)
            .number("small", Row::small)
            .flag("done", Row::done)
            .time("at", Row::at)
            .build();

    private static final GroupStatement<Row> UPDATE = GroupStatement.update("""
                    UPDATE thing
                       SET name = :name, kind = COALESCE(:kind, kind), n = n + :step, small = :small,
                           done = CASE WHEN :keep THEN done ELSE :done END, at = :at
                     :group
                     WHERE id = :id AND n = :n AND kind IS NOT DISTINCT FROM :from
                    """, Comparator.comparing(Row::id))
            .id("id", Row::id)
            .text("name", Row::name)
            .text("kind", Row::kind)
            .text("from", row -> Kind.ROUND)
            .number("n", Row::n)
            .number("step", row -> 1)
            .number("small", Row::small)
            .flag("keep", row -> row.done() == null)
            .flag("done", Row::done)
            .time("at", Row::at)
            .build();

    @Parameter
    private Store store;

    private Store.Opened opened;
    private CountingSource counting;
    private Database database;

    private enum Kind {
        ROUND,
        SQUARE {
            @Override
            public String toString() {
                return "a square";
            }
        }
    }

    private record Row(UUID id, String name, Kind kind, Long n, Integer small, Boolean done, Instant at) {}

    @BeforeEach
    void open() {
        opened = store.open();
        opened.database().inTransaction(tx -> tx.update("""
                CREATE TABLE thing (id uuid PRIMARY KEY, name varchar(100) UNIQUE, kind varchar(16), n bigint, small integer,
                                    done boolean, at timestamp with time zone)
                """));
        counting = new CountingSource(opened.source());
        database = new Database(counting.source());
    }

    @AfterEach
    void close() {
        database.close();
        opened.close();
    }

    @Test
    void no_rows_take_no_statement() {
        assertThat(run(INSERT, List.of())).isEmpty();
        assertThat(counting.statements()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 200})
    void a_group_takes_one_statement_whatever_its_size(int size) {
        List<Row> rows = IntStream.range(0, size).mapToObj(i -> row("n-" + i)).toList();

        assertThat(run(INSERT, rows)).hasSize(size).doesNotContain(false);
        assertThat(counting.statements()).hasSize(1);
        assertThat(run(UPDATE, rows)).hasSize(size).doesNotContain(false);
        assertThat(counting.statements()).hasSize(2);
        assertThat(stored()).hasSize(size).extracting(Row::n).containsOnly(1L);
    }

    @Test
    void every_type_is_stored_as_it_is() {
        Row row = new Row(Ids.next(), "name", Kind.SQUARE, Long.MAX_VALUE, Integer.MIN_VALUE, true, TIME);
        Row other = new Row(Ids.next(), "other", Kind.ROUND, -1L, 0, false, Instant.EPOCH);

        run(INSERT, List.of(row, other));

        assertThat(stored()).containsExactlyInAnyOrder(row, other);
    }

    @Test
    void null_of_every_type_is_stored_as_null() {
        Row none = new Row(Ids.next(), null, null, null, null, null, null);
        Row full = new Row(Ids.next(), "name", Kind.ROUND, 0L, 0, true, TIME);

        assertThat(run(INSERT, List.of(none, full))).containsExactly(true, true);
        assertThat(stored()).containsExactlyInAnyOrder(none, full);

        Row emptied = new Row(full.id(), null, null, 0L, null, null, null);
        assertThat(run(UPDATE, List.of(emptied))).containsExactly(true);
        assertThat(stored())
                .containsExactlyInAnyOrder(none, new Row(full.id(), null, Kind.ROUND, 1L, null, true, null));
    }

    /** They have a meaning in PostgreSQL's text form of an array. */
    @Test
    void texts_keep_every_character() {
        List<Row> rows = IntStream.range(0, 1)
                .boxed()
                .flatMap(i -> List.of(
                        "",
                        "NULL",
                        "null",
                        " ",
                        "a,b",
                        "{}",
                        "{\"a\":\"b\\\"c\\\\d\"}",
                        "'; --",
                        "\\",
                        "\"",
                        "ü€😀",
                        "\n\t",
                        "$1",
                        "?",
                        ":name")
                        .stream())
                .map(GroupStatementTest::row)
                .toList();

        assertThat(run(INSERT, rows)).doesNotContain(false);
        assertThat(stored()).containsExactlyInAnyOrderElementsOf(rows);
    }

    @Test
    void each_row_of_an_update_has_its_own_outcome_in_the_order_of_the_call() {
        List<Row> rows = new ArrayList<>(
                IntStream.range(0, 50).mapToObj(i -> row("n-" + i)).toList());
        run(INSERT, rows);
        Collections.shuffle(rows, new Random(1));
        List<Row> asked = IntStream.range(0, 50)
                .mapToObj(i -> switch (i % 4) {
                    case 0 -> with(rows.get(i), 7); // of another version
                    case 1 -> with(row("x"), 0); // no such row
                    default -> rows.get(i);
                })
                .toList();

        boolean[] changed = run(UPDATE, asked);

        for (int i = 0; i < 50; i++) {
            assertThat(changed[i]).as("row " + i).isEqualTo(i % 4 >= 2);
            Row now = find(rows.get(i).id());
            assertThat(now.n()).isEqualTo(i % 4 >= 2 ? 1L : 0L);
        }
    }

    @Test
    void the_same_row_twice_in_one_update_wins_once() {
        Row row = row("once");
        Row other = row("other");
        run(INSERT, List.of(row, other));

        boolean[] changed = run(UPDATE, List.of(row, other, row));

        assertThat(changed[1]).isTrue();
        assertThat(changed[0] ^ changed[2]).as("one of the two").isTrue();
        assertThat(find(row.id()).n()).isEqualTo(1);
    }

    /** Its conditions are those of the row as it is, whatever is in the row's own columns. */
    @Test
    void an_update_changes_what_it_names_and_nothing_else() {
        Row bystander = row("bystander");
        Row row = row("row");
        run(INSERT, List.of(bystander, row));

        run(UPDATE, List.of(new Row(row.id(), "renamed", Kind.SQUARE, 0L, 5, true, TIME)));

        assertThat(stored())
                .containsExactlyInAnyOrder(bystander, new Row(row.id(), "renamed", Kind.SQUARE, 1L, 5, true, TIME));
    }

    @Test
    void a_row_that_is_there_already_is_not_inserted_and_no_error() {
        Row known = row("known");
        run(INSERT, List.of(known));
        Row fresh = row("fresh");
        Row sameName = row("known");
        Row sameId = new Row(known.id(), "another", Kind.ROUND, 3L, 3, true, TIME);
        Row last = row("last");

        assertThat(run(INSERT, List.of(fresh, sameName, sameId, last))).containsExactly(true, false, false, true);
        assertThat(stored()).containsExactlyInAnyOrder(known, fresh, last);
    }

    @Test
    void of_two_in_one_group_that_can_not_both_be_there_the_first_is() {
        Row first = row("same");
        Row second = row("same");
        Row other = row("other");

        assertThat(run(INSERT, List.of(first, other, second))).containsExactly(true, true, false);
        assertThat(stored()).containsExactlyInAnyOrder(first, other);
    }

    @Test
    void the_same_id_twice_in_one_group_is_inserted_once() {
        UUID id = Ids.next();
        Row first = new Row(id, "a", Kind.ROUND, 0L, 0, true, TIME);
        Row second = new Row(id, "b", Kind.ROUND, 0L, 0, true, TIME);

        assertThat(run(INSERT, List.of(first, second))).containsExactly(true, false);
        assertThat(stored()).containsExactly(first);
    }

    /** Without {@code ON CONFLICT} a row that can't be stored is an error, as in any other statement. */
    @Test
    void what_the_database_can_not_hold_is_refused_with_the_whole_group() {
        Row good = row("good");
        Row bad = row("x".repeat(101));

        assertThatThrownBy(() -> run(INSERT, List.of(good, bad))).isInstanceOf(DataRefusedException.class);
        assertThat(stored()).isEmpty();
    }

    @Test
    void a_name_that_nothing_stands_for_is_a_defect_of_the_statement() {
        GroupStatement.Builder<Row> builder = GroupStatement.update(
                        "UPDATE thing SET n = :n :group WHERE id = :id", Comparator.comparing(Row::id))
                .id("id", Row::id);

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(":n ");
    }

    @Test
    void rule_15_groups_that_meet_on_many_rows_lock_them_in_one_order_and_never_in_a_circle() throws Exception {
        List<Row> rows = IntStream.range(0, 60).mapToObj(i -> row("n-" + i)).toList();
        run(INSERT, rows);
        GroupStatement<Row> touch = GroupStatement.update(
                        "UPDATE thing SET n = n + :one :group WHERE id = :id", Comparator.comparing(Row::id))
                .id("id", Row::id)
                .number("one", row -> 1)
                .build();
        together(rows, touch);

        assertThat(stored()).extracting(Row::n).containsOnly(4L * 30);
    }

    @Test
    void rule_15_inserts_that_meet_on_many_keys_wait_for_one_another_and_never_in_a_circle() throws Exception {
        for (int round = 0; round < 10; round++) {
            int number = round;
            List<Row> rows =
                    IntStream.range(0, 60).mapToObj(i -> row(number + "-" + i)).toList();
            List<Row> others = IntStream.range(0, 60)
                    .mapToObj(i -> row(number + "-" + (59 - i)))
                    .toList();
            ExecutorService nodes = Executors.newFixedThreadPool(2);
            try {
                CountDownLatch start = new CountDownLatch(1);
                Future<boolean[]> one = nodes.submit(() -> after(start, INSERT, rows));
                Future<boolean[]> other = nodes.submit(() -> after(start, INSERT, others));
                start.countDown();
                boolean[] mine = one.get(30, TimeUnit.SECONDS);
                boolean[] theirs = other.get(30, TimeUnit.SECONDS);
                for (int i = 0; i < 60; i++) {
                    assertThat(mine[i] ^ theirs[59 - i])
                            .as("one of the two has it")
                            .isTrue();
                }
            } finally {
                nodes.shutdownNow();
            }
        }
    }

    /** Four nodes, each with the rows in another order; a deadlock would be an exception. */
    private void together(List<Row> rows, GroupStatement<Row> touch) throws Exception {
        ExecutorService nodes = Executors.newFixedThreadPool(4);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<?>> done = new ArrayList<>();
            for (int node = 0; node < 4; node++) {
                List<Row> shuffled = new ArrayList<>(rows);
                Collections.shuffle(shuffled, new Random(node));
                done.add(nodes.submit(() -> {
                    for (int round = 0; round < 30; round++) {
                        assertThat(after(start, touch, shuffled)).doesNotContain(false);
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> node : done) {
                node.get(60, TimeUnit.SECONDS);
            }
        } finally {
            nodes.shutdownNow();
        }
    }

    private boolean[] after(CountDownLatch start, GroupStatement<Row> statement, List<Row> rows)
            throws InterruptedException {
        start.await();
        return run(statement, rows);
    }

    private boolean[] run(GroupStatement<Row> statement, List<Row> rows) {
        return database.inTransaction(tx -> statement.run(tx, rows));
    }

    private static Row row(String name) {
        return new Row(Ids.next(), name, Kind.ROUND, 0L, 1, false, TIME);
    }

    private static Row with(Row row, long n) {
        return new Row(row.id(), row.name(), row.kind(), n, row.small(), row.done(), row.at());
    }

    private Row find(UUID id) {
        return stored().stream().filter(row -> row.id().equals(id)).findFirst().orElseThrow();
    }

    private List<Row> stored() {
        return opened.database()
                .inTransaction(tx -> tx.query(
                        "SELECT * FROM thing",
                        row -> new Row(
                                row.getObject("id", UUID.class),
                                row.getString("name"),
                                row.getString("kind") == null ? null : Kind.valueOf(row.getString("kind")),
                                row.getObject("n", Long.class),
                                row.getObject("small", Integer.class),
                                row.getObject("done", Boolean.class),
                                Tx.instant(row, "at"))));
    }
}
