package azukari.dispatch;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.database.Database;
import azukari.job.Ending;
import azukari.job.Job;
import azukari.job.JobState;
import azukari.job.JobTable;
import azukari.job.JobTable.RunProgress;
import azukari.job.RunRef;
import azukari.platform.Ids;
import azukari.testing.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What handlers tell is stored beside the ends of their runs. */
class ProgressNotesTest {
    /** Rule 15: both lock the jobs' rows in one order, so neither waits for the other in a circle. Nothing is run again here. */
    @Test
    void rule_15_notes_and_ends_of_the_same_jobs_never_deadlock() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Bench bench = new Bench(Store.POSTGRESQL)) {
            Database database = bench.store.database();
            for (int round = 0; round < 10; round++) {
                List<Job> jobs = bench.accept(
                        Stream.generate(() -> anOrder().build()).limit(60).toList());
                List<Leaving> ends = new ArrayList<>();
                List<RunProgress> notes = new ArrayList<>();
                for (Job job : jobs) {
                    RunRef run = bench.claim(job);
                    Verdict done = new Verdict(Ending.succeeded(null), List.of(), List.of());
                    ends.add(new Leaving(bench.workOf(job), run, done, null, bench.clock.instant()));
                    notes.add(new RunProgress(job.id(), run.fence(), 50, "half"));
                }
                Collections.reverse(notes);
                CyclicBarrier together = new CyclicBarrier(2);
                Future<?> noting = threads.submit(() -> {
                    together.await();
                    return database.inTransaction(tx -> {
                        JobTable.progress(tx, notes);
                        return null;
                    });
                });
                Future<?> ending = threads.submit(() -> {
                    together.await();
                    return database.inTransaction(tx -> ExitStep.leave(tx, ends));
                });
                noting.get(30, TimeUnit.SECONDS);
                ending.get(30, TimeUnit.SECONDS);
                assertThat(jobs)
                        .allSatisfy(
                                job -> assertThat(bench.read(job.id()).state()).isEqualTo(JobState.SUCCEEDED));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void an_end_takes_its_own_run_s_note_and_leaves_that_of_a_newer_run() {
        ProgressNotes notes = new ProgressNotes(null, null);
        RunRef old = new RunRef(Ids.next(), 2, Ids.next(), "node", 1, 1, Instant.EPOCH);
        RunRef newer = new RunRef(old.job(), 4, old.owner(), "node", 2, 2, Instant.EPOCH);
        ProgressNote half = new ProgressNote(50, "half");

        notes.note(newer, half);

        notes.note(old, new ProgressNote(90, "said too late"));

        assertThat(notes.take(old)).isNull();
        assertThat(notes.take(newer)).isEqualTo(half);
        assertThat(notes.take(newer)).isNull();
    }
}
