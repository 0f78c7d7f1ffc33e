package azukari.outbox;

import azukari.database.Tx;
import azukari.job.Job;
import azukari.job.JobTable;
import azukari.job.JobTable.Queued;
import azukari.platform.Ids;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The statements on the outbox. */
public final class Outbox {
    private static final String INSERT = """
            INSERT INTO outbox (id, job, fence, created_at) VALUES (?, ?, ?, ?)
            """;

    private static final String DELETE = """
            DELETE FROM outbox WHERE id = ANY(?) AND EXISTS (SELECT 1 FROM requeue WHERE round = ?)
            """;

    private static final String LOCK_OLDER = """
            SELECT id, job, fence FROM outbox
             WHERE created_at < ? AND EXISTS (SELECT 1 FROM requeue WHERE round = ?)
             ORDER BY created_at LIMIT ? FOR UPDATE SKIP LOCKED
            """;

    private Outbox() {}

    /**
     * A message and the row that says that it is to be sent.
     *
     * @param entry the row's id
     */
    public record Pending(UUID entry, Envelope envelope) {}

    /** Adds the row for one message; as {@link #addAll}. */
    public static Pending add(Tx tx, Envelope envelope, Instant now) {
        return addAll(tx, List.of(envelope), now).get(0);
    }

    /** Adds the rows for messages to the transaction; hand the result, in the same order, to {@link Relay#offer} after the commit. */
    public static List<Pending> addAll(Tx tx, List<Envelope> envelopes, Instant now) {
        List<Pending> added = new ArrayList<>(envelopes.size());
        List<Object[]> rows = new ArrayList<>(envelopes.size());
        for (Envelope envelope : envelopes) {
            Pending pending = new Pending(Ids.next(), envelope);
            added.add(pending);
            rows.add(new Object[] {pending.entry(), envelope.job(), envelope.fence(), now});
        }
        tx.batch(INSERT, rows);
        return added;
    }

    /** Adds the rows for jobs' messages that the sweepers send as soon as they can, whatever the backlog. */
    public static void addForSweepers(Tx tx, List<Queued> jobs) {
        tx.batch(
                INSERT,
                jobs.stream()
                        .map(job -> new Object[] {Ids.next(), job.id(), job.fence(), Instant.EPOCH})
                        .toList());
    }

    /** Strikes off what was sent, unless a round of requeueing has begun that the sender did not know of. */
    static void delete(Tx tx, Collection<UUID> entries, long round) {
        if (!entries.isEmpty()) {
            tx.updateAll(DELETE, entries, round);
        }
    }

    /**
     * Rows that stand longer than they should, locked; a row whose job has moved on comes without an envelope. None while
     * this node has not seen its broker in the present round.
     */
    static List<Pending> lockOlder(Tx tx, Instant than, int limit, long round) {
        record Row(UUID id, UUID job, long fence) {}
        List<Row> rows = tx.query(
                LOCK_OLDER,
                row -> new Row(row.getObject("id", UUID.class), row.getObject("job", UUID.class), row.getLong("fence")),
                than,
                round,
                limit);
        if (rows.isEmpty()) {
            return List.of();
        }
        Map<UUID, Job> jobs =
                JobTable.findAll(tx.em(), rows.stream().map(Row::job).collect(Collectors.toSet())).stream()
                        .collect(Collectors.toMap(Job::id, Function.identity()));
        List<Pending> pending = new ArrayList<>(rows.size());
        for (Row row : rows) {
            Job job = jobs.get(row.job());
            boolean current = job != null && job.state() == azukari.job.JobState.QUEUED && job.fence() == row.fence();
            pending.add(new Pending(row.id(), current ? Envelope.of(job, row.fence()) : null));
        }
        return pending;
    }
}
