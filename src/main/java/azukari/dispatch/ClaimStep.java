package azukari.dispatch;

import azukari.job.Job;
import azukari.job.JobState;
import azukari.job.JobTable;
import azukari.job.JobTable.Claim;
import azukari.platform.Service;
import azukari.platform.Step;
import azukari.platform.Tx;
import java.util.ArrayList;
import java.util.List;

/**
 * Claim: one conditional update. Without a row it reads back: a RUNNING row with the very fence and owner that this claim
 * would have set is an earlier try of the same message whose commit's answer was lost.
 */
@Service
public class ClaimStep implements Step<Claim, Boolean> {
    @Override
    public List<Boolean> run(Tx tx, List<Claim> claims) {
        int[] counts = JobTable.claim(tx, claims);
        List<Boolean> mine = new ArrayList<>(claims.size());
        for (int i = 0; i < counts.length; i++) {
            mine.add(counts[i] == 1 || mineAlready(tx, claims.get(i)));
        }
        return mine;
    }

    private static boolean mineAlready(Tx tx, Claim claim) {
        return JobTable.find(tx.em(), claim.job())
                .filter(job -> isMine(job, claim))
                .isPresent();
    }

    private static boolean isMine(Job job, Claim claim) {
        return job.state() == JobState.RUNNING
                && job.fence() == claim.fence() + 1
                && claim.owner().equals(job.owner());
    }
}
