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
 * Claim: one conditional update. Without a row it reads back: a RUNNING row with the very fence and owner that this claim
 * would have set is an earlier try of the same message whose commit's answer was lost.
 *
 * <p>A unit is what one message holds; the answer says for each of its jobs whose it is.
 */
@Service
public class ClaimStep implements Step<List<Claim>, Done<List<ClaimStep.Claimed>>> {

    /** Whose a job is after its claim. */
    enum Claimed {
        /** This claim made it this node's. */
        NOW,
        /** It was this node's already, by an earlier claim of the same message. */
        BEFORE,
        /** Still nobody's, although it is as the message says: this incarnation was retired (rule 23). */
        REFUSED,
        /** Somebody else's, or over: the message is out of date. */
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
