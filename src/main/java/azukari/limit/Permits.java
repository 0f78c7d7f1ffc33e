package azukari.limit;

import azukari.database.Tx;
import azukari.limit.Permit.Phase;
import azukari.limit.PermitTable.NewPermit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The permits of jobs from their acceptance to their end. */
public final class Permits {
    /** In a lock, all jobs have one submitter and one priority: the order is that of their ids, which is that of acceptance. */
    private static final String ANYBODY = "*";

    private static final int HIGHEST_PRIORITY = 9;

    private Permits() {}

    /**
     * A new job with its needs.
     *
     * @param enters whether it waits for the first of them at once
     */
    public record Needy(UUID job, List<Need> needs, int priority, String submitter, boolean enters) {
        /** The first capacity that it waits for. */
        public UUID first() {
            return needs.stream()
                    .min(Comparator.comparing((Need need) -> !need.isLock()).thenComparing(Need::capacity))
                    .orElseThrow()
                    .capacity();
        }
    }

    /** Adds the rows for new jobs' needs. */
    public static void add(Tx tx, List<Needy> jobs, Instant now) {
        if (jobs.isEmpty()) {
            return;
        }
        CapacityTable.ensure(
                tx, jobs.stream().flatMap(job -> job.needs().stream()).toList(), now);
        List<NewPermit> rows = new ArrayList<>();
        for (Needy job : jobs) {
            UUID first = job.first();
            for (Need need : job.needs()) {
                rows.add(new NewPermit(
                        job.job(),
                        need.capacity(),
                        job.enters() && need.capacity().equals(first) ? Phase.WAITING : Phase.IDLE,
                        need.isLock() ? 0 : HIGHEST_PRIORITY - job.priority(),
                        need.isLock() ? ANYBODY : job.submitter(),
                        need.isLock()));
            }
        }
        PermitTable.insert(tx, rows);
    }

    /**
     * What jobs wait for from now on.
     *
     * @param locks the jobs that wait for their lock
     * @param channels the jobs that wait for a channel
     * @param ready the jobs that have their lock, and need nothing else
     * @param capacities what is to be looked at after the commit
     */
    public record Entered(List<UUID> locks, List<UUID> channels, List<UUID> ready, Set<UUID> capacities) {}

    /** Makes jobs, none of which holds a channel, wait: for their lock unless they hold it, then for a channel. */
    public static Entered enter(Tx tx, Collection<UUID> jobs) {
        Map<UUID, List<Permit>> permits = PermitTable.of(tx, jobs);
        List<Permit> moves = new ArrayList<>();
        Entered entered = new Entered(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new HashSet<>());
        for (UUID job : jobs) {
            Optional<Permit> first = permits.getOrDefault(job, List.of()).stream()
                    .filter(permit -> permit.phase() != Phase.HELD)
                    .min(Comparator.comparing((Permit permit) -> !permit.kept()).thenComparing(Permit::capacity));
            if (first.isEmpty()) {
                entered.ready().add(job);
                continue;
            }
            moves.add(new Permit(
                    job, first.get().capacity(), Phase.WAITING, first.get().kept()));
            entered.capacities().add(first.get().capacity());
            (first.get().kept() ? entered.locks() : entered.channels()).add(job);
        }
        PermitTable.move(tx, moves);
        return entered;
    }

    /** Takes from jobs that have ended all that they have; returns what is to be looked at after the commit. */
    public static Set<UUID> release(Tx tx, Collection<UUID> jobs) {
        Set<UUID> held = held(tx, jobs);
        if (!jobs.isEmpty()) {
            PermitTable.delete(tx, jobs);
        }
        return held;
    }

    /** Takes from jobs that go on later, or may go on, all but their locks; returns what is to be looked at after the commit. */
    public static Set<UUID> giveBack(Tx tx, Collection<UUID> jobs) {
        Set<UUID> held = held(tx, jobs);
        if (!jobs.isEmpty()) {
            PermitTable.giveBack(tx, jobs);
        }
        return held;
    }

    private static Set<UUID> held(Tx tx, Collection<UUID> jobs) {
        Set<UUID> held = new HashSet<>();
        PermitTable.of(tx, jobs).values().forEach(permits -> permits.stream()
                .filter(permit -> permit.phase() == Phase.HELD)
                .forEach(permit -> held.add(permit.capacity())));
        return held;
    }
}
