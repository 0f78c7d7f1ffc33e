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
 * The statements on the job tables, except those that end runs ({@link ExitTable}).
 *
 * <p>Each statement that changes a row carries the state that it expects, and the fence and the owner where there are
 * any; its row count indicates whether this caller won. Losing is an ordinary outcome, never an SQL error.
 *
 * <p>Where a statement runs for a group, the state that it expects is a value of each row: if it were a constant,
 * PostgreSQL would follow the index on the state as long as it assumes that few jobs are in this state, and would read
 * a backlog that has built up since.
 */
public final class JobTable {
    /** New jobs can conflict on these keys; the order is that in which they take their locks. */
    private static final Comparator<NewJob> BY_UNIQUE_KEYS = Comparator.comparing(
                    (NewJob job) -> job.order().requestId(), Comparator.nullsLast(Comparator.<String>naturalOrder()))
            .thenComparing(job -> job.event().parent(), Comparator.nullsLast(Comparator.<UUID>naturalOrder()))
            .thenComparing(job -> distance(ordinal(job)), Comparator.nullsLast(Comparator.<Integer>naturalOrder()))
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
            .text("body", job -> isLarge(job) ? null : job.order().body())
            .number("body_size", job -> job.order().body().length())
            .text("extensions", job -> job.order().extensions())
            .id("parent", job -> job.event().parent())
            .number("generation", JobTable::parentGeneration)
            .number("ordinal", JobTable::ordinal)
            .id("root", job -> job.event().root())
            .time("now", NewJob::now)
            .time("not_before", job -> job.order().notBefore())
            .build();

    /** In characters. What is longer has a row of its own: an embedded H2 reads rows whole, and with their neighbours. */
    private static final int LONGEST_IN_ROW = 8192;

    private static final GroupStatement<NewJob> INSERT_LARGE_BODY = GroupStatement.insert(
                    """
                    INSERT INTO large_body (event, body) VALUES (:event, :body)
                    """, Comparator.comparing((NewJob job) -> job.order().id()))
            .id("event", job -> job.order().id())
            .text("body", job -> job.order().body())
            .build();

    private static final GroupStatement<NewJob> INSERT_STATE = GroupStatement.insert(
                    """
                    INSERT INTO job_state (job, lane, limited, first, state, waiting_for, due_at, queued_at, expires_at, fence,
                                           children, children_succeeded, children_failed)
                    VALUES (:job, :lane, :limited, :first, :state, :waiting_for, :due_at, :queued_at, :expires_at, :fence,
                            :children, :none_ended, :none_ended)
                    """, Comparator.comparing((NewJob job) -> job.order().id()))
            .id("job", job -> job.order().id())
            .text("lane", job -> job.order().lane())
            .flag("limited", NewJob::limited)
            .flag("first", NewJob::first)
            .text("state", NewJob::state)
            .text("waiting_for", NewJob::waitingFor)
            .time("due_at", NewJob::dueAt)
            .time("queued_at", NewJob::queuedAt)
            .time("expires_at", NewJob::expiresAt)
            .number("fence", NewJob::fence)
            .number("children", NewJob::children)
            .number("none_ended", NewJob::noneEnded)
            .build();

    /** The claim itself ensures that this node has not been declared dead in the meantime (rule 23). */
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
     * A lower bound that keeps a scan of an index on a time from the rows without one: H2 includes them in the index,
     * before all others.
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

    private static final String LOCK_DUE_OF = """
            SELECT job FROM job_state WHERE job = ANY(?) AND due_at <= ? FOR UPDATE SKIP LOCKED
            """;

    private static final String LOCK_EXPIRED_OF = """
            SELECT job FROM job_state WHERE job = ANY(?) AND state = 'QUEUED' AND expires_at <= ? FOR UPDATE SKIP LOCKED
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

    private static final GroupStatement<Entry> ENTER = GroupStatement.update("""
                    UPDATE job_state SET waiting_for = :waiting_for, due_at = expires_at
                     :group
                     WHERE job = :job AND state = :from
                    """, Comparator.comparing(Entry::job))
            .id("job", Entry::job)
            .text("from", entry -> JobState.WAITING)
            .text("waiting_for", Entry::waitingFor)
            .build();

    private static final String LOCK_WAITING = """
            SELECT job FROM job_state WHERE job = ANY(?) AND state = 'WAITING' ORDER BY job FOR UPDATE SKIP LOCKED
            """;

    static final String ORPHANS = """
            SELECT job FROM job_state
             WHERE state = 'RUNNING' AND owner NOT IN (SELECT incarnation FROM node WHERE NOT signed_off)
             ORDER BY job LIMIT ?
            """;

    static final String RUNNING_OF = """
            SELECT job, fence, cancelling FROM job_state WHERE state = 'RUNNING' AND owner = ? ORDER BY job LIMIT ?
            """;

    /**
     * Filtered and sorted by state, although there is only one: by id alone, a planner may walk the primary key past
     * all ended jobs.
     */
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

    /** Along the index on the state, so that a page of another lane's backlog costs no more than its length. */
    static final String QUEUED_FROM = """
            SELECT job, fence, lane, queued_at FROM job_state
             WHERE (state, job) > ('QUEUED', ?) AND state <= 'QUEUED' ORDER BY state, job LIMIT ?
            """;

    private static final String COUNT_UP_TO = """
            SELECT COUNT(*) FROM (SELECT 1 FROM job_state WHERE state = ? LIMIT ?) AS counted
            """;
    private static final String BODIES = """
            SELECT e.id, COALESCE(e.body, l.body), e.extensions
              FROM event e LEFT JOIN large_body l ON l.event = e.id
             WHERE e.id = ANY(?)
            """;

    private static final String SIZES = """
            SELECT id, body_size FROM event WHERE id = ANY(?)
            """;

    /** How many characters of results are read at a time. */
    static final long MOST_RESULTS = 8L * 1024 * 1024;

    /** Replaces a result that would exceed this limit. */
    private static final String OMITTED = "{\"omitted\":\"too large to be shown here; read the job by itself\"}";

    private static final String STAMPS = """
            SELECT NEW azukari.job.JobStamp(j.id, j.state, j.fence, j.attempt, j.waitingFor, j.dueAt,
                                            j.progressPercent, j.progressMessage, j.childrenSucceeded, j.finishedAt)
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

    /** Why a claim changed nothing. */
    public enum Lost {
        /** It was committed before: the row is RUNNING with exactly the fence and owner that the claim sets. */
        MINE_BEFORE,
        /** The job is QUEUED with the claim's fence: the claim's incarnation is no longer a node's current one. */
        STILL_QUEUED,
        /** The job belongs to another owner, has moved on, or has ended. */
        FOR_GOOD
    }

    /** A WAITING job that is to be queued. */
    private record Due(UUID job, long fence, Instant now) {}

    /**
     * A WAITING job that waits for a limit from now on.
     *
     * @param waitingFor LOCK or CHANNEL
     */
    public record Entry(UUID job, Waiting waitingFor) {}

    /**
     * A QUEUED job as its message knows it.
     *
     * @param fence the fence that the message must carry
     */
    public record Queued(UUID id, long fence) {}

    /** A RUNNING job. */
    public record Running(UUID job, long fence, boolean cancelling) {}

    /**
     * A run's progress.
     *
     * @param message null for none
     */
    public record RunProgress(UUID job, long fence, int percent, String message) {}

    /**
     * What an event carries.
     *
     * @param body JSON text
     * @param extensions JSON text; null for none
     */
    public record Payload(String body, String extensions) {}

    /** Those of a parent's children decrease. */
    private static Integer distance(Integer ordinal) {
        return ordinal == null ? null : Integer.valueOf(Math.abs(ordinal));
    }

    private static Integer ordinal(NewJob job) {
        return job.order().emission() == null ? null : job.order().emission().ordinal();
    }

    private static Integer parentGeneration(NewJob job) {
        return job.order().emission() == null ? null : job.order().emission().generation();
    }

    /**
     * Stores new jobs. One whose id, {@code requestId} or place of emission is already taken changes nothing.
     *
     * @return for each job, whether it was stored
     */
    public static boolean[] insertIfAbsent(Tx tx, List<NewJob> jobs) {
        boolean[] stored = INSERT_IF_ABSENT.run(tx, jobs);
        List<NewJob> fresh = IntStream.range(0, stored.length)
                .filter(i -> stored[i])
                .mapToObj(jobs::get)
                .toList();
        INSERT_LARGE_BODY.run(tx, fresh.stream().filter(JobTable::isLarge).toList());
        INSERT_STATE.run(tx, fresh);
        return stored;
    }

    private static boolean isLarge(NewJob job) {
        return job.order().body().length() > LONGEST_IN_ROW;
    }

    /** Claims QUEUED jobs by their fence; true where this node is now the owner. */
    public static boolean[] claim(Tx tx, List<Claim> claims) {
        return CLAIM.run(tx, claims);
    }

    /** Determines why claims changed nothing. */
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

    /** Locks up to {@code limit} WAITING jobs whose time has come, the longest overdue first, skipping locked rows. */
    public static List<UUID> lockDue(Tx tx, Instant now, int limit) {
        return tx.query(LOCK_DUE, row -> row.getObject(1, UUID.class), now, limit);
    }

    /** Locks up to {@code limit} QUEUED jobs that have outlived {@code expireAfter}, skipping locked rows. */
    public static List<UUID> lockExpired(Tx tx, Instant now, int limit) {
        return tx.query(LOCK_EXPIRED, row -> row.getObject(1, UUID.class), now, limit);
    }

    /** Locks those of these jobs that are WAITING and whose time has come, skipping locked rows. */
    public static List<UUID> lockDue(Tx tx, Instant now, List<UUID> of) {
        return tx.queryAll(LOCK_DUE_OF, row -> row.getObject(1, UUID.class), of, now);
    }

    /** Locks those of these jobs that are QUEUED and have outlived {@code expireAfter}, skipping locked rows. */
    public static List<UUID> lockExpired(Tx tx, Instant now, List<UUID> of) {
        return tx.queryAll(LOCK_EXPIRED_OF, row -> row.getObject(1, UUID.class), of, now);
    }

    /** Queues WAITING jobs, which increases their fence by one; returns for each whether it was as it was read. */
    public static boolean[] queue(Tx tx, List<Standing> jobs, Instant now) {
        return QUEUE.run(
                tx,
                jobs.stream()
                        .map(job -> new Due(job.job(), job.ticket().fence(), now))
                        .toList());
    }

    /** Makes WAITING jobs wait for their limits, until they expire. */
    public static void enter(Tx tx, List<Entry> entries) {
        ENTER.run(tx, entries);
    }

    /** Locks those of these jobs that are WAITING, skipping locked rows. */
    public static List<UUID> lockWaiting(Tx tx, List<UUID> of) {
        return tx.queryAll(LOCK_WAITING, row -> row.getObject(1, UUID.class), of);
    }

    /**
     * What these events carry, up to {@code most} characters in total; events that would exceed this are left out, but
     * at least one is returned.
     */
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

    /** The QUEUED job with the greatest id; empty if there is none. */
    public static Optional<UUID> lastQueued(Tx tx) {
        return tx.query(LAST_QUEUED, row -> row.getObject(1, UUID.class)).stream()
                .findFirst();
    }

    /** QUEUED jobs after one id up to another, in the order of their ids. */
    public static List<Queued> queuedBetween(Tx tx, UUID after, UUID upTo, int limit) {
        return tx.query(
                QUEUED_BETWEEN, row -> new Queued(row.getObject(1, UUID.class), row.getLong(2)), after, upTo, limit);
    }

    /**
     * A QUEUED job, and since when it has been queued.
     *
     * @param lane where its message must be
     */
    public record Sent(Queued job, String lane, Instant queuedAt) {}

    /** QUEUED jobs after an id, in the order of their ids. */
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

    /** RUNNING jobs whose owner is not the current incarnation of any node. */
    public static List<UUID> orphans(Tx tx, int limit) {
        return tx.query(ORPHANS, row -> row.getObject(1, UUID.class), limit);
    }

    /** How many jobs are QUEUED, by lane; counting stops at a total of {@code most}. */
    public static Map<String, Integer> countQueued(EntityManager em, int most) {
        Map<String, Integer> byLane = new HashMap<>();
        for (Object row :
                em.createNativeQuery(COUNT_QUEUED).setParameter(1, most).getResultList()) {
            Object[] columns = (Object[]) row;
            byLane.put((String) columns[0], ((Number) columns[1]).intValue());
        }
        return byLane;
    }

    /** How many jobs are in a state; counting stops at {@code most}. */
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

    /** Stores the progress of runs; changes nothing for a run that has ended. */
    public static void progress(Tx tx, List<RunProgress> notes) {
        PROGRESS.run(tx, notes);
    }

    /** When the next WAITING job is due; empty if there is none. */
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

    /** Adds the results of those that have one, as long as they are not too long in total. */
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

    /** Up to {@code limit} jobs of a chain, in the order of their ids: every job comes after its parent. */
    public static List<Job> chain(EntityManager em, UUID root, int limit) {
        List<Job> jobs = em.createQuery("SELECT j FROM Job j WHERE j.root = :root ORDER BY j.id", Job.class)
                .setParameter("root", root)
                .setMaxResults(limit)
                .getResultList();
        return withResults(em, jobs);
    }

    /**
     * The ended runs of a job, in order.
     *
     * @param after the number of the run before the first one; 0 for all
     */
    public static List<RunEntry> runs(EntityManager em, Job job, int after, int limit) {
        List<RunEntry> ledger = em.createQuery(
                        "SELECT r FROM RunEntry r WHERE r.job = :job AND r.number > :after ORDER BY r.number",
                        RunEntry.class)
                .setParameter("job", job.id())
                .setParameter("after", after)
                .setMaxResults(limit)
                .getResultList();
        boolean whole = !ledger.isEmpty() && ledger.get(ledger.size() - 1).number() >= job.run();
        if (job.state() != JobState.SUCCEEDED || whole || ledger.size() == limit || job.run() <= after) {
            return ledger;
        }
        List<RunEntry> all = new ArrayList<>(ledger);
        all.add(RunEntry.ofSuccess(job));
        return all;
    }
}
