package azukari.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.job.Event;
import azukari.job.JobTable.Payload;
import azukari.job.Ticket;
import azukari.outbox.Envelope;
import azukari.platform.Ids;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who works on what in this process. */
class ActiveRunsTest {
    private final ActiveRuns runs = new ActiveRuns();

    @Test
    void a_run_that_was_begun_is_known_to_the_next_delivery_until_its_end_is_committed() {
        Envelope message = message();
        ActiveRun first = runs.enter(message);
        assertThat(first.begunBefore()).isFalse();
        assertThat(runs.enter(message)).as("somebody is at it").isNull();
        begin(first);
        runs.leave(first);

        ActiveRun second = runs.enter(message);
        assertThat(second.begunBefore()).isTrue();
        runs.leave(second);
        ActiveRun third = runs.enter(message);
        assertThat(third.begunBefore()).as("also when the second did nothing").isTrue();
        third.settle();
        runs.leave(third);

        assertThat(runs.enter(message).begunBefore()).isFalse();
    }

    @Test
    void who_enters_the_moment_that_another_leaves_knows_how_that_left() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < 5_000; round++) {
                Envelope message = message();
                ActiveRun first = runs.enter(message);
                begin(first);
                Future<ActiveRun> next = thread.submit(() -> {
                    ActiveRun second = null;
                    while (second == null) {
                        second = runs.enter(message);
                    }
                    return second;
                });
                runs.leave(first);
                assertThat(next.get(10, TimeUnit.SECONDS).begunBefore()).isTrue();
            }
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void nobody_begins_a_run_while_it_is_taken_back() {
        Envelope message = message();

        boolean taken = runs.takeBack(message.job(), message.fence() + 1, begun -> {
            assertThat(begun).isFalse();
            assertThat(runs.enter(message)).isNull();
            return true;
        });

        assertThat(taken).isTrue();
        assertThat(runs.count()).isZero();
    }

    @Test
    void what_a_thread_is_working_on_is_not_taken_back_and_what_was_begun_is_taken_as_that() {
        Envelope message = message();
        ActiveRun run = runs.enter(message);
        assertThat(runs.takeBack(message.job(), message.fence() + 1, begun -> true))
                .isFalse();
        begin(run);
        runs.leave(run);

        assertThat(runs.takeBack(message.job(), message.fence() + 1, begun -> !begun))
                .isFalse();
        assertThat(runs.takeBack(message.job(), message.fence() + 1, begun -> begun))
                .isTrue();
        assertThat(runs.enter(message).begunBefore()).as("that is settled").isFalse();
    }

    private static void begin(ActiveRun run) {
        run.enterHandler(Instant.MAX);
        run.leaveHandler();
    }

    private static Envelope message() {
        UUID job = Ids.next();
        Event event = Event.builder()
                .job(job)
                .code("NOOP")
                .lane("default")
                .submitter("tester")
                .root(job)
                .createdAt(Instant.EPOCH)
                .build();
        return Envelope.of(event, new Ticket(1, 0, 0, 0, false, false, false, Instant.MAX), new Payload("{}", null));
    }
}
