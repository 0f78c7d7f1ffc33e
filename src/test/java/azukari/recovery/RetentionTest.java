package azukari.recovery;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.dispatch.Bench;
import azukari.handler.Outcome;
import azukari.job.Job;
import azukari.job.JobTable;
import azukari.notify.Feed;
import azukari.notify.Notice;
import azukari.notify.Notification;
import azukari.notify.Notifications;
import azukari.platform.Settings;
import azukari.testing.BadRows;
import azukari.testing.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is deleted when its time is over, and what is not. */
@ParameterizedClass
@EnumSource(Store.class)
class RetentionTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String TYPE = """
            code: %s
            title: A test's work
            description: A test's event type.
            owner: tests
            body: {type: object}
            examples: [{}]
            handler: {bean: noop}
            onCrash: %s
            onSucceeded: [CREATE_ALARM]
            """;

    @Parameter
    private Store store;

    private Bench bench;
    private Retention retention;

    @BeforeEach
    void open() {
        bench = new Bench(
                store,
                Map.of("work.yaml", TYPE.formatted("WORK", "rerun"), "once.yaml", TYPE.formatted("ONCE", "ask")));
        Settings settings = new Settings(Path.of("data"), Optional.empty(), "node-1", 1024, HOUR, HOUR, DAY, Set.of());
        retention = new Retention(bench.store.database(), bench.threads, settings, bench.clock);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void an_ended_job_goes_with_its_runs_when_its_time_is_over_and_its_request_id_is_free_again() {
        Job old = bench.accept(anOrder()
                .code("NOOP")
                .requestId("r-1")
                .body("\"" + "x".repeat(10_000) + "\"")
                .build());
        bench.end(old, Outcome.failed("no"));
        assertThat(bench.runsOf(old)).hasSize(1);
        bench.clock.advance(HOUR);
        Job younger = accept("NOOP");
        bench.end(younger, Outcome.failed("no"));
        bench.clock.advance(DAY.minus(HOUR).plusSeconds(1));

        assertThat(retention.pass()).as("there is no more").isFalse();

        assertThat(kept(old)).isFalse();
        assertThat(bench.runsOf(old)).isEmpty();
        List<Boolean> bodies =
                bench.store.database().inTransaction(tx -> tx.query("SELECT event FROM large_body", row -> true));
        assertThat(bodies).isEmpty();
        assertThat(kept(younger)).isTrue();
        assertThat(bench.runsOf(younger)).hasSize(1);
        assertThat(kept(bench.accept(anOrder().code("NOOP").requestId("r-1").build())))
                .isTrue();
    }

    @Test
    void what_has_not_ended_or_waits_for_somebody_stays() {
        Job queued = accept("NOOP");
        Job running = accept("NOOP");
        bench.claim(running);
        Job uncertain = accept("ONCE");
        bench.claim(uncertain);
        bench.exits.interrupt(bench.read(uncertain.id()), "node died");
        bench.clock.advance(DAY.multipliedBy(100));

        retention.pass();

        assertThat(List.of(queued, running, uncertain)).allMatch(this::kept);
    }

    @Test
    void a_chain_stays_whole_until_its_last_job_may_go() {
        Job first = accept("WORK");
        bench.end(first, Outcome.succeeded());
        bench.clock.advance(DAY.multipliedBy(2));
        retention.pass();
        assertThat(bench.chainOf(first)).as("its alarm has not run").hasSize(2);

        bench.end(bench.chainOf(first).get(1), Outcome.succeeded());
        bench.clock.advance(HOUR);
        retention.pass();
        assertThat(bench.chainOf(first)).as("its alarm ended an hour ago").hasSize(2);

        bench.clock.advance(DAY);
        retention.pass();
        assertThat(bench.chainOf(first)).isEmpty();
    }

    @Test
    void notifications_go_with_the_job_that_told_them_and_an_old_cursor_goes_on() {
        List<Job> tellers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Job teller = accept("NOOP");
            bench.end(
                    teller,
                    Outcome.succeeded().tell(new Notice(teller.id(), "NOOP", null, "tester", "SUCCEEDED", null, null)));
            tellers.add(teller);
            bench.clock.advance(HOUR);
        }
        place(3);
        long cursor = bench.feed().get(0).place();
        bench.clock.advance(DAY.minus(HOUR).minusSeconds(1));

        retention.pass();

        assertThat(tellers.stream().filter(this::kept)).containsExactly(tellers.get(2));
        assertThat(page(cursor))
                .extracting(Notification::job)
                .containsExactly(tellers.get(2).id());
        assertThat(page(0)).hasSize(1);
    }

    @Test
    void many_are_deleted_in_small_steps() {
        List<Job> jobs =
                bench.accept(Stream.generate(() -> anOrder().build()).limit(450).toList());
        bench.store
                .database()
                .inTransaction(tx -> tx.update(
                        "UPDATE job_state SET state = 'SUCCEEDED', finished_at = queued_at, queued_at = NULL"));
        bench.clock.advance(DAY.multipliedBy(2));

        int left = jobs.size();
        int steps = 0;
        boolean more = true;
        while (more) {
            more = retention.pass();
            steps++;
            int now = bench.store
                    .database()
                    .inTransaction(tx -> tx.query("SELECT COUNT(*) FROM job", row -> row.getInt(1)))
                    .get(0);
            assertThat(left - now).isLessThanOrEqualTo(200);
            left = now;
        }

        assertThat(left).isZero();
        assertThat(steps).isEqualTo(3);
    }

    private void place(int notifications) {
        Feed feed = new Feed(bench.store.database(), bench.threads);
        feed.start();
        await().until(() -> bench.feed().size() == notifications);
        feed.stop();
    }

    private Job accept(String code) {
        return bench.accept(anOrder().code(code).build());
    }

    private boolean kept(Job job) {
        return !bench.store
                .database()
                .read(em -> JobTable.findAll(em, List.of(job.id())))
                .isEmpty();
    }

    private List<Notification> page(long after) {
        return bench.store.database().read(em -> Notifications.page(em, null, after, 100));
    }

    @Test
    void a_chain_that_cannot_be_deleted_does_not_stop_the_others() {
        Job bad = accept("NOOP");
        bench.end(bad, Outcome.succeeded());
        bench.clock.advance(HOUR);
        Job other = accept("NOOP");
        bench.end(other, Outcome.succeeded());
        BadRows.refuseDeletion(bench.store.database(), "event", bad.id());
        bench.clock.advance(DAY.multipliedBy(2));

        retention.pass();

        assertThat(kept(other)).isFalse();
        assertThat(kept(bad)).isTrue();
        assertThat(retention.pass()).as("there is no more").isFalse();
    }
}
