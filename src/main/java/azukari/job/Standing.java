package azukari.job;

import azukari.database.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * A job as seen by a step that is about to change it, without its body.
 *
 * @param ticket the current values, whatever the job's state
 * @param waitingFor null unless it is WAITING
 */
public record Standing(Event event, Ticket ticket, JobState state, Waiting waitingFor) {
    private static final String READ = """
            SELECT e.id, e.code, s.lane, e.priority, e.max_attempts, e.submitter, e.request_id, e.parent, e.parent_ordinal,
                   e.root, e.created_at, e.not_before, s.fence, s.run, s.attempt, s.generation, s.doubtful, s.interrupted, s.cancelling,
                   s.expires_at, s.state, s.waiting_for, s.limited
              FROM job_state s JOIN event e ON e.id = s.job
             WHERE s.job = ANY(?) ORDER BY s.job
            """;

    /** Those of the jobs that exist, as they are in this transaction. */
    public static List<Standing> read(Tx tx, Collection<UUID> jobs) {
        return jobs.isEmpty() ? List.of() : tx.queryAll(READ, Standing::map, jobs);
    }

    /** A job that was read, in the form that a step needs. */
    public static Standing of(Job job) {
        return new Standing(Event.of(job), Ticket.of(job), job.state(), job.waitingFor());
    }

    public UUID job() {
        return event.job();
    }

    private static Standing map(ResultSet row) throws SQLException {
        Event event = Event.builder()
                .job(row.getObject("id", UUID.class))
                .code(row.getString("code"))
                .lane(row.getString("lane"))
                .priority(row.getInt("priority"))
                .maxAttempts(row.getInt("max_attempts"))
                .submitter(row.getString("submitter"))
                .requestId(row.getString("request_id"))
                .parent(row.getObject("parent", UUID.class))
                .child(row.getInt("parent_ordinal") < 0)
                .root(row.getObject("root", UUID.class))
                .createdAt(Tx.instant(row, "created_at"))
                .notBefore(Tx.instant(row, "not_before"))
                .limited(row.getBoolean("limited"))
                .build();
        Ticket ticket = new Ticket(
                row.getLong("fence"),
                row.getInt("run"),
                row.getInt("attempt"),
                row.getInt("generation"),
                row.getBoolean("doubtful"),
                row.getInt("interrupted") > Job.INNOCENT_INTERRUPTIONS,
                row.getBoolean("cancelling"),
                Tx.instant(row, "expires_at"));
        String waitingFor = row.getString("waiting_for");
        return new Standing(
                event,
                ticket,
                JobState.valueOf(row.getString("state")),
                waitingFor == null ? null : Waiting.valueOf(waitingFor));
    }
}
