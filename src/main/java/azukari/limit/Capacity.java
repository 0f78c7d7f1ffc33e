package azukari.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * What jobs share, as its row says.
 *
 * @param channel null for a lock key
 * @param key null for a channel that all its jobs share
 * @param nextSlot the earliest beginning of the next call; null: at once
 * @param ahead how far ahead of their slots jobs are put on the wire; null: by the rate
 * @param closedUntil until when the outside asked not to be called; null: open
 * @param learned by how much more than the declared rate says calls were to be apart; null: by nothing
 * @param learnedAt when that was; null with {@code learned}
 * @param usage how often it was lately called
 * @param turn the submitter whose job had the last turn; null for nobody's
 * @param wakeAt when to look again; null: when something changes
 */
public record Capacity(
        UUID id,
        String channel,
        String key,
        Instant nextSlot,
        Duration ahead,
        Instant closedUntil,
        Duration learned,
        Instant learnedAt,
        Usage usage,
        String turn,
        Instant wakeAt) {

    /** In the place of a channel's name, which has no capital letters, for the children of a batch. */
    static final String BATCH = "BATCH";

    private static final Duration LEAST_LEARNED = Duration.ofNanos(1000);

    /**
     * How many jobs may hold it at a time.
     *
     * @param limits its channel's; null for a lock, a batch, or a channel that does not exist any longer
     * @param nodes how many nodes there are
     */
    int most(ChannelRow limits, int nodes) {
        if (isLock()) {
            return 1;
        }
        if (isBatch()) {
            return Needs.MOST_CHILDREN_AT_ONCE;
        }
        return limits == null ? Integer.MAX_VALUE : limits.most(nodes).orElse(Integer.MAX_VALUE);
    }

    boolean isLock() {
        return channel == null;
    }

    boolean isBatch() {
        return BATCH.equals(channel);
    }

    /** Whether it holds something that the outside once asked for, of which nothing is left. */
    boolean isOver(Instant now) {
        boolean opened = closedUntil == null || closedUntil.isBefore(now);
        boolean forgotten = learned == null
                || Pace.forgotten(learned, Duration.between(learnedAt, now)).compareTo(LEAST_LEARNED) < 0;
        return opened && forgotten && (closedUntil != null || learned != null);
    }

    /**
     * The pace of calls at a time, under the channel's limits. Whoever has locked the row stores its next slot: the stored one may be
     * that of a slower rate, and what is nearer than that is counted from now.
     */
    Pace pace(ChannelRow limits, Instant now) {
        Duration interval = limits == null ? Duration.ZERO : limits.interval();
        if (learned != null) {
            interval = interval.plus(Pace.forgotten(learned, Duration.between(learnedAt, now)));
        }
        return new Pace(interval, earlier(nextSlot, now.plus(interval).plus(Pace.LONGEST_PUT_OFF)), closedUntil, ahead);
    }

    /** The next slot was stored by the limits of then: after a slow rate, it may be hours away. */
    private static Instant earlier(Instant stored, Instant latest) {
        return stored != null && stored.isAfter(latest) ? latest : stored;
    }
}
