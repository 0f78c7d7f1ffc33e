package azukari.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.broker.Signals;
import azukari.dispatch.Bench;
import azukari.job.Job;
import azukari.job.JobStamp;
import azukari.job.JobState;
import azukari.job.JobTable;
import azukari.job.JobTable.RunProgress;
import azukari.job.Orders;
import azukari.testing.Store;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Watches on jobs while the broker is unavailable. */
@ParameterizedClass
@EnumSource(Store.class)
class JobWatchTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @Parameter
    private Store store;

    private Bench bench;
    private JobChanges changes;
    private JobWatch watch;

    @BeforeEach
    void open() {
        bench = new Bench(store);
        Signals signals = new Signals(awayBroker(), bench.threads);
        changes = new JobChanges(signals);
        watch = new JobWatch(bench.store.database(), bench.threads, changes, signals);
        watch.start();
    }

    @AfterEach
    void close() {
        watch.stop();
        bench.close();
    }

    @Test
    void a_signalled_change_is_shown_long_before_the_next_poll() throws Exception {
        Job job = accepted();
        Waiting waiting = new Waiting(JobState.RUNNING);
        watch.watch(JobStamp.of(job), LONG, waiting);
        List<Duration> delays = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Job next = accepted();
            Waiting one = new Waiting(JobState.RUNNING);
            watch.watch(JobStamp.of(next), LONG, one);
            bench.claim(next);
            long told = System.nanoTime();
            changes.committed(next.id());
            assertThat(one.isOver()).isTrue();
            delays.add(Duration.ofNanos(System.nanoTime() - told));
        }
        delays.sort(null);
        assertThat(delays.get(5)).as("half of %s", delays).isLessThan(Duration.ofMillis(200));
        assertThat(waiting.seen())
                .as("one that did not change is shown nothing")
                .isEmpty();
    }

    @Test
    void rule_20_an_unsignalled_change_is_found_by_polling_once_a_second() throws Exception {
        List<Job> jobs = IntStream.range(0, 600).mapToObj(i -> accepted()).toList();
        List<Waiting> waiting = jobs.stream()
                .map(job -> {
                    Waiting one = new Waiting(JobState.RUNNING);
                    watch.watch(JobStamp.of(job), LONG, one);
                    return one;
                })
                .toList();
        bench.claim(jobs.get(0));
        bench.claim(jobs.get(599));

        assertThat(waiting.get(0).isOver()).isTrue();
        assertThat(waiting.get(599).isOver()).isTrue();
        assertThat(waiting.get(300).seen()).isEmpty();
        assertThat(watch.count()).isEqualTo(598);
    }

    @Test
    void a_change_between_reading_the_job_and_watching_it_is_not_missed() throws Exception {
        Job read = accepted();
        bench.claim(read);
        changes.committed(read.id());

        Waiting waiting = new Waiting(JobState.RUNNING);
        watch.watch(JobStamp.of(read), LONG, waiting);

        assertThat(waiting.isOver()).isTrue();
    }

    @Test
    void a_watch_that_times_out_has_seen_the_current_job() throws Exception {
        Job job = accepted();
        Waiting waiting = new Waiting(JobState.SUCCEEDED);
        watch.watch(JobStamp.of(job), Duration.ofMillis(600), waiting);
        bench.claim(job);

        assertThat(waiting.isOver()).isTrue();

        assertThat(waiting.seen()).last().isEqualTo(JobState.RUNNING);
        assertThat(watch.count()).isZero();
    }

    @Test
    void progress_is_a_change() throws Exception {
        Job job = accepted();
        long fence = bench.claim(job).fence();
        CountDownLatch half = new CountDownLatch(1);
        Watch watching = watch.watch(JobStamp.of(bench.read(job.id())), null, new Watcher() {
            @Override
            public boolean saw(Job now) {
                if (Integer.valueOf(50).equals(now.progressPercent())) {
                    half.countDown();
                }
                return false;
            }

            @Override
            public void over() {
                throw new AssertionError("nobody ends this");
            }
        });
        bench.store.database().inTransaction(tx -> {
            JobTable.progress(tx, List.of(new RunProgress(job.id(), fence, 50, "half")));
            return null;
        });

        assertThat(half.await(10, TimeUnit.SECONDS)).isTrue();
        watching.cancel();
        assertThat(watch.count()).isZero();
    }

    @Test
    void a_job_that_is_deleted_ends_the_wait() throws Exception {
        Job job = accepted();
        Waiting waiting = new Waiting(JobState.SUCCEEDED);
        watch.watch(JobStamp.of(job), LONG, waiting);
        bench.store
                .database()
                .inTransaction(tx -> tx.update("DELETE FROM outbox WHERE job = ?", job.id())
                        + tx.update("DELETE FROM job_state WHERE job = ?", job.id())
                        + tx.update("DELETE FROM event WHERE id = ?", job.id()));

        assertThat(waiting.isOver()).isTrue();
    }

    @Test
    void a_stop_ends_all_watches_and_later_ones_end_at_once() throws Exception {
        List<Waiting> waiting = IntStream.range(0, 200)
                .mapToObj(i -> {
                    Waiting one = new Waiting(JobState.SUCCEEDED);
                    watch.watch(JobStamp.of(accepted()), LONG, one);
                    return one;
                })
                .toList();

        watch.stop();

        assertThat(waiting).allSatisfy(one -> assertThat(one.over.getCount()).isZero());
        Waiting late = new Waiting(JobState.SUCCEEDED);
        watch.watch(JobStamp.of(accepted()), LONG, late);
        assertThat(late.over.getCount()).isZero();
        assertThat(watch.count()).isZero();
    }

    @Test
    void a_failing_watcher_does_not_delay_the_others() throws Exception {
        Job job = accepted();
        CountDownLatch over = new CountDownLatch(1);
        watch.watch(JobStamp.of(job), LONG, new Watcher() {
            @Override
            public boolean saw(Job now) {
                throw new IllegalStateException("a defect");
            }

            @Override
            public void over() {
                over.countDown();
                throw new IllegalStateException("another");
            }
        });
        Waiting waiting = new Waiting(JobState.RUNNING);
        watch.watch(JobStamp.of(job), LONG, waiting);
        bench.claim(job);
        changes.committed(job.id());

        assertThat(waiting.isOver()).isTrue();
        assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
        await().until(() -> watch.count() == 0);
    }

    private Job accepted() {
        return bench.accept(Orders.anOrder().build());
    }

    private static ConnectionFactory awayBroker() {
        return (ConnectionFactory) Proxy.newProxyInstance(
                JobWatchTest.class.getClassLoader(),
                new Class<?>[] {ConnectionFactory.class},
                (proxy, method, args) -> {
                    throw new JMSException("the broker is away");
                });
    }

    /** Waits for a state. */
    private static final class Waiting implements Watcher {
        private final JobState awaited;
        private final List<JobState> seen = new ArrayList<>();
        private final CountDownLatch over = new CountDownLatch(1);

        Waiting(JobState awaited) {
            this.awaited = awaited;
        }

        @Override
        public synchronized boolean saw(Job job) {
            seen.add(job.state());
            return job.state() == awaited;
        }

        @Override
        public void over() {
            over.countDown();
        }

        boolean isOver() throws InterruptedException {
            return over.await(10, TimeUnit.SECONDS);
        }

        synchronized List<JobState> seen() {
            return List.copyOf(seen);
        }
    }
}
