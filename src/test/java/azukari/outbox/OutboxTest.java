package azukari.outbox;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import azukari.job.Job;
import azukari.job.JobTable;
import azukari.outbox.Outbox.Pending;
import azukari.platform.Ids;
import azukari.platform.SystemClock;
import azukari.testing.Store;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The outbox's rows and the message's form. */
@ParameterizedClass
@EnumSource(Store.class)
class OutboxTest {
    private static final long ROUND = 0;

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
        Job job = accepted();
        add(job, job.fence());
        add(job, job.fence() + 5);

        List<Pending> swept =
                opened.database().inTransaction(tx -> Outbox.lockOlder(tx, now.plusSeconds(1), 10, ROUND));

        assertThat(swept).hasSize(2);
        assertThat(swept.stream().filter(pending -> pending.envelope() != null))
                .singleElement()
                .satisfies(pending -> assertThat(pending.envelope().fence()).isEqualTo(job.fence()));
    }

    @Test
    void two_sweepers_never_hold_the_same_row() {
        add(accepted(), 1);
        add(accepted(), 1);

        opened.database().inTransaction(tx -> {
            List<Pending> mine = Outbox.lockOlder(tx, now.plusSeconds(1), 1, ROUND);
            List<java.util.UUID> others = sweep(now.plusSeconds(1));
            assertThat(mine).hasSize(1);
            assertThat(others).doesNotContain(mine.get(0).entry());
            return null;
        });
    }

    @Test
    void a_message_reads_back_as_it_was_written() throws Exception {
        Envelope sent = Envelope.of(accepted(), 1);

        Envelope read = Envelope.read(sent.write());

        assertThat(read)
                .usingRecursiveComparison()
                .ignoringFields("body", "size")
                .isEqualTo(sent);
        assertThat(read.body().toString()).isEqualTo("{}");
        assertThat(sent.write()).contains("\"specversion\":\"1.0\"", "\"type\":\"NOOP\"", "\"data\":{}");
    }

    @Test
    void posted_extensions_travel_with_the_message_but_never_replace_what_is_ours() throws Exception {
        String extensions = "{\"traceparent\":\"00-4bf92f\",\"sequence\":5,\"root\":\"mine\",\"fence\":99}";
        Job job = Job.accepted(anOrder().extensions(extensions).build(), now);

        Envelope read = Envelope.read(Envelope.of(job, 1).write());

        assertThat(read.extensions().toString()).isEqualTo("{\"traceparent\":\"00-4bf92f\",\"sequence\":5}");
        assertThat(read.root()).isEqualTo(job.id());
        assertThat(read.fence()).isEqualTo(1);
        assertThat(Envelope.read(read.again(2, 1, 0, false, false).write()).extensions())
                .isEqualTo(read.extensions());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "{}", "[]", "{\"id\":\"no-uuid\"}", "null"})
    void a_message_that_is_no_event_of_ours_is_unreadable(String text) {
        assertThatThrownBy(() -> Envelope.read(text)).isInstanceOf(UnreadableMessageException.class);
    }

    private Job accepted() {
        Job job = Job.accepted(anOrder().requestId("r-" + Ids.next()).build(), now);
        opened.database().inTransaction(tx -> JobTable.insertIfAbsent(tx, List.of(job)));
        return job;
    }

    private Pending add(Job job, long fence) {
        return opened.database().inTransaction(tx -> Outbox.add(tx, Envelope.of(job, fence), now));
    }

    private List<java.util.UUID> sweep(Instant olderThan) {
        return opened.database().inTransaction(tx -> Outbox.lockOlder(tx, olderThan, 10, ROUND)).stream()
                .map(Pending::entry)
                .toList();
    }
}
