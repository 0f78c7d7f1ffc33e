package azukari.effect;

import azukari.outbox.Outbox.Pending;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What is to be done once a change is committed.
 *
 * @param messages to relay; their outbox rows are part of the change
 * @param changed the jobs that have changed
 * @param counts what is to be counted
 * @param notified whether notifications were stored
 * @param postponed whether a job was postponed, perhaps to a time before the next check for due jobs
 * @param capacities the capacities that may have room, or that jobs wait for now
 * @param childEnded whether the end of a child is to be counted
 */
public record Effects(
        List<Pending> messages,
        List<UUID> changed,
        List<Count> counts,
        boolean notified,
        boolean postponed,
        Set<UUID> capacities,
        boolean childEnded) {
    private static final Effects NONE = new Effects(List.of(), List.of(), List.of(), false, false, Set.of(), false);

    public static Effects none() {
        return NONE;
    }

    /** These jobs have changed. */
    public static Effects changed(List<UUID> jobs) {
        return new Effects(List.of(), jobs, List.of(), false, false, Set.of(), false);
    }

    /** Messages to relay. */
    public static Effects sent(Collection<Pending> messages) {
        return new Effects(List.copyOf(messages), List.of(), List.of(), false, false, Set.of(), false);
    }

    /** A job may be due before the next check for due jobs. */
    public static Effects ofPostponement() {
        return new Effects(List.of(), List.of(), List.of(), false, true, Set.of(), false);
    }

    /** These capacities may have room, or jobs wait for them now. */
    public static Effects ofCapacities(Set<UUID> capacities) {
        return new Effects(List.of(), List.of(), List.of(), false, false, capacities, false);
    }

    /** The end of a child is to be counted. */
    public static Effects ofChild() {
        return new Effects(List.of(), List.of(), List.of(), false, false, Set.of(), true);
    }

    private boolean isNone() {
        return messages.isEmpty()
                && changed.isEmpty()
                && counts.isEmpty()
                && !notified
                && !postponed
                && capacities.isEmpty()
                && !childEnded;
    }

    /** These effects and the others. */
    public Effects and(Effects other) {
        if (isNone() || other.isNone()) {
            return isNone() ? other : this;
        }
        return new Effects(
                both(messages, other.messages),
                both(changed, other.changed),
                both(counts, other.counts),
                notified || other.notified,
                postponed || other.postponed,
                both(capacities, other.capacities),
                childEnded || other.childEnded);
    }

    private static Set<UUID> both(Set<UUID> one, Set<UUID> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        Set<UUID> both = new HashSet<>(one);
        both.addAll(other);
        return both;
    }

    private static <T> List<T> both(List<T> one, List<T> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        List<T> both = new ArrayList<>(one.size() + other.size());
        both.addAll(one);
        both.addAll(other);
        return both;
    }
}
