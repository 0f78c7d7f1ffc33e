package azukari.outbox;

import static azukari.outbox.Envelopes.aMessage;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which jobs share a message. */
class PackingTest {
    private static final String QUICK = "QUICK";
    private static final String SHORT = "SHORT";
    private static final String LONG = "LONG";

    private final RunTimes times = new RunTimes();
    private final Map<String, Long> freeSessions = new HashMap<>();
    private final Packing packing = new Packing(times, lane -> freeSessions.getOrDefault(lane, 0L));

    PackingTest() {
        times.note(QUICK, Duration.ofNanos(1_000));
        times.note(SHORT, Duration.ofNanos(100_000));
        times.note(LONG, Duration.ofMillis(6));
    }

    @Test
    void a_job_alone_goes_alone() {
        assertThat(sizes(List.of(job(QUICK)))).containsExactly(1);
        assertThat(sizes(List.of(job("NEVER_RUN")))).containsExactly(1);
    }

    @Test
    void what_never_ran_travels_alone() {
        assertThat(sizes(jobs("NEVER_RUN", 5))).containsExactly(1, 1, 1, 1, 1);
    }

    @Test
    void what_runs_long_travels_alone() {
        assertThat(sizes(jobs(LONG, 3))).containsExactly(1, 1, 1);
    }

    @Test
    void what_is_asked_about_or_may_be_to_blame_for_a_death_travels_alone() {
        Envelope suspect = aMessage().code(QUICK).suspect().build();
        Envelope doubtful = aMessage().code(QUICK).doubtful().build();
        Envelope cancelling = aMessage().code(QUICK).cancelling().build();
        List<Envelope> innocent = jobs(QUICK, 3);
        List<Envelope> all = new ArrayList<>(List.of(suspect, doubtful, cancelling));
        all.addAll(1, innocent);

        assertThat(packing.pack(all))
                .containsExactlyInAnyOrder(List.of(suspect), List.of(doubtful), List.of(cancelling), innocent);
    }

    @Test
    void a_backlog_travels_in_packs_of_64() {
        assertThat(sizes(jobs(QUICK, 150))).containsExactly(64, 64, 22);
    }

    @Test
    void a_pack_holds_no_more_than_64_kib() {
        Envelope one = aMessage().code(QUICK).body(text(10_000)).build();
        int fit = Packing.MOST_CHARACTERS / one.size();
        List<Envelope> many = Collections.nCopies(fit + 2, one);

        assertThat(fit).isGreaterThan(3);
        assertThat(sizes(many)).containsExactly(fit, 2);
    }

    @Test
    void what_is_larger_than_a_pack_may_be_goes_alone_and_takes_none_with_it() {
        Envelope large =
                aMessage().code(QUICK).body(text(2 * Packing.MOST_CHARACTERS)).build();
        List<Envelope> all = List.of(job(QUICK), large, job(QUICK), job(QUICK));

        assertThat(sizes(all)).containsExactly(1, 1, 2);
    }

    /** Half of the time after which a pack is broken up. */
    @Test
    void a_pack_is_expected_to_take_ten_milliseconds_at_most() {
        times.note("MIDDLE", Duration.ofMillis(3));

        assertThat(sizes(jobs("MIDDLE", 7))).containsExactly(3, 3, 1);
    }

    @Test
    void each_lane_and_each_priority_has_packs_of_its_own() {
        List<Envelope> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(aMessage().code(QUICK).lane("default").priority(4).build());
            all.add(aMessage().code(QUICK).lane("default").priority(9).build());
            all.add(aMessage().code(QUICK).lane("notify").priority(4).build());
        }

        List<List<Envelope>> messages = packing.pack(all);

        assertThat(messages).hasSize(3).allSatisfy(message -> {
            assertThat(message).hasSize(4);
            assertThat(message)
                    .extracting(Envelope::lane)
                    .containsOnly(message.get(0).lane());
            assertThat(message)
                    .extracting(job -> job.event().priority())
                    .containsOnly(message.get(0).event().priority());
        });
    }

    @Test
    void limited_jobs_share_a_message_if_their_calls_begin_within_ten_milliseconds() {
        List<Envelope> eachMillisecond =
                IntStream.range(0, 15).mapToObj(PackingTest::callIn).toList();
        List<Envelope> every20 =
                IntStream.range(0, 3).mapToObj(i -> callIn(20 * i)).toList();

        assertThat(sizes(eachMillisecond)).containsExactly(11, 4);
        assertThat(sizes(every20)).containsExactly(1, 1, 1);
    }

    @Test
    void limited_jobs_travel_in_the_order_of_their_calls_and_not_with_others() {
        Envelope first = callIn(1);
        Envelope second = callIn(2);
        Envelope later = callIn(200);
        Envelope other = job(QUICK);
        Envelope another = job(QUICK);

        assertThat(packing.pack(List.of(later, other, second, another, first)))
                .containsExactlyInAnyOrder(List.of(first, second), List.of(later), List.of(other, another));
    }

    @Test
    void a_limited_job_travels_alone_if_nobody_knows_when_its_call_begins() {
        List<Envelope> unknown = List.of(
                aMessage().code(QUICK).limited().build(),
                aMessage().code(QUICK).limited().build());

        assertThat(sizes(unknown)).containsExactly(1, 1);
    }

    @Test
    void the_order_within_a_lane_and_priority_is_kept_and_nothing_is_lost() {
        List<Envelope> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(aMessage()
                    .code(i % 3 == 0 ? QUICK : SHORT)
                    .priority(i % 2 == 0 ? 4 : 9)
                    .body(text(i * 37 % 5_000))
                    .build());
        }
        freeSessions.put("default", 3L);

        List<Envelope> sent =
                packing.pack(all).stream().flatMap(Collection::stream).toList();

        for (int priority : List.of(4, 9)) {
            assertThat(sent.stream().filter(job -> job.event().priority() == priority))
                    .containsExactlyElementsOf(all.stream()
                            .filter(job -> job.event().priority() == priority)
                            .toList());
        }
        assertThat(sent).hasSize(all.size());
    }

    /** Longer together than a hand-over to another session would take: then no session is idle while another has two. */
    @ParameterizedTest
    @CsvSource({"20, 20, 1", "20, 30, 1", "20, 10, 2", "21, 10, 3", "20, 3, 7", "20, 1, 20"})
    void free_sessions_share_fairly(int jobs, long free, int largest) {
        times.note("MIDDLE", Duration.ofNanos(450_000));
        freeSessions.put("default", free);

        List<Integer> sizes = sizes(jobs("MIDDLE", jobs));

        assertThat(Collections.max(sizes)).isEqualTo(largest);
        assertThat(sizes.subList(0, sizes.size() - 1)).allMatch(size -> size == largest);
        assertThat(sizes).hasSizeLessThanOrEqualTo((int) Math.max(free, 1));
    }

    @Test
    void what_takes_less_than_a_hand_over_shares_a_message_although_sessions_are_free() {
        freeSessions.put("default", 100L);

        assertThat(sizes(jobs(SHORT, 5))).as("half a millisecond in all").containsExactly(5);
        assertThat(sizes(jobs(SHORT, 12)))
                .as("more in all, but no message less than a hand-over")
                .containsExactly(5, 5, 2);
    }

    @Test
    void the_sessions_of_another_lane_do_not_count() {
        times.note("MIDDLE", Duration.ofNanos(450_000));
        freeSessions.put("notify", 50L);

        assertThat(sizes(jobs("MIDDLE", 20))).containsExactly(20);
    }

    /** The broker does not say how many sessions are free. */
    @Test
    void when_nobody_knows_who_is_free_each_goes_alone() {
        times.note("MIDDLE", Duration.ofNanos(600_000));
        freeSessions.put("default", Long.MAX_VALUE);

        assertThat(sizes(jobs("MIDDLE", 4))).containsExactly(1, 1, 1, 1);
    }

    private List<Integer> sizes(List<Envelope> jobs) {
        return packing.pack(jobs).stream().map(List::size).toList();
    }

    private static Envelope callIn(int millis) {
        return aMessage().code(QUICK).limited().build().callAt(Envelopes.NOW.plusMillis(millis));
    }

    private static Envelope job(String code) {
        return aMessage().code(code).build();
    }

    private static List<Envelope> jobs(String code, int count) {
        return IntStream.range(0, count).mapToObj(i -> job(code)).toList();
    }

    private static String text(int characters) {
        return "\"" + "x".repeat(characters) + "\"";
    }
}
