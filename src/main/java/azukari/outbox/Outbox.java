package azukari.outbox;

import azukari.database.GroupStatement;
import azukari.database.Tx;
import azukari.job.JobState;
import azukari.job.JobTable;
import azukari.job.JobTable.Payload;
import azukari.job.JobTable.Queued;
import azukari.job.Standing;
import azukari.platform.Ids;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The statements on the outbox. */
public final class Outbox {
    private static final GroupStatement<Row> INSERT = GroupStatement.insert("""
                    INSERT INTO outbox (id, job, fence, created_at) VALUES (:id, :job, :fence, :created_at)
                    """, Comparator.comparing(Row::id))
            .id("id", Row::id)
            .id("job", Row::job)
            .number("fence", Row::fence)
            .time("created_at", Row::createdAt)
            .build();

    private static final String DELETE = """
            DELETE FROM outbox WHERE id = ANY(?) AND EXISTS (SELECT 1 FROM requeue WHERE round = ?)
            """;

    private static final String LOCK_OLDER = """
            SELECT id, job, fence, created_at FROM outbox
             WHERE created_at < ? AND EXISTS (SELECT 1 FROM requeue WHERE round = ?)
             ORDER BY created_at LIMIT ? FOR UPDATE SKIP LOCKED
            """;

    private static final String LOCK = """
            SELECT id, job, fence, created_at FROM outbox
             WHERE id = ANY(?) AND EXISTS (SELECT 1 FROM requeue WHERE round = ?)
             ORDER BY created_at FOR UPDATE SKIP LOCKED
            """;

    private static final String JOBS_OLDER = """
            SELECT job FROM outbox WHERE created_at < ? ORDER BY created_at LIMIT ?
            """;

    private Outbox() {}

    /** A row as it stands. */
    record Row(UUID id, UUID job, long fence, Instant createdAt) {}

    /**
     * A message and the row that records that it is to be sent.
     *
     * @param entry the row's id
     */
    public record Pending(UUID entry, Envelope envelope) {
        /** The same, with the time at which the job's call will probably begin. */
        public Pending callAt(Instant time) {
            return new Pending(entry, envelope.callAt(time));
        }
    }

    /**
     * What a sweep found.
     *
     * @param found how many rows it locked
     * @param stale the rows whose job has moved on
     * @param pending what is to be sent; not everything that was found, if that is large
     */
    record Swept(int found, List<UUID> stale, List<Pending> pending) {
        List<UUID> entries() {
            List<UUID> entries = new ArrayList<>(stale);
            pending.forEach(row -> entries.add(row.entry()));
            return entries;
        }
    }

    /**
     * Adds the rows for messages to the transaction; the result, in the same order, goes to the relay after the commit.
     */
    public static List<Pending> addAll(Tx tx, List<Envelope> envelopes, Instant now) {
        List<Pending> added = new ArrayList<>(envelopes.size());
        for (Envelope envelope : envelopes) {
            added.add(new Pending(Ids.next(), envelope));
        }
        INSERT.run(
                tx,
                added.stream()
                        .map(row -> new Row(
                                row.entry(),
                                row.envelope().job(),
                                row.envelope().fence(),
                                now))
                        .toList());
        return added;
    }

    /** Adds the rows for jobs' messages that the sweepers are to send as soon as possible, whatever the backlog. */
    public static void addForSweepers(Tx tx, List<Queued> jobs) {
        INSERT.run(
                tx,
                jobs.stream()
                        .map(job -> new Row(Ids.next(), job.id(), job.fence(), Instant.EPOCH))
                        .toList());
    }

    /** The jobs of up to {@code limit} rows created before {@code before}, the oldest first. */
    public static List<UUID> jobsOlder(Tx tx, Instant before, int limit) {
        return tx.query(JOBS_OLDER, row -> row.getObject(1, UUID.class), before, limit);
    }

    /** Deletes the rows of what was sent, unless a round of requeueing has begun that the sender did not know of. */
    static void delete(Tx tx, Collection<UUID> entries, long round) {
        if (!entries.isEmpty()) {
            tx.updateAll(DELETE, entries, round);
        }
    }

    /**
     * Locks rows that are older than they should be; none while this node has not seen its broker in the current round.
     */
    static List<Row> lockOlder(Tx tx, Instant than, int limit, long round) {
        return tx.query(LOCK_OLDER, Outbox::row, than, round, limit);
    }

    /** Locks those of these rows that are still there, in the same way. */
    static List<Row> lock(Tx tx, List<UUID> entries, long round) {
        return tx.queryAll(LOCK, Outbox::row, entries, round);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getObject("id", UUID.class),
                row.getObject("job", UUID.class),
                row.getLong("fence"),
                Tx.instant(row, "created_at"));
    }

    /**
     * Makes the messages of rows that are locked.
     *
     * @param most the approximate number of characters to read
     */
    static Swept messages(Tx tx, List<Row> rows, long most) {
        Map<UUID, Standing> jobs = Standing.read(tx, rows.stream().map(Row::job).collect(Collectors.toSet())).stream()
                .collect(Collectors.toMap(Standing::job, Function.identity()));
        List<Row> current =
                rows.stream().filter(row -> isCurrent(row, jobs.get(row.job()))).toList();
        Map<UUID, Payload> payloads =
                JobTable.payloads(tx, current.stream().map(Row::job).distinct().toList(), most);
        List<UUID> stale = rows.stream()
                .filter(row -> !isCurrent(row, jobs.get(row.job())))
                .map(Row::id)
                .toList();
        List<Pending> pending = current.stream()
                .filter(row -> payloads.containsKey(row.job()))
                .map(row -> new Pending(row.id(), envelope(jobs.get(row.job()), payloads.get(row.job()))))
                .toList();
        return new Swept(rows.size(), stale, pending);
    }

    private static boolean isCurrent(Row row, Standing job) {
        return job != null && job.state() == JobState.QUEUED && job.ticket().fence() == row.fence();
    }

    private static Envelope envelope(Standing job, Payload payload) {
        return Envelope.of(job.event(), job.ticket(), payload);
    }
}
