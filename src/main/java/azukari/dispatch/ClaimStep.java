package azukari.dispatch;

import azukari.database.Step;
import azukari.database.Tx;
import azukari.effect.Done;
import azukari.effect.Effects;
import azukari.job.JobTable;
import azukari.job.JobTable.Claim;
import azukari.job.JobTable.Lost;
import azukari.limit.Slot;
import azukari.limit.Slots;
import azukari.platform.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * Claims jobs by one conditional update. For a claim that changed nothing it reads the row back: a RUNNING row with
 * exactly the fence and owner that this claim would have set is the result of an earlier try for the same message whose
 * commit was not confirmed.
 *
 * <p>Limited jobs get the slots of their calls here: the capacities are locked before the jobs (rule 15). What may not begin
 * yet is not claimed.
 *
 * <p>A unit is the content of one message; the answer states for each of its jobs who holds it.
 */
@Service
public class ClaimStep implements Step<List<ClaimStep.Wanted>, Done<List<ClaimStep.Answer>>> {

    /** Who holds a job after its claim. */
    enum Claimed {
        /** This node, by this claim. */
        NOW,
        /** This node, by an earlier claim for the same message. */
        BEFORE,
        /** Nobody, although the job is still as the message states: this incarnation was retired (rule 23). */
        REFUSED,
        /** Nobody, although the job is still as the message states: its call may not begin yet. */
        TOO_EARLY,
        /** Another owner, or the job has moved on or ended: the message is out of date. */
        NOT
    }

    /** @param limited whether the job needs a slot */
    record Wanted(Claim claim, boolean limited) {}

    /** @param slot when the job's call may begin; null: at once */
    record Answer(Claimed claimed, Slot slot) {}

    @Override
    public List<Done<List<Answer>>> run(Tx tx, List<List<Wanted>> units) {
        List<Wanted> all = units.stream().flatMap(List::stream).toList();
        List<UUID> limited = all.stream()
                .filter(Wanted::limited)
                .map(one -> one.claim().job())
                .distinct()
                .toList();
        Slots slots = limited.isEmpty() ? null : Slots.open(tx, limited);
        Set<UUID> early = slots == null ? Set.of() : Set.copyOf(slots.refused(limited));
        Claimed[] claimed = claim(
                tx,
                all.stream()
                        .map(one -> early.contains(one.claim().job()) ? null : one.claim())
                        .toList());
        Map<UUID, Slot> given = slots == null ? Map.of() : take(slots, won(limited, all, claimed));
        List<Done<List<Answer>>> answers = new ArrayList<>(units.size());
        int i = 0;
        for (List<Wanted> unit : units) {
            List<Answer> answer = new ArrayList<>(unit.size());
            List<UUID> changed = new ArrayList<>(unit.size());
            for (Wanted one : unit) {
                UUID job = one.claim().job();
                answer.add(new Answer(claimed[i], given.get(job)));
                if (claimed[i++] == Claimed.NOW) {
                    changed.add(job);
                }
            }
            answers.add(new Done<>(answer, Effects.changed(changed)));
        }
        return answers;
    }

    private static Map<UUID, Slot> take(Slots slots, List<UUID> jobs) {
        Map<UUID, Slot> taken = new HashMap<>();
        jobs.forEach(job -> slots.take(job, null, Slot.LEAD, null).ifPresent(slot -> taken.put(job, slot)));
        slots.store();
        return taken;
    }

    private static List<UUID> won(List<UUID> limited, List<Wanted> all, Claimed[] claimed) {
        Set<UUID> won = new HashSet<>();
        for (int i = 0; i < claimed.length; i++) {
            if (claimed[i] == Claimed.NOW) {
                won.add(all.get(i).claim().job());
            }
        }
        return limited.stream().filter(won::contains).toList();
    }

    /** @param claims null for one that is too early */
    private static Claimed[] claim(Tx tx, List<Claim> claims) {
        boolean[] won =
                JobTable.claim(tx, claims.stream().filter(Objects::nonNull).toList());
        Claimed[] claimed = new Claimed[claims.size()];
        List<Claim> losers = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < claimed.length; i++) {
            if (claims.get(i) == null) {
                claimed[i] = Claimed.TOO_EARLY;
            } else if (won[next++]) {
                claimed[i] = Claimed.NOW;
            } else {
                losers.add(claims.get(i));
            }
        }
        Map<Claim, Lost> lost = JobTable.lost(tx, losers);
        for (int i = 0; i < claimed.length; i++) {
            if (claimed[i] == null) {
                claimed[i] = switch (lost.getOrDefault(claims.get(i), Lost.FOR_GOOD)) {
                    case MINE_BEFORE -> Claimed.BEFORE;
                    case STILL_QUEUED -> Claimed.REFUSED;
                    case FOR_GOOD -> Claimed.NOT;
                };
            }
        }
        return claimed;
    }
}
