package azukari.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.dispatch.ClaimStep.Claimed;
import azukari.dispatch.ClaimStep.Wanted;
import azukari.handler.Outcome;
import azukari.intake.Intake;
import azukari.intake.Submission;
import azukari.job.Job;
import azukari.job.JobState;
import azukari.job.JobTable.Claim;
import azukari.job.RunRef;
import azukari.node.Nodes;
import azukari.platform.Ids;
import azukari.platform.Json;
import azukari.testing.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * 200 threads accept, claim and finish through one gate, several at a time the same {@code requestId} or the same job: what each
 * was answered is compared with what is stored.
 */
@ParameterizedClass
@EnumSource(Store.class)
class GateUnderLoadTest {
    private static final int THREADS = 200;
    private static final int EACH = 15;
    /** So many threads post the same requestIds, in the same order. */
    private static final int SHARING = 4;

    @Parameter
    private Store store;

    private final Incarnation[] incarnations = new Incarnation[THREADS];
    private Bench bench;
    private Intake intake;

    private final Map<String, UUID> answered = new ConcurrentHashMap<>();
    private final Map<UUID, AtomicInteger> claims = new ConcurrentHashMap<>();
    private final Map<UUID, AtomicInteger> ends = new ConcurrentHashMap<>();
    private final Queue<String> contradictions = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void open() {
        bench = new Bench(store);
        intake = new Intake(bench.catalog, bench.committer, bench.database, bench.clock);
        for (int i = 0; i < THREADS; i++) {
            incarnations[i] = new Incarnation(Ids.next(), "competitor-" + i);
            Nodes.put(bench.store.database(), incarnations[i].node(), Ids.next(), incarnations[i].id());
        }
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void what_is_answered_is_what_is_stored() throws Exception {
        List<Callable<Void>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int group = i / SHARING;
            int competitor = i;
            all.add(() -> {
                for (int n = 0; n < EACH; n++) {
                    one(group + "-" + n, competitor);
                }
                return null;
            });
        }

        runAtOnce(all);

        assertThat(contradictions).isEmpty();
        assertThat(answered).hasSize(THREADS / SHARING * EACH);
        List<Job> stored = bench.store.database().read(em -> em.createQuery("SELECT j FROM Job j", Job.class)
                .getResultList());
        assertThat(stored).hasSize(answered.size()).allSatisfy(job -> {
            assertThat(answered.get(job.requestId())).isEqualTo(job.id());
            assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(job.run()).isEqualTo(1);
            assertThat(claims.get(job.id())).as("won claims").hasValue(1);
            assertThat(ends.get(job.id())).as("won ends").hasValue(1);
        });
        assertThat(count("SELECT COUNT(*) FROM outbox")).isEqualTo(answered.size());
        assertThat(count("SELECT COUNT(*) FROM run"))
                .as("runs that ended otherwise than in success")
                .isZero();
    }

    private void one(String requestId, int competitor) throws Exception {
        Job job = intake.accept(
                new Submission("NOOP", requestId, Json.object().put("for", requestId), "tester", 4, null, null));
        UUID before = answered.putIfAbsent(requestId, job.id());
        if (before != null && !before.equals(job.id())) {
            contradictions.add(requestId + " was answered with " + before + " and with " + job.id());
        }
        Incarnation me = incarnations[competitor]; // each thread competes with all others
        Claim claim = new Claim(job.id(), 1, me.id(), me.node(), bench.clock.instant());
        if (bench.committer
                        .submit(bench.claimStep, List.of(new Wanted(claim, false)))
                        .get(0)
                        .claimed()
                != Claimed.NOT) {
            claims.computeIfAbsent(job.id(), key -> new AtomicInteger()).incrementAndGet();
            RunRef run = new RunRef(job.id(), 2, me.id(), me.node(), 1, 1, bench.clock.instant());
            Work work = bench.workOf(job);
            for (int times = 0; times < 2; times++) {
                Verdict verdict = bench.verdicts.of(work, Outcome.succeeded());
                if (bench.exits.leave(new Leaving(work, run, verdict, null, bench.clock.instant()))) {
                    ends.computeIfAbsent(job.id(), key -> new AtomicInteger()).incrementAndGet();
                }
            }
        }
    }

    private void runAtOnce(List<Callable<Void>> all) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        CountDownLatch start = new CountDownLatch(1);
        try {
            List<Future<Void>> running = new ArrayList<>();
            for (Callable<Void> one : all) {
                running.add(pool.submit(() -> {
                    start.await();
                    return one.call();
                }));
            }
            start.countDown();
            for (Future<Void> one : running) {
                one.get(90, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private long count(String sql) {
        return bench.store.database().inTransaction(tx -> tx.query(sql, row -> row.getLong(1))
                .get(0));
    }
}
