package azukari.dispatch;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.catalog.Channel;
import azukari.catalog.Rate;
import azukari.handler.Outcome;
import azukari.intake.Queueing;
import azukari.job.Job;
import azukari.job.JobOrder;
import azukari.job.JobState;
import azukari.job.RunRef;
import azukari.job.Waiting;
import azukari.limit.CapacityTable;
import azukari.limit.ChannelTable;
import azukari.limit.Need;
import azukari.limit.PermitTable;
import azukari.limit.Permits;
import azukari.limit.Throttle;
import azukari.platform.Ids;
import azukari.testing.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is put on the wire when there is room, and who waits. */
@ParameterizedClass
@EnumSource(Store.class)
class AdmissionTest {
    private static final Need NORTH = Need.channel("north");
    private static final Need SOUTH = Need.channel("south");
    /** More than one pass looks at. */
    private static final int KEYS = 1001;
    /** More than one look gives room to. */
    private static final int MANY = 600;

    @Parameter
    private Store store;

    private Bench bench;

    @BeforeEach
    void open() {
        bench = new Bench(store);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private void channel(String name, String rate, Integer concurrency) {
        Channel channel =
                new Channel(name, Optional.ofNullable(rate).map(Rate::parse), Optional.ofNullable(concurrency));
        bench.database.inTransaction(tx -> {
            ChannelTable.declare(tx, channel, Optional.empty());
            return null;
        });
    }

    private static JobOrder order(String submitter, int priority, Need... needs) {
        return JobOrder.builder()
                .id(Ids.next())
                .code("NOOP")
                .submitter(submitter)
                .priority(priority)
                .body("{}")
                .lane("default")
                .maxAttempts(3)
                .expireAfter(Duration.ofDays(1))
                .needs(List.of(needs))
                .build();
    }

    private List<Job> accept(int count, String submitter, Need... needs) {
        return bench.accept(IntStream.range(0, count)
                .mapToObj(i -> order(submitter, 4, needs))
                .toList());
    }

    private void look(Need... needs) {
        bench.admission.look(Stream.of(needs).map(Need::capacity).toList());
        bench.admission.pass();
    }

    private List<UUID> queued(List<Job> jobs) {
        return jobs.stream()
                .map(Job::id)
                .filter(id -> bench.read(id).state() == JobState.QUEUED)
                .toList();
    }

    @Test
    void what_is_wanted_all_the_time_does_not_put_off_what_has_its_time() {
        channel("north", null, null);
        channel("south", null, 1);
        List<Job> jobs = accept(1, "me", NORTH);
        bench.admission.pass();
        bench.database.inTransaction(tx -> tx.update(
                "UPDATE capacity SET wake_at = ? WHERE channel = 'north'",
                Instant.now().minusSeconds(1)));
        accept(1, "me", SOUTH);

        for (int passes = 0; passes < 3; passes++) {
            look(SOUTH);
        }

        assertThat(queued(jobs)).hasSize(1);
    }

    @Test
    void a_message_knows_when_its_call_will_probably_begin() {
        channel("north", "20/s", null);
        accept(2, "me", NORTH);

        List<Instant> begins = bench
                .database
                .inTransaction(tx -> Queueing.admit(tx, List.of(NORTH.capacity()), bench.clock.instant()))
                .effects()
                .messages()
                .stream()
                .map(message -> message.envelope().callAt())
                .sorted()
                .toList();

        assertThat(begins).hasSize(2);
        assertThat(Duration.between(begins.get(0), begins.get(1)))
                .as("an interval of the channel")
                .isEqualTo(Rate.parse("20/s").interval());
    }

    private void end(UUID job) {
        bench.end(bench.read(job), Outcome.succeeded());
        bench.admission.pass();
    }

    private static List<UUID> ids(List<Job> jobs, int from, int to) {
        return jobs.subList(from, to).stream().map(Job::id).toList();
    }

    @Test
    void a_job_waits_for_room_and_is_put_on_the_wire_when_another_ends() {
        channel("north", null, 2);
        List<Job> jobs = accept(3, "me", NORTH);
        assertThat(jobs).allSatisfy(job -> {
            assertThat(job.state()).isEqualTo(JobState.WAITING);
            assertThat(job.waitingFor()).isEqualTo(Waiting.CHANNEL);
        });

        look(NORTH);
        assertThat(queued(jobs)).isEqualTo(ids(jobs, 0, 2));
        end(jobs.get(0).id());

        assertThat(queued(jobs)).isEqualTo(ids(jobs, 1, 3));
    }

    @Test
    void whatever_a_jobs_run_comes_to_its_permit_is_given_back() {
        channel("north", null, 1);
        List<Job> jobs = accept(6, "me", NORTH);
        look(NORTH);
        List<Outcome> ends = List.of(
                Outcome.succeeded(),
                Outcome.failed("no"),
                Outcome.retry("later", Duration.ofHours(1)),
                Outcome.snooze(bench.clock.instant().plusSeconds(3600), "later"));
        for (int i = 0; i < ends.size(); i++) {
            assertThat(queued(jobs)).containsExactly(jobs.get(i).id());
            bench.end(bench.read(jobs.get(i).id()), ends.get(i));
            bench.admission.pass();
        }
        assertThat(queued(jobs)).containsExactly(jobs.get(4).id());
        bench.operations.cancel(jobs.get(4).id());
        bench.admission.pass();

        assertThat(queued(jobs)).containsExactly(jobs.get(5).id());
    }

    @Test
    void an_interrupted_job_takes_its_place_in_the_line_again() {
        channel("north", null, 1);
        List<Job> jobs = accept(3, "me", NORTH);
        look(NORTH);
        RunRef run = bench.claim(bench.read(jobs.get(0).id()));
        assertThat(bench.exits.interrupt(bench.read(run.job()), "a test")).isTrue();
        bench.admission.pass();

        assertThat(queued(jobs)).containsExactly(jobs.get(0).id());
    }

    @Test
    void priority_comes_first_then_one_of_each_submitter_in_turn_then_age() {
        channel("north", null, 1);
        List<Job> many = accept(4, "many", NORTH);
        List<Job> one = accept(1, "one", NORTH);
        List<Job> two = accept(2, "two", NORTH);
        List<Job> urgent = bench.accept(List.of(order("many", 9, NORTH)));
        List<Job> all = Stream.of(many, one, two, urgent).flatMap(List::stream).toList();
        List<UUID> begun = new ArrayList<>();
        look(NORTH);
        for (int i = 0; i < all.size(); i++) {
            UUID next = queued(all).get(0);
            begun.add(next);
            end(next);
        }
        assertThat(begun)
                .containsExactly(
                        urgent.get(0).id(),
                        one.get(0).id(),
                        two.get(0).id(),
                        many.get(0).id(),
                        two.get(1).id(),
                        many.get(1).id(),
                        many.get(2).id(),
                        many.get(3).id());
    }

    @Test
    void one_of_each_submitter_is_taken_in_turn_also_when_there_is_room_for_many() {
        channel("north", null, 4);
        List<Job> many = accept(10, "many", NORTH);
        List<Job> few = accept(3, "some", NORTH);
        look(NORTH);
        assertThat(queued(many)).isEqualTo(ids(many, 0, 2));
        assertThat(queued(few)).isEqualTo(ids(few, 0, 2));
    }

    @Test
    void a_rate_doses_what_is_put_on_the_wire() {
        channel("north", "2/s", null);
        List<Job> jobs = accept(5, "me", NORTH);
        look(NORTH);
        assertThat(queued(jobs)).containsExactly(jobs.get(0).id());
        bench.claim(bench.read(jobs.get(0).id()));
        look(NORTH);
        assertThat(queued(jobs)).as("the next slot is half a second away").isEmpty();
    }

    @Test
    void rule_13_a_lock_keys_jobs_run_one_at_a_time_in_the_order_of_acceptance() {
        Need lock = Need.lock("NOOP", "P-1");
        List<Job> jobs = new ArrayList<>(bench.accept(List.of(order("a", 1, lock), order("b", 9, lock))));
        List<Job> others = accept(1, "c", Need.lock("NOOP", "P-2"));
        assertThat(jobs.get(0).waitingFor()).isEqualTo(Waiting.LOCK);
        look(lock, Need.lock("NOOP", "P-2"));
        assertThat(queued(jobs)).containsExactly(jobs.get(0).id());
        assertThat(queued(others)).hasSize(1);

        bench.end(bench.read(jobs.get(0).id()), Outcome.retry("later", Duration.ofHours(1)));
        bench.admission.pass();
        assertThat(queued(jobs)).as("the key is kept over the back-off").isEmpty();
        bench.letPass(Duration.ofHours(2));
        assertThat(queued(jobs)).containsExactly(jobs.get(0).id());
        end(jobs.get(0).id());
        assertThat(queued(jobs)).containsExactly(jobs.get(1).id());
    }

    @Test
    void a_job_gets_all_of_its_channels_or_none() {
        channel("north", null, 1);
        channel("south", null, 1);
        List<Job> north = accept(1, "me", NORTH);
        look(NORTH);
        List<Job> both = accept(1, "me", NORTH, SOUTH);
        List<Job> south = accept(1, "me", SOUTH);
        look(NORTH, SOUTH);
        assertThat(queued(both)).isEmpty();
        assertThat(queued(south)).hasSize(1);
        end(north.get(0).id());
        assertThat(queued(both)).isEmpty();
        List<Job> next = accept(1, "you", NORTH);
        look(NORTH);
        assertThat(queued(next))
                .as("what waits for the south holds no place in the north")
                .hasSize(1);
        end(next.get(0).id());
        end(south.get(0).id());
        assertThat(queued(both)).hasSize(1);
    }

    @Test
    void a_capacity_that_is_not_there_keeps_nobody_waiting() {
        channel("north", null, 1);
        List<Job> jobs = accept(1, "me", NORTH, SOUTH);
        bench.database.inTransaction(tx -> tx.update(
                "DELETE FROM capacity WHERE id = ?", other(NORTH, SOUTH).capacity()));
        look(NORTH, SOUTH);
        assertThat(queued(jobs)).hasSize(1);
    }

    /** The one that a job does not wait for first. */
    private static Need other(Need one, Need two) {
        return one.capacity().compareTo(two.capacity()) < 0 ? two : one;
    }

    @Test
    void only_the_head_of_a_lock_waits_for_the_channel() {
        channel("north", null, 2);
        Need lock = Need.lock("NOOP", "P-1");
        List<Job> jobs = accept(2, "me", lock, NORTH);
        look(lock, NORTH);
        assertThat(queued(jobs)).containsExactly(jobs.get(0).id());
        assertThat(bench.read(jobs.get(1).id()).waitingFor()).isEqualTo(Waiting.LOCK);
        end(jobs.get(0).id());
        assertThat(queued(jobs)).containsExactly(jobs.get(1).id());
    }

    @Test
    void each_key_has_a_share_for_itself() {
        channel("north", null, 1);
        List<Job> a = accept(2, "me", Need.share("north", "a"));
        List<Job> b = accept(2, "me", Need.share("north", "b"));
        look(Need.share("north", "a"), Need.share("north", "b"));
        assertThat(queued(a)).containsExactly(a.get(0).id());
        assertThat(queued(b)).containsExactly(b.get(0).id());
    }

    @Test
    void rule_8_jobs_that_nobody_was_told_of_are_found() {
        channel("north", null, 1);
        List<Job> jobs = accept(1, "me", NORTH);
        bench.admission.pass();
        assertThat(queued(jobs)).hasSize(1);
    }

    @Test
    void rule_8_all_that_is_waited_for_has_its_turn_and_what_is_rightly_full_costs_nothing() {
        channel("north", null, 1);
        Need[] needs = {Need.share("north", "a"), Need.share("north", "b"), Need.lock("NOOP", "c")};
        for (Need need : needs) {
            accept(2, "me", need);
        }
        look(needs);
        assertThat(unattended(10)).isEmpty();

        for (Need need : needs) {
            bench.database.inTransaction(
                    tx -> tx.update("DELETE FROM permit WHERE phase = 2 AND capacity = ?", need.capacity()));
            assertThat(unattended(1)).contains(need.capacity());
        }
        assertThat(unattended(1)).hasSize(3);
        assertThat(unattended(2)).hasSize(3);
        look(needs);
        assertThat(unattended(10)).isEmpty();
    }

    /** In slices, from the first to the last. */
    private List<UUID> unattended(int limit) {
        List<UUID> all = new ArrayList<>();
        UUID from = CapacityTable.BEFORE_ALL;
        do {
            UUID next = from;
            PermitTable.Slice slice = bench.database.inTransaction(tx -> PermitTable.waitedFor(tx, next, limit));
            all.addAll(slice.unattended());
            from = slice.next();
        } while (!from.equals(CapacityTable.BEFORE_ALL));
        return all;
    }

    @Test
    void a_paused_channel_lets_nobody_pass_and_what_is_on_the_wire_waits_again() {
        channel("north", null, 5);
        List<Job> jobs = accept(2, "me", NORTH);
        look(NORTH);
        pause(true);
        Job first = bench.read(jobs.get(0).id());
        assertThat(bench.claims(first)).isEqualTo(ClaimStep.Claimed.TOO_EARLY);
        assertThat(bench.read(first.id()).state()).isEqualTo(JobState.QUEUED);
        assertThat(bench.exits.leave(Leaving.unclaimed(
                        bench.workOf(first), Verdicts.sentBack(bench.clock.instant()), bench.clock.instant())))
                .isTrue();
        look(NORTH);
        assertThat(bench.read(first.id()).state()).isEqualTo(JobState.WAITING);
        assertThat(bench.read(first.id()).run()).isZero();
        pause(false);
        look(NORTH);
        assertThat(queued(jobs)).isEqualTo(ids(jobs, 0, 2));
    }

    private void pause(boolean paused) {
        bench.database.inTransaction(tx -> {
            ChannelTable.pause(tx, "north", paused);
            return null;
        });
    }

    @Test
    void a_call_that_says_it_was_the_last_for_now_closes_its_channel() {
        channel("north", null, 5);
        List<Job> jobs = accept(1, "me", NORTH);
        look(NORTH);
        Job first = bench.read(jobs.get(0).id());
        RunRef run = bench.claim(first);
        Verdict succeeded = bench.verdicts.of(bench.workOf(first), Outcome.succeeded());
        Instant until = bench.clock.instant().plusSeconds(60);
        assertThat(bench.leave(first, run, bench.verdicts.closing(bench.workOf(first), succeeded, until)))
                .isTrue();
        assertThat(bench.read(first.id()).state()).isEqualTo(JobState.SUCCEEDED);

        List<Job> next = accept(1, "me", NORTH);
        look(NORTH);
        assertThat(queued(next)).isEmpty();

        bench.database.inTransaction(tx -> {
            CapacityTable.reopen(tx, "north");
            return null;
        });
        look(NORTH);
        assertThat(queued(next)).as("an operator knows better").hasSize(1);
    }

    @Test
    void after_a_slower_rate_a_faster_one_holds_within_a_second() {
        channel("north", "1/h", null);
        List<Job> jobs = accept(3, "me", NORTH);
        look(NORTH);
        bench.claim(bench.read(jobs.get(0).id()));
        look(NORTH);
        assertThat(queued(jobs)).isEmpty();

        bench.database.inTransaction(tx -> {
            ChannelTable.change(tx, "north", Optional.of(Rate.parse("10/s")), Optional.empty());
            return null;
        });
        await("the next one")
                .pollInterval(Duration.ofMillis(100))
                .atMost(Duration.ofSeconds(10))
                .until(() -> {
                    look(NORTH);
                    return queued(jobs).size() == 1;
                });
    }

    @Test
    void what_the_outside_once_asked_for_is_forgotten_when_it_is_over() {
        channel("north", null, 5);
        List<Job> jobs = accept(2, "me", NORTH);
        look(NORTH);
        bench.database.inTransaction(tx -> {
            Instant ago = CapacityTable.clock(tx).minus(Duration.ofHours(1));
            return tx.update(
                    "UPDATE capacity SET closed_until = ?, learned_micros = 1000000, learned_at = ?", ago, ago);
        });

        bench.claim(bench.read(jobs.get(0).id()));
        List<Boolean> forgotten = bench.database.inTransaction(tx -> tx.query(
                "SELECT closed_until, learned_micros, learned_at FROM capacity",
                row -> row.getObject(1) == null && row.getObject(2) == null && row.getObject(3) == null));
        assertThat(forgotten).containsExactly(true);
        bench.claim(bench.read(jobs.get(1).id()));
    }

    @Test
    void an_operators_retry_waits_in_the_line_as_the_first_run_did() {
        channel("north", null, 1);
        Job job = bench.accept(anOrder().needs(NORTH).build());
        look(NORTH);
        bench.end(bench.read(job.id()), Outcome.failed("no"));
        bench.operations.retry(job.id());
        assertThat(bench.read(job.id()).state())
                .as("NOOP is not limited in the catalogue of this node")
                .isEqualTo(JobState.QUEUED);
    }

    @Test
    void what_says_when_the_next_call_may_begin_is_kept() {
        bench.accept(order("me", 4, Need.share("north", "a")));
        look(Need.share("north", "a"));
        bench.database.inTransaction(tx -> {
            tx.update("DELETE FROM permit");
            tx.update("UPDATE capacity SET wake_at = NULL");
            return null;
        });
        Instant soon = bench.clock.instant().plus(Duration.ofHours(1));
        for (String column : List.of("next_slot", "closed_until", "learned_at")) {
            bench.database.inTransaction(tx -> tx.update("UPDATE capacity SET " + column + " = ?", soon));
            bench.database.inTransaction(tx -> CapacityTable.deleteIdle(tx, soon, CapacityTable.BEFORE_ALL, 10));
            assertThat(capacities()).as(column).hasSize(1);
            bench.database.inTransaction(tx -> tx.update("UPDATE capacity SET " + column + " = NULL"));
        }
        bench.database.inTransaction(tx -> CapacityTable.deleteIdle(tx, soon, CapacityTable.BEFORE_ALL, 10));
        assertThat(capacities()).isEmpty();
    }

    private List<String> capacities() {
        return bench.database.inTransaction(tx -> tx.query("SELECT key_value FROM capacity", row -> row.getString(1)));
    }

    @Test
    void one_look_does_not_take_all_that_wait_into_one_transaction() {
        accept(MANY, "me", NORTH);

        bench.committer.commit(tx -> Queueing.admit(tx, List.of(NORTH.capacity()), bench.clock.instant()));

        assertThat(queued()).isBetween(1, MANY - 1);
        await("the others").atMost(Duration.ofSeconds(10)).until(() -> {
            bench.admission.pass();
            return queued() == MANY;
        });
    }

    @Test
    void what_the_outside_says_closes_no_batch() {
        UUID parent = Ids.next();
        Job job = bench.accept(order("me", 4, Need.batch(parent)));
        look(Need.batch(parent));

        bench.database.inTransaction(tx -> {
            Throttle.apply(tx, Map.of(job.id(), new Throttle(Duration.ofHours(1), true)));
            return null;
        });

        assertThat(bench.database.<Integer>inTransaction(tx -> tx.query(
                                "SELECT COUNT(*) FROM capacity WHERE closed_until IS NOT NULL", row -> row.getInt(1))
                        .get(0)))
                .isZero();
    }

    @Test
    void rule_18_a_run_that_was_given_up_on_gets_no_slot_for_a_further_call() {
        channel("north", "10/s", null);
        Job job = accept(1, "me", NORTH).get(0);
        look(NORTH);
        Calls calls = bench.calls();

        assertThat(calls.take(CallSlots.Call.of(job.id(), "north")).slot())
                .as("while it holds the channel")
                .isNotNull();

        bench.database.inTransaction(tx -> Permits.giveBack(tx, List.of(job.id())));
        assertThat(calls.take(CallSlots.Call.of(job.id(), "north")).slot())
                .as("after it was rescued")
                .isNull();

        bench.database.inTransaction(tx -> Permits.release(tx, List.of(job.id())));
        assertThat(calls.take(CallSlots.Call.of(job.id(), "north")).slot())
                .as("after it has ended")
                .isNull();
    }

    @Test
    void a_key_may_have_characters_that_cannot_be_stored() {
        Job job = bench.accept(order("me", 4, Need.lock("NOOP", "a\u0000b")));

        look(Need.lock("NOOP", "a\u0000b"));

        assertThat(queued(List.of(job))).hasSize(1);
        assertThat(capacities()).containsExactly("a b");
    }

    @Test
    void what_nobody_needs_any_longer_leaves_no_row() {
        Job job = bench.accept(order("me", 4, Need.share("north", "a")));
        look(Need.share("north", "a"));
        end(job.id());
        bench.accept(order("me", 4, Need.share("north", "b")));
        bench.accept(order("me", 4, Need.share("north", "c")));

        UUID after = CapacityTable.BEFORE_ALL;
        int slices = 0;
        do {
            UUID from = after;
            after = bench.database.inTransaction(
                    tx -> CapacityTable.deleteIdle(tx, bench.clock.instant().plus(Duration.ofHours(1)), from, 2));
            slices++;
        } while (!after.equals(CapacityTable.BEFORE_ALL));

        assertThat(slices).isEqualTo(2);
        List<String> left = bench.database.inTransaction(
                tx -> tx.query("SELECT key_value FROM capacity ORDER BY key_value", row -> row.getString(1)));
        assertThat(left).as("those that jobs wait for").containsExactly("b", "c");
    }

    @Test
    void a_change_of_a_channel_s_limits_reaches_all_of_its_keys() {
        channel("north", "1/h", null);
        Channels channels = new Channels(bench.database, bench.catalog, bench.admission);
        bench.accept(IntStream.range(0, 2 * KEYS)
                .mapToObj(i -> order("me", 4, Need.share("north", "key-" + i / 2)))
                .toList());
        bench.admission.lookAtAllOf("north");
        bench.admitAll();
        assertThat(queued()).as("one of each key").isEqualTo(KEYS);

        channels.change("north", Optional.empty(), Optional.empty());
        assertThat(bench.admission.pass()).as("there is more to look at").isZero();
        bench.admitAll();

        assertThat(queued()).isEqualTo(2 * KEYS);
    }

    private int queued() {
        return bench.store
                .database()
                .inTransaction(
                        tx -> tx.query("SELECT COUNT(*) FROM job_state WHERE state = 'QUEUED'", row -> row.getInt(1)))
                .get(0);
    }
}
