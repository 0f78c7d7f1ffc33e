package azukari.outbox;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.database.Tx;
import azukari.job.JobOrder;
import azukari.job.JobTable;
import azukari.job.JobTable.Payload;
import azukari.job.JobTable.Queued;
import azukari.job.NewJob;
import azukari.job.Ticket;
import azukari.outbox.Outbox.Pending;
import azukari.outbox.Outbox.Swept;
import azukari.platform.Ids;
import azukari.platform.SystemClock;
import azukari.testing.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The outbox's rows, on each database. */
@ParameterizedClass
@EnumSource(Store.class)
class OutboxTest {
    private static final long ROUND = 0;
    private static final long PLENTY = 1_000_000;

    private final Instant now = SystemClock.utc().instant();

    @Parameter
    private Store store;

    private Store.Opened opened;

    @BeforeEach
    void open() {
        opened = store.open();
    }

    @AfterEach
    void close() {
        opened.close();
    }

    @Test
    void a_row_is_swept_when_it_is_old_enough_and_gone_when_it_is_deleted() {
        Pending added = add(accepted(), 1);

        assertThat(sweep(now)).isEmpty();
        assertThat(sweep(now.plusSeconds(1))).containsExactly(added.entry());
        opened.database().inTransaction(tx -> {
            Outbox.delete(tx, List.of(added.entry(), Ids.next()), ROUND);
            return null;
        });
        assertThat(sweep(now.plusSeconds(1))).isEmpty();
    }

    @Test
    void a_row_whose_job_has_moved_on_is_swept_without_a_message() {
        NewJob job = accepted();
        Pending current = add(job, job.fence());
        Pending stale = add(job, job.fence() + 5);

        Swept swept = opened.database().inTransaction(tx -> lockOlder(tx, now.plusSeconds(1), 10));

        assertThat(swept.found()).isEqualTo(2);
        assertThat(swept.stale()).containsExactly(stale.entry());
        assertThat(swept.pending()).extracting(Pending::entry).containsExactly(current.entry());
        assertThat(swept.pending().get(0).envelope().write())
                .as("the message as it would have been relayed")
                .isEqualTo(current.envelope().write());
    }

    @Test
    void a_row_without_a_job_is_swept_without_a_message() {
        Pending orphan = add(new NewJob(anOrder().build(), now), 1);

        Swept swept = opened.database().inTransaction(tx -> lockOlder(tx, now.plusSeconds(1), 10));

        assertThat(swept.stale()).containsExactly(orphan.entry());
        assertThat(swept.pending()).isEmpty();
    }

    @Test
    void two_sweepers_never_hold_the_same_row() {
        add(accepted(), 1);
        add(accepted(), 1);

        opened.database().inTransaction(tx -> {
            List<UUID> mine = lockOlder(tx, now.plusSeconds(1), 1).entries();
            List<UUID> others = sweep(now.plusSeconds(1));
            assertThat(mine).hasSize(1);
            assertThat(others).doesNotContainAnyElementsOf(mine);
            assertThat(others.size()).as("H2 locks what it looks at").isEqualTo(store == Store.H2 ? 0 : 1);
            return null;
        });
    }

    /** However large what was left behind is, a sweep reads a little of it, and the next one goes on. */
    @Test
    void a_sweep_reads_no_more_than_it_may_and_the_next_one_finds_the_rest() {
        int jobs = 7;
        for (int i = 0; i < jobs; i++) {
            add(accepted("\"" + "x".repeat(998) + "\""), 1);
        }
        add(accepted(), 9);

        List<Integer> sent = new ArrayList<>();
        Swept swept;
        do {
            swept = opened.database().inTransaction(tx -> {
                Swept some = Outbox.messages(tx, Outbox.lockOlder(tx, now.plusSeconds(1), 100, ROUND), 2_500);
                Outbox.delete(tx, some.entries(), ROUND);
                return some;
            });
            sent.add(swept.pending().size());
        } while (swept.entries().size() < swept.found());

        assertThat(sent).containsExactly(2, 2, 2, 1);
        assertThat(sweep(now.plusSeconds(1))).isEmpty();
    }

    @Test
    void one_that_is_larger_than_a_sweep_may_read_is_read_alone() {
        Pending large = add(accepted("\"" + "x".repeat(998) + "\""), 1);
        add(accepted(), 1);

        Swept swept = opened.database()
                .inTransaction(tx -> Outbox.messages(tx, Outbox.lockOlder(tx, now.plusSeconds(1), 100, ROUND), 500));

        assertThat(swept.found()).isEqualTo(2);
        assertThat(swept.entries()).containsExactly(large.entry());
    }

    /** What was struck off after a later round began may be lost with its broker. */
    @Test
    void rule_17_what_was_sent_in_an_earlier_round_stays() {
        Pending added = add(accepted(), 1);

        opened.database().inTransaction(tx -> {
            Outbox.delete(tx, List.of(added.entry()), ROUND - 1);
            return null;
        });

        assertThat(sweep(now.plusSeconds(1))).containsExactly(added.entry());
    }

    @Test
    void what_is_left_to_the_sweepers_is_found_at_once() {
        NewJob job = accepted();
        opened.database().inTransaction(tx -> {
            Outbox.addForSweepers(tx, List.of(new Queued(job.order().id(), 1)));
            return null;
        });

        Swept swept = opened.database().inTransaction(tx -> lockOlder(tx, now.minusSeconds(60), 10));

        assertThat(swept.pending())
                .extracting(pending -> pending.envelope().job())
                .containsExactly(job.order().id());
    }

    private static Swept lockOlder(Tx tx, Instant than, int limit) {
        return Outbox.messages(tx, Outbox.lockOlder(tx, than, limit, ROUND), PLENTY);
    }

    private NewJob accepted() {
        return accepted("{}");
    }

    private NewJob accepted(String body) {
        JobOrder order = anOrder().requestId("r-" + Ids.next()).body(body).build();
        NewJob job = new NewJob(order, now);
        opened.database().inTransaction(tx -> JobTable.insertIfAbsent(tx, List.of(job)));
        return job;
    }

    private Pending add(NewJob job, long fence) {
        Ticket first = job.ticket();
        Ticket ticket = new Ticket(fence, 0, 0, 0, false, false, false, first.expiresAt());
        Envelope message =
                Envelope.of(job.event(), ticket, new Payload(job.order().body(), null));
        return opened.database()
                .inTransaction(tx -> Outbox.addAll(tx, List.of(message), now))
                .get(0);
    }

    private List<UUID> sweep(Instant olderThan) {
        return opened.database()
                .inTransaction(tx -> lockOlder(tx, olderThan, 10))
                .entries();
    }
}
