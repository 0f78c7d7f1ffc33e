package azukari.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.dispatch.CallSlots.Answer;
import azukari.limit.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Rule 11: a call that misses its slot takes another one. */
class CallSlotsTest {
    private static final UUID JOB = new UUID(0, 1);
    private static final Slot MISSED = new Slot(
            System.nanoTime() - Duration.ofSeconds(2).toNanos(),
            System.nanoTime() - Duration.ofSeconds(1).toNanos(),
            null);

    private final List<Duration> leads = new ArrayList<>();

    @Test
    void rule_11_a_slot_that_is_not_missed_is_kept() throws Exception {
        Slot slot = Slot.now();

        assertThat(answering(Slot.now()).await(JOB, slot)).isTrue();
        assertThat(leads).isEmpty();
    }

    @Test
    void rule_11_a_missed_slot_is_given_up_and_the_next_one_is_further_ahead_each_time() throws Exception {
        Slot last = Slot.now();

        assertThat(answering(MISSED, MISSED, last).await(JOB, MISSED)).isTrue();
        assertThat(leads)
                .containsExactly(Slot.LEAD.multipliedBy(2), Slot.LEAD.multipliedBy(4), Slot.LEAD.multipliedBy(8));
    }

    @Test
    void rule_11_where_no_slot_can_be_used_the_job_is_sent_back_and_no_slot_is_far_ahead() throws Exception {
        Slot[] missed = new Slot[20];
        Arrays.fill(missed, MISSED);

        assertThat(answering(missed).await(JOB, MISSED)).isFalse();
        assertThat(leads).hasSize(5).last().isEqualTo(Slot.LONGEST_LEAD);
    }

    @Test
    void a_run_without_a_slot_takes_one_or_has_none_soon() throws Exception {
        Slot slot = Slot.now();

        assertThat(answering(slot).await(JOB, null)).isTrue();
        assertThat(answering((Slot) null).await(JOB, MISSED)).isFalse();
    }

    private CallSlots answering(Slot... slots) {
        List<Slot> left = new ArrayList<>(Arrays.asList(slots));
        return call -> {
            leads.add(call.lead());
            return new Answer(left.remove(0), Duration.ZERO);
        };
    }
}
