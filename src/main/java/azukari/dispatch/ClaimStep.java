package azukari.dispatch;

import azukari.database.Step;
import azukari.database.Tx;
import azukari.job.JobTable;
import azukari.job.JobTable.Claim;
import azukari.platform.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Claim: one conditional update. Without a row it reads back: a RUNNING row with the very fence and owner that this claim
 * would have set is an earlier try of the same message whose commit's answer was lost.
 */
@Service
public class ClaimStep implements Step<Claim, Boolean> {
    @Override
    public List<Boolean> run(Tx tx, List<Claim> claims) {
        int[] counts = JobTable.claim(tx, claims);
        List<Claim> losers = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 0) {
                losers.add(claims.get(i));
            }
        }
        Set<Claim> before = losers.isEmpty() ? Set.of() : JobTable.claimedBefore(tx, losers);
        List<Boolean> mine = new ArrayList<>(claims.size());
        for (int i = 0; i < counts.length; i++) {
            mine.add(counts[i] == 1 || before.contains(claims.get(i)));
        }
        return mine;
    }
}
