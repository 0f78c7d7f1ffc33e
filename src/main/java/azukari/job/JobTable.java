package azukari.job;

import azukari.database.GroupStatement;
import azukari.database.Tx;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * The statements on the job table, but for those that end runs ({@link ExitTable}).
 *
 * <p>Each changing statement carries the state, and where there is one the fence and the owner, that it expects; its row
 * count tells whether this caller won. Losing is an ordinary outcome, never an SQL error.
 *
 * <p>Where a statement runs for a group, the state that it expects is a value of each row: were it a constant, PostgreSQL
 * would go along the index of states while it believes that few jobs are in this one, and read a backlog that came since.
 */
public final class JobTable {
    /** New jobs meet on these keys; the order is that of the locks that they take. */
    private static final Comparator<NewJob> BY_UNIQUE_KEYS = Comparator.comparing(
                    (NewJob job) -> job.order().requestId(), Comparator.nullsLast(Comparator.<String>naturalOrder()))
            .thenComparing(job -> job.event().parent(), Comparator.nullsLast(Comparator.<UUID>naturalOrder()))
            .thenComparing(JobTable::ordinal, Comparator.nullsLast(Comparator.<Integer>naturalOrder()))
            .thenComparing(job -> job.order().id());

    private static final GroupStatement<NewJob> INSERT_IF_ABSENT = GroupStatement.insert("""
                    INSERT INTO event (id, code, request_id, fingerprint, submitter, priority, max_attempts, body, body_size,
                                     extensions, parent, parent_generation, parent_ordinal, root, created_at, not_before)
                    VALUES (:id, :code, :request_id, :fingerprint, :submitter, :priority, :max_attempts, :body, :body_size,
                            :extensions, :parent, :generation, :ordinal, :root, :now, :not_before)
                    ON CONFLICT DO NOTHING
                    """, BY_UNIQUE_KEYS)
            .id("id", job -> job.order().id())
            .text("code", job -> job.order().code())
            .text("request_id", job -> job.order().requestId())
            .text("fingerprint", job -> job.order().fingerprint())
            .text("submitter", job -> job.order().submitter())
            .number("priority", job -> job.order().priority())
            .number("max_attempts", job -> job.order().maxAttempts())
            .text("body", job -> job.order().body())
            .number("body_size", job -> job.order().body().length())
            .text("extensions", job -> job.order().extensions())
            .id("parent", job -> job.event().parent())
            .number("generation", JobTable::parentGeneration)
            .number("ordinal", JobTable::ordinal)
            .id("root", job -> job.event().root())
            .time("now", NewJob::now)
            .time("not_before", job -> job.order().notBefore())
            .build();

    private static final GroupStatement<NewJob> INSERT_STATE = GroupStatement.insert(
                    """
                    INSERT INTO job_state (job, lane, first, state, waiting_for, due_at, queued_at, expires_at, fence)
                    VALUES (:job, :lane, :first, :state, :waiting_for, :due_at, :queued_at, :expires_at, :fence)
                    """, Comparator.comparing((NewJob job) -> job.order().id()))
            .id("job", job -> job.order().id())
            .text("lane", job -> job.order().lane())
            .flag("first", NewJob::first)
            .text("state", NewJob::state)
            .text("waiting_for", NewJob::waitingFor)
            .time("due_at", NewJob::dueAt)
            .time("queued_at", NewJob::queuedAt)
            .time("expires_at", NewJob::expiresAt)
            .number("fence", NewJob::fence)
            .build();

    /** The claim itself holds that this node has not been taken for dead meanwhile (rule 23). */
    private static final GroupStatement<Claim> CLAIM = GroupStatement.update("""
                    UPDATE job_state
                       SET state = 'RUNNING', fence = fence + 1, run = run + 1, attempt = attempt + 1, owner = :owner,
                           node = :node, started_at = :now, queued_at = NULL, progress_percent = NULL,
                           progress_message = NULL
                     :group
                     WHERE job = :job AND state = :from AND fence = :fence
                       AND EXISTS (SELECT 1 FROM node WHERE incarnation = :owner)
                    """, Comparator.comparing(Claim::job))
            .id("job", Claim::job)
            .text("from", claim -> JobState.QUEUED)
            .number("fence", Claim::fence)
            .id("owner", Claim::owner)
            .text("node", Claim::node)
            .time("now", Claim::now)
            .build();

    private static final String AS_THEY_ARE = """
            SELECT job, state, fence, owner FROM job_state WHERE job = ANY(?)
            """;

    /**
     * A lower bound that keeps a search along an index of times from the rows without one: H2 has them in it, in front of all others.
     */
    static final String EVER = "TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00'";

    static final String LOCK_DUE = """
            SELECT job FROM job_state WHERE due_at >= %s AND due_at <= ? ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED
            """.formatted(EVER);

    static final String NEXT_DUE = """
            SELECT due_at FROM job_state WHERE due_at >= %s ORDER BY due_at LIMIT 1
            """.formatted(EVER);

    static final String LOCK_EXPIRED = """
            SELECT job FROM job_state WHERE state = 'QUEUED' AND expires_at <= ?
             ORDER BY expires_at LIMIT ? FOR UPDATE SKIP LOCKED
            """;

    private static final GroupStatement<Due> QUEUE = GroupStatement.update("""
                    UPDATE job_state
                       SET state = 'QUEUED', waiting_for = NULL, due_at = NULL, fence = fence + 1, queued_at = :now
                     :group
                     WHERE job = :job AND state = :from AND fence = :fence
                    """, Comparator.comparing(Due::job))
            .id("job", Due::job)
            .text("from", due -> JobState.WAITING)
            .number("fence", Due::fence)
            .time("now", Due::now)
            .build();

    static final String ORPHANS = """
            SELECT job FROM job_state
             WHERE state = 'RUNNING' AND owner NOT IN (SELECT incarnation FROM node)
             ORDER BY job LIMIT ?
            """;

    static final String RUNNING_OF = """
            SELECT job, fence, cancelling FROM job_state WHERE state = 'RUNNING' AND owner = ? ORDER BY job LIMIT ?
            """;

    /** Said and sorted by state, though there is one only: by id alone, a planner may walk the primary key past all that ended. */
    private static final String LAST_QUEUED = """
            SELECT job FROM job_state WHERE state >= 'QUEUED' AND state <= 'QUEUED'
             ORDER BY state DESC, job DESC LIMIT 1
            """;

    private static final String QUEUED_BETWEEN = """
            SELECT job, fence FROM job_state
             WHERE (state, job) > ('QUEUED', ?) AND (state, job) <= ('QUEUED', ?)
             ORDER BY state, job LIMIT ?
            """;

    private static final GroupStatement<RunProgress> PROGRESS = GroupStatement.update(
                    """
                    UPDATE job_state SET progress_percent = :percent, progress_message = :message
                     :group
                     WHERE job = :job AND state = :from AND fence = :fence
                    """, Comparator.comparing(RunProgress::job))
            .id("job", RunProgress::job)
            .text("from", progress -> JobState.RUNNING)
            .number("fence", RunProgress::fence)
            .number("percent", RunProgress::percent)
            .text("message", RunProgress::message)
            .build();

    static final String COUNT_QUEUED = """
            SELECT lane, COUNT(*) FROM (SELECT lane FROM job_state WHERE state = 'QUEUED' LIMIT ?) AS counted GROUP BY lane
            """;

    /** Along the index of states, so that a page of another lane's backlog costs no more than its length. */
    static final String QUEUED_FROM = """
            SELECT job, fence, lane, queued_at FROM job_state
             WHERE (state, job) > ('QUEUED', ?) AND state <= 'QUEUED' ORDER BY state, job LIMIT ?
            """;

    private static final String COUNT_UP_TO = """
            SELECT COUNT(*) FROM (SELECT 1 FROM job_state WHERE state = ? LIMIT ?) AS counted
            """;
    private static final String BODIES = """
            SELECT id, body, extensions FROM event WHERE id = ANY(?)
            """;

    private static final String SIZES = """
            SELECT id, body_size FROM event WHERE id = ANY(?)
            """;

    /** So many characters of results are read at a time. */
    static final long MOST_RESULTS = 8L * 1024 * 1024;

    /** Stands for a result that would be more. */
    private static final String OMITTED = "{\"omitted\":\"too large to be shown here; read the job by itself\"}";

    private static final String STAMPS = """
            SELECT NEW azukari.job.JobStamp(j.id, j.state, j.fence, j.attempt, j.waitingFor, j.dueAt,
                                            j.progressPercent, j.progressMessage, j.finishedAt)
              FROM Job j WHERE j.id IN :ids
            """;

    private JobTable() {}

    /**
     * What a claim must match and sets.
     *
     * @param fence the fence in the message
     * @param owner the claiming node's incarnation
     */
    public record Claim(UUID job, long fence, UUID owner, String node, Instant now) {}

    /** What became of a claim that changed nothing. */
    public enum Lost {
        /** It was committed before: the row is RUNNING with the very fence and owner that the claim sets. */
        MINE_BEFORE,
        /** The job is QUEUED with the claim's fence: the claim's incarnation is not a node's any more. */
        STILL_QUEUED,
        /** The job is somebody else's, has gone on, or is over. */
        FOR_GOOD
    }

    /** A WAITING job that is to be put into QUEUED. */
    private record Due(UUID job, long fence, Instant now) {}

    /**
     * A QUEUED job as its message knows it.
     *
     * @param fence what the message must carry
     */
    public record Queued(UUID id, long fence) {}

    /** A RUNNING job. */
    public record Running(UUID job, long fence, boolean cancelling) {}

    /**
     * How far a run is.
     *
     * @param message null for none
     */
    public record RunProgress(UUID job, long fence, int percent, String message) {}

    /**
     * What an event carries.
     *
     * @param body a JSON text
     * @param extensions a JSON text; null for none
     */
    public record Payload(String body, String extensions) {}

    private static Integer ordinal(NewJob job) {
        return job.order().emission() == null ? null : job.order().emission().ordinal();
    }

    private static Integer parentGeneration(NewJob job) {
        return job.order().emission() == null ? null : job.order().emission().generation();
    }

    /**
     * A job whose id, {@code requestId} or place of emission is taken already changes nothing.
     *
     * @return for each job, whether it was stored
     */
    public static boolean[] insertIfAbsent(Tx tx, List<NewJob> jobs) {
        boolean[] stored = INSERT_IF_ABSENT.run(tx, jobs);
        INSERT_STATE.run(
                tx,
                IntStream.range(0, stored.length)
                        .filter(i -> stored[i])
                        .mapToObj(jobs::get)
                        .toList());
        return stored;
    }

    /** Claims QUEUED jobs by their fence; true where this node is now the owner. */
    public static boolean[] claim(Tx tx, List<Claim> claims) {
        return CLAIM.run(tx, claims);
    }

    /** Looks after claims that changed nothing. */
    public static Map<Claim, Lost> lost(Tx tx, List<Claim> claims) {
        if (claims.isEmpty()) {
            return Map.of();
        }
        record Row(UUID job, JobState state, long fence, UUID owner) {}
        Set<Row> rows = new HashSet<>(tx.queryAll(
                AS_THEY_ARE,
                row -> new Row(
                        row.getObject("job", UUID.class),
                        JobState.valueOf(row.getString("state")),
                        row.getLong("fence"),
                        row.getObject("owner", UUID.class)),
                claims.stream().map(Claim::job).toList()));
        Map<Claim, Lost> lost = new HashMap<>();
        for (Claim claim : claims) {
            if (rows.contains(new Row(claim.job(), JobState.RUNNING, claim.fence() + 1, claim.owner()))) {
                lost.put(claim, Lost.MINE_BEFORE);
            } else if (rows.contains(new Row(claim.job(), JobState.QUEUED, claim.fence(), null))) {
                lost.put(claim, Lost.STILL_QUEUED);
            } else {
                lost.put(claim, Lost.FOR_GOOD);
            }
        }
        return lost;
    }

    /** Locks up to {@code limit} WAITING jobs whose time has come, the longest overdue first, but none that others hold. */
    public static List<UUID> lockDue(Tx tx, Instant now, int limit) {
        return tx.query(LOCK_DUE, row -> row.getObject(1, UUID.class), now, limit);
    }

    /** Locks up to {@code limit} QUEUED jobs that have outlived {@code expireAfter}, but none that others hold. */
    public static List<UUID> lockExpired(Tx tx, Instant now, int limit) {
        return tx.query(LOCK_EXPIRED, row -> row.getObject(1, UUID.class), now, limit);
    }

    /** Puts WAITING jobs into QUEUED; their fence is one higher afterwards. For each, whether it was as it was read. */
    public static boolean[] queue(Tx tx, List<Standing> jobs, Instant now) {
        return QUEUE.run(
                tx,
                jobs.stream()
                        .map(job -> new Due(job.job(), job.ticket().fence(), now))
                        .toList());
    }

    /** What these events carry; of those that would make it more than so many characters, nothing, but of one at least. */
    public static Map<UUID, Payload> payloads(Tx tx, List<UUID> jobs, long most) {
        if (jobs.isEmpty()) {
            return Map.of();
        }
        Map<UUID, Long> sizes = new HashMap<>();
        tx.queryAll(SIZES, row -> sizes.put(row.getObject(1, UUID.class), row.getLong(2)), jobs);
        List<UUID> wanted = new ArrayList<>();
        long total = 0;
        for (UUID job : jobs) {
            total += sizes.getOrDefault(job, 0L);
            if (wanted.isEmpty() || total <= most) {
                wanted.add(job);
            }
        }
        Map<UUID, Payload> payloads = new HashMap<>();
        tx.queryAll(
                BODIES,
                row -> payloads.put(row.getObject(1, UUID.class), new Payload(row.getString(2), row.getString(3))),
                wanted);
        return payloads;
    }

    /** The QUEUED job with the greatest id. */
    public static Optional<UUID> lastQueued(Tx tx) {
        return tx.query(LAST_QUEUED, row -> row.getObject(1, UUID.class)).stream()
                .findFirst();
    }

    /** QUEUED jobs behind one id up to another, in the order of their ids. */
    public static List<Queued> queuedBetween(Tx tx, UUID after, UUID upTo, int limit) {
        return tx.query(
                QUEUED_BETWEEN, row -> new Queued(row.getObject(1, UUID.class), row.getLong(2)), after, upTo, limit);
    }

    /**
     * A QUEUED job, and since when.
     *
     * @param lane where its message is to be
     */
    public record Sent(Queued job, String lane, Instant queuedAt) {}

    /** QUEUED jobs behind an id, in the order of their ids. */
    public static List<Sent> queuedFrom(Tx tx, UUID after, int limit) {
        return tx.query(
                QUEUED_FROM,
                row -> new Sent(
                        new Queued(row.getObject(1, UUID.class), row.getLong(2)),
                        row.getString(3),
                        Tx.instant(row, "queued_at")),
                after,
                limit);
    }

    /** RUNNING jobs whose owner is no node's present incarnation. */
    public static List<UUID> orphans(Tx tx, int limit) {
        return tx.query(ORPHANS, row -> row.getObject(1, UUID.class), limit);
    }

    /** How many jobs are QUEUED, by lane; at {@code most} in sum it stops counting. */
    public static Map<String, Integer> countQueued(EntityManager em, int most) {
        Map<String, Integer> byLane = new HashMap<>();
        for (Object row :
                em.createNativeQuery(COUNT_QUEUED).setParameter(1, most).getResultList()) {
            Object[] columns = (Object[]) row;
            byLane.put((String) columns[0], ((Number) columns[1]).intValue());
        }
        return byLane;
    }

    /** How many jobs are in a state; at {@code most} it stops counting. */
    public static int count(EntityManager em, JobState state, int most) {
        Number count = (Number) em.createNativeQuery(COUNT_UP_TO)
                .setParameter(1, state.name())
                .setParameter(2, most)
                .getSingleResult();
        return count.intValue();
    }

    /** RUNNING jobs of one incarnation. */
    public static List<Running> runningOf(Tx tx, UUID owner, int limit) {
        return tx.query(
                RUNNING_OF,
                row -> new Running(row.getObject(1, UUID.class), row.getLong(2), row.getBoolean(3)),
                owner,
                limit);
    }

    /** Notes how far runs are; changes nothing of one that is over. */
    public static void progress(Tx tx, List<RunProgress> notes) {
        PROGRESS.run(tx, notes);
    }

    /** The time at which the next WAITING job goes on, if there is one. */
    public static Optional<Instant> nextDue(Tx tx) {
        return tx.query(NEXT_DUE, row -> Tx.instant(row, "due_at")).stream().findFirst();
    }

    public static Optional<Job> find(EntityManager em, UUID id) {
        return findAll(em, List.of(id)).stream().findFirst();
    }

    public static List<Job> findByRequestIds(EntityManager em, Collection<String> requestIds) {
        return withResults(
                em,
                em.createQuery("SELECT j FROM Job j WHERE j.requestId IN :requestIds", Job.class)
                        .setParameter("requestIds", requestIds)
                        .getResultList());
    }

    public static List<Job> findAll(EntityManager em, Collection<UUID> ids) {
        return withResults(
                em,
                em.createQuery("SELECT j FROM Job j WHERE j.id IN :ids", Job.class)
                        .setParameter("ids", ids)
                        .getResultList());
    }

    /** Adds the results of those that have one, as long as they are not too much in sum. */
    static List<Job> withResults(EntityManager em, List<Job> jobs) {
        Map<UUID, Job> having = new HashMap<>();
        long total = 0;
        for (Job job : jobs) {
            if (job.resultSize() != null) {
                total += job.resultSize();
                if (total <= MOST_RESULTS || having.isEmpty()) {
                    having.put(job.id(), job);
                } else {
                    job.setResult(OMITTED);
                }
            }
        }
        if (!having.isEmpty()) {
            em.createQuery("SELECT r FROM JobResult r WHERE r.job IN :jobs", JobResult.class)
                    .setParameter("jobs", having.keySet())
                    .getResultList()
                    .forEach(result -> having.get(result.job()).setResult(result.result()));
        }
        return jobs;
    }

    /** What changes of these jobs, without their bodies and results. */
    public static List<JobStamp> stamps(EntityManager em, Collection<UUID> ids) {
        return em.createQuery(STAMPS, JobStamp.class).setParameter("ids", ids).getResultList();
    }

    /** All jobs of a chain, in the order of their ids: every job stands behind its parent. */
    public static List<Job> chain(EntityManager em, UUID root, int limit) {
        List<Job> jobs = em.createQuery("SELECT j FROM Job j WHERE j.root = :root ORDER BY j.id", Job.class)
                .setParameter("root", root)
                .setMaxResults(limit)
                .getResultList();
        return withResults(em, jobs);
    }

    /** The ended runs of a job, in order. */
    public static List<RunEntry> runs(EntityManager em, Job job) {
        List<RunEntry> ledger = em.createQuery(
                        "SELECT r FROM RunEntry r WHERE r.job = :job ORDER BY r.number", RunEntry.class)
                .setParameter("job", job.id())
                .getResultList();
        if (job.state() != JobState.SUCCEEDED) {
            return ledger;
        }
        List<RunEntry> all = new ArrayList<>(ledger);
        all.add(RunEntry.ofSuccess(job));
        return all;
    }
}
