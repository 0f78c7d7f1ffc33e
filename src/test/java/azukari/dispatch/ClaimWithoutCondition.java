package azukari.dispatch;

import azukari.database.Tx;
import azukari.job.JobTable.Claim;
import azukari.platform.Service;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import java.util.ArrayList;
import java.util.List;

/**
 * A claim that takes the job whatever its state and fence, so that an old message runs beside a new one. Only the kill test
 * puts it into a copy of the WAR, to see that its oracle finds the fault.
 */
@Service
@Alternative
@Priority(1)
public class ClaimWithoutCondition extends ClaimStep {
    private static final String CLAIM_WHATEVER_IT_IS = """
            UPDATE job
               SET state = 'RUNNING', fence = fence + 1, run = run + 1, attempt = attempt + 1, owner = ?, node = ?,
                   started_at = ?, waiting_for = NULL, due_at = NULL, finished_at = NULL
             WHERE id = ?
            """;

    @Override
    public List<Boolean> run(Tx tx, List<Claim> claims) {
        List<Boolean> mine = new ArrayList<>(claims.size());
        for (Claim claim : claims) {
            mine.add(tx.update(CLAIM_WHATEVER_IT_IS, claim.owner(), claim.node(), claim.now(), claim.job()) == 1);
        }
        return mine;
    }
}
