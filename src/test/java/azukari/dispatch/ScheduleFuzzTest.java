package azukari.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.catalog.Channel;
import azukari.dispatch.Operations.Decision;
import azukari.handler.Outcome;
import azukari.intake.Queueing;
import azukari.job.Job;
import azukari.job.JobOrder;
import azukari.job.JobOrder.Emission;
import azukari.job.JobState;
import azukari.job.NewJob;
import azukari.limit.ChannelTable;
import azukari.limit.Need;
import azukari.platform.Ids;
import azukari.testing.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Limits, locks and parents under random interleavings of all that can happen to jobs, in the product's own steps on a real
 * database, with virtual time. Wake-ups are lost at random, as by a crash right after a commit. What must hold after each step, and
 * once everything has come to rest, is asked of the tables.
 */
class ScheduleFuzzTest {
    private static final int SCHEDULES = 20;
    private static final int STEPS = 160;
    private static final List<String> CHANNELS = List.of("north", "south", "west");
    private static final List<String> KEYS = List.of("a", "b", "c");

    private static final String DOUBTFUL = """
            code: DOUBTFUL
            title: Work that may not be repeated
            description: A test's event type.
            owner: tests
            body: {type: object}
            examples: [{}]
            handler: {bean: noop}
            onCrash: ask
            """;

    private Random random;
    private Bench bench;
    private boolean deaf;
    private final Map<String, Integer> most = new HashMap<>();
    private final Set<String> paused = new HashSet<>();
    private final List<UUID> jobs = new ArrayList<>();
    private final Map<String, List<UUID>> begun = new HashMap<>();
    private final Map<UUID, String> locks = new HashMap<>();

    static LongStream seeds() {
        return LongStream.concat(LongStream.range(1, SCHEDULES), LongStream.of(System.nanoTime()));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void rules_8_10_12_13_and_14_hold_whatever_happens_in_whatever_order(long seed) {
        random = new Random(seed);
        try (Bench opened = new Bench(Store.H2, Map.of("doubtful.yaml", DOUBTFUL))) {
            bench = opened;
            bench.committer.onCapacities(capacities -> {
                if (!deaf) {
                    bench.admission.look(capacities);
                }
            });
            CHANNELS.forEach(this::declare);
            for (int i = 0; i < STEPS; i++) {
                deaf = random.nextInt(4) == 0;
                step();
                assertSound();
                if (random.nextInt(20) == 0) {
                    rest();
                }
            }
            finish();
        }
    }

    private void declare(String name) {
        most.put(name, 2);
        bench.database.inTransaction(tx -> {
            ChannelTable.declare(tx, new Channel(name, Optional.empty(), Optional.of(2)), Optional.empty());
            return null;
        });
    }

    private void step() {
        switch (random.nextInt(14)) {
            case 0, 1, 2 -> accept(1 + random.nextInt(4));
            case 3 -> batch(1 + random.nextInt(4));
            case 4, 5 -> claim();
            case 6, 7 -> end();
            case 8 -> interrupt();
            case 9 -> any(bench::read).ifPresent(this::cancelOrRetry);
            case 10 -> pauseOrResume();
            case 11 -> changeLimit();
            case 12 -> bench.letPass(Duration.ofSeconds(random.nextInt(20)));
            default -> bench.admission.pass();
        }
    }

    private <T> Optional<T> any(Function<UUID, T> what) {
        return jobs.isEmpty() ? Optional.empty() : Optional.of(what.apply(jobs.get(random.nextInt(jobs.size()))));
    }

    private List<Need> needs(UUID job, boolean later) {
        List<Need> needs = new ArrayList<>();
        if (random.nextInt(3) == 0) {
            Need lock = Need.lock("NOOP", KEYS.get(random.nextInt(KEYS.size())));
            needs.add(lock);
            if (!later) { // That enters the line when its time has come.
                locks.put(job, lock.key());
            }
        }
        for (String channel : CHANNELS) {
            if (random.nextInt(3) == 0) {
                needs.add(
                        random.nextBoolean()
                                ? Need.channel(channel)
                                : Need.share(channel, KEYS.get(random.nextInt(KEYS.size()))));
            }
        }
        return needs;
    }

    private JobOrder order(Emission emission) {
        UUID id = Ids.next();
        boolean later = random.nextInt(6) == 0;
        jobs.add(id);
        return JobOrder.builder()
                .id(id)
                .code(random.nextInt(5) == 0 ? "DOUBTFUL" : "NOOP")
                .submitter("submitter-" + random.nextInt(3))
                .priority(random.nextInt(10))
                .body("{}")
                .lane("default")
                .maxAttempts(3)
                .notBefore(later ? bench.clock.instant().plusSeconds(10) : null)
                .expireAfter(Duration.ofDays(1))
                .emission(emission)
                .needs(needs(id, later))
                .build();
    }

    private void accept(int count) {
        List<JobOrder> orders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            orders.add(order(null));
        }
        store(orders);
    }

    private void batch(int count) {
        UUID parent = Ids.next();
        List<JobOrder> orders = new ArrayList<>();
        orders.add(JobOrder.builder()
                .id(parent)
                .code("BATCH")
                .submitter("submitter-0")
                .priority(4)
                .body("{}")
                .lane("default")
                .maxAttempts(1)
                .expireAfter(Duration.ofDays(10))
                .children(count)
                .build());
        for (int i = 0; i < count; i++) {
            orders.add(order(Emission.child(parent, 0, i, parent)));
        }
        jobs.add(parent);
        store(orders);
    }

    private void store(List<JobOrder> orders) {
        bench.database.inTransaction(tx -> Queueing.store(
                tx,
                orders.stream()
                        .map(order -> new NewJob(order, bench.clock.instant()))
                        .toList()));
    }

    private List<Job> in(JobState state) {
        return bench
                .database
                .inTransaction(tx -> tx.query(
                        "SELECT job FROM job_state WHERE state = ? ORDER BY job",
                        row -> row.getObject(1, UUID.class),
                        state))
                .stream()
                .map(bench::read)
                .toList();
    }

    private List<String> open() {
        return found("SELECT CAST(job AS varchar) FROM job_state WHERE finished_at IS NULL");
    }

    private void claim() {
        List<Job> queued = in(JobState.QUEUED);
        if (queued.isEmpty()) {
            return;
        }
        Job job = queued.get(random.nextInt(queued.size()));
        if (bench.claims(job) == ClaimStep.Claimed.TOO_EARLY) {
            assertThat(paused).as("nothing else refuses a claim").isNotEmpty();
            bench.exits.leave(Leaving.unclaimed(
                    bench.workOf(job), Verdicts.sentBack(bench.clock.instant()), bench.clock.instant()));
            return;
        }
        assertThat(channelsOf(job))
                .as("rule 10: nothing begins in a paused channel")
                .noneMatch(paused::contains);
        if (locks.containsKey(job.id())) {
            List<UUID> order = begun.computeIfAbsent(locks.get(job.id()), key -> new ArrayList<>());
            if (!order.contains(job.id())) {
                order.add(job.id());
            }
        }
    }

    private List<String> channelsOf(Job job) {
        return found("SELECT c.channel FROM permit p JOIN capacity c ON c.id = p.capacity"
                + " WHERE c.channel IS NOT NULL AND p.job = '" + job.id() + "'");
    }

    private void end() {
        List<Job> running = in(JobState.RUNNING);
        if (!running.isEmpty()) {
            Job job = running.get(random.nextInt(running.size()));
            bench.end(
                    job,
                    switch (random.nextInt(5)) {
                        case 0 -> Outcome.failed("no");
                        case 1 -> Outcome.retry("not yet", Duration.ofSeconds(5));
                        case 2 -> Outcome.snooze(bench.clock.instant().plusSeconds(5), "not yet");
                        default -> Outcome.succeeded();
                    });
        }
    }

    private void interrupt() {
        List<Job> running = in(JobState.RUNNING);
        if (!running.isEmpty()) {
            bench.exits.interrupt(running.get(random.nextInt(running.size())), "a crash");
        }
    }

    private void cancelOrRetry(Job job) {
        if (job.state() == JobState.UNCERTAIN) {
            Decision[] decisions = Decision.values();
            Decision decision = decisions[random.nextInt(decisions.length)];
            bench.operations.resolve(job.id(), decision, null);
            forgetLock(job, decision == Decision.RERUN);
        } else if (!job.state().ended()) {
            bench.operations.cancel(job.id());
        } else if (job.state() != JobState.SUCCEEDED && job.family() == null) {
            bench.operations.retry(job.id());
            forgetLock(job, true);
        }
    }

    /** By its event type a new generation needs nothing. */
    private void forgetLock(Job job, boolean again) {
        if (again) {
            locks.remove(job.id());
        }
    }

    private void pauseOrResume() {
        String channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
        boolean pause = paused.add(channel) || !paused.remove(channel);
        pause(channel, pause);
    }

    private void pause(String channel, boolean pause) {
        bench.database.inTransaction(tx -> {
            ChannelTable.pause(tx, channel, pause);
            return null;
        });
    }

    private void changeLimit() {
        String channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
        int concurrency = 1 + random.nextInt(3);
        most.merge(channel, concurrency, Math::max);
        bench.database.inTransaction(tx -> {
            ChannelTable.change(tx, channel, Optional.empty(), Optional.of(concurrency));
            return null;
        });
    }

    private List<String> found(String sql) {
        return bench.database.inTransaction(tx -> tx.query(sql, row -> row.getString(1)));
    }

    /** What holds after every step. */
    private void assertSound() {
        assertThat(found("""
                        SELECT s.state || ' ' || p.phase FROM permit p JOIN job_state s ON s.job = p.job
                         WHERE (s.finished_at IS NOT NULL AND s.state <> 'UNCERTAIN')
                            OR (p.phase = 2 AND NOT p.kept AND s.state <> 'QUEUED' AND s.state <> 'RUNNING')
                            OR (p.phase <> 2 AND (s.state = 'QUEUED' OR s.state = 'RUNNING'))
                        """))
                .as("a permit is held by exactly those that are on the wire or run")
                .isEmpty();
        assertThat(found("""
                        SELECT c.key_value FROM permit p JOIN capacity c ON c.id = p.capacity
                         WHERE p.phase = 2 AND c.channel IS NULL GROUP BY c.id, c.key_value HAVING COUNT(*) > 1
                        """)).as("a lock has one holder").isEmpty();
        for (String channel : CHANNELS) {
            assertThat(found("""
                            SELECT c.key_value FROM permit p JOIN capacity c ON c.id = p.capacity
                             WHERE p.phase = 2 AND c.channel = '%s' GROUP BY c.id, c.key_value HAVING COUNT(*) > %d
                            """.formatted(channel, most.get(channel))))
                    .as("a channel never had more room")
                    .isEmpty();
        }
        begun.forEach((key, order) -> assertThat(order)
                .as("of a key's jobs, in the order of acceptance")
                .isSorted());
    }

    /** What holds once nothing is left to be looked at: a new node looks everywhere. */
    private void rest() {
        new Admission(bench.database, bench.threads, bench.committer, bench.clock).pass();
        bench.admission.pass();
        bench.families.pass();
        assertSound();
        assertThat(found("""
                        SELECT c.channel || ' ' || c.key_value FROM capacity c LEFT JOIN channel h ON h.name = c.channel
                         WHERE EXISTS (SELECT 1 FROM permit w WHERE w.capacity = c.id AND w.phase = 1)
                           AND NOT COALESCE(h.paused, FALSE)
                           AND (SELECT COUNT(*) FROM permit p WHERE p.capacity = c.id AND p.phase = 2)
                               < COALESCE(h.concurrency, 1)
                        """)).as("nobody waits where there is room").isEmpty();
        assertThat(found("""
                        SELECT p.job FROM job_state p
                         WHERE p.children IS NOT NULL
                           AND (p.children_succeeded <> (SELECT COUNT(*) FROM event e JOIN job_state s ON s.job = e.id
                                                          WHERE e.parent = p.job AND e.parent_ordinal < 0
                                                            AND s.state = 'SUCCEEDED')
                             OR p.children_failed <> (SELECT COUNT(*) FROM event e JOIN job_state s ON s.job = e.id
                                                       WHERE e.parent = p.job AND e.parent_ordinal < 0
                                                         AND s.finished_at IS NOT NULL AND s.state <> 'SUCCEEDED')
                             OR (p.state = 'WAITING' AND p.children_succeeded + p.children_failed = p.children))
                        """))
                .as("counters equal rows, and a parent ends with its children")
                .isEmpty();
    }

    /** Everything comes to an end. */
    private void finish() {
        deaf = false;
        CHANNELS.forEach(channel -> pause(channel, false));
        paused.clear();
        for (int i = 0; i < STEPS * 10; i++) {
            bench.letPass(Duration.ofSeconds(10));
            rest();
            if (open().isEmpty()) {
                break;
            }
            in(JobState.QUEUED).forEach(job -> bench.claims(job));
            in(JobState.RUNNING).forEach(job -> bench.end(job, Outcome.succeeded()));
            in(JobState.UNCERTAIN).forEach(job -> bench.operations.resolve(job.id(), Decision.SUCCEEDED, null));
        }
        in(JobState.UNCERTAIN).forEach(job -> bench.operations.resolve(job.id(), Decision.SUCCEEDED, null));
        bench.families.pass();
        assertThat(open()).as("nobody waits for ever").isEmpty();
        assertThat(found("SELECT COUNT(*) FROM permit")).containsExactly("0");
        assertThat(found("SELECT COUNT(*) FROM ended_child")).containsExactly("0");
    }
}
