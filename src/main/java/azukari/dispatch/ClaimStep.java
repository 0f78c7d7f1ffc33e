package azukari.dispatch;

import azukari.database.Step;
import azukari.database.Tx;
import azukari.effect.Done;
import azukari.effect.Effects;
import azukari.job.JobTable;
import azukari.job.JobTable.Claim;
import azukari.job.JobTable.Lost;
import azukari.platform.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Claims jobs by one conditional update. For a claim that changed nothing it reads the row back: a RUNNING row with
 * exactly the fence and owner that this claim would have set is the result of an earlier try for the same message whose
 * commit was not confirmed.
 *
 * <p>A unit is the content of one message; the answer states for each of its jobs who holds it.
 */
@Service
public class ClaimStep implements Step<List<Claim>, Done<List<ClaimStep.Claimed>>> {

    /** Who holds a job after its claim. */
    enum Claimed {
        /** This node, by this claim. */
        NOW,
        /** This node, by an earlier claim for the same message. */
        BEFORE,
        /** Nobody, although the job is still as the message states: this incarnation was retired (rule 23). */
        REFUSED,
        /** Another owner, or the job has moved on or ended: the message is out of date. */
        NOT
    }

    @Override
    public List<Done<List<Claimed>>> run(Tx tx, List<List<Claim>> units) {
        List<Claim> claims = units.stream().flatMap(List::stream).toList();
        boolean[] won = JobTable.claim(tx, claims);
        List<Claim> losers = new ArrayList<>();
        for (int i = 0; i < won.length; i++) {
            if (!won[i]) {
                losers.add(claims.get(i));
            }
        }
        Map<Claim, Lost> lost = JobTable.lost(tx, losers);
        List<Done<List<Claimed>>> answers = new ArrayList<>(units.size());
        int i = 0;
        for (List<Claim> unit : units) {
            List<Claimed> answer = new ArrayList<>(unit.size());
            List<UUID> changed = new ArrayList<>(unit.size());
            for (Claim claim : unit) {
                if (won[i++]) {
                    answer.add(Claimed.NOW);
                    changed.add(claim.job());
                } else {
                    answer.add(
                            switch (lost.getOrDefault(claim, Lost.FOR_GOOD)) {
                                case MINE_BEFORE -> Claimed.BEFORE;
                                case STILL_QUEUED -> Claimed.REFUSED;
                                case FOR_GOOD -> Claimed.NOT;
                            });
                }
            }
            answers.add(new Done<>(answer, Effects.changed(changed)));
        }
        return answers;
    }
}
