package azukari.dispatch;

import azukari.database.Tx;
import azukari.effect.Done;
import azukari.job.JobTable.Claim;
import azukari.platform.Service;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
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
            UPDATE job_state
               SET state = 'RUNNING', fence = fence + 1, run = run + 1, attempt = attempt + 1, owner = ?, node = ?,
                   started_at = ?, waiting_for = NULL, due_at = NULL, queued_at = NULL, finished_at = NULL
             WHERE job = ?
            """;

    @Override
    public List<Done<List<Answer>>> run(Tx tx, List<List<Wanted>> units) {
        return units.stream()
                .map(unit -> unit.stream().map(one -> claim(tx, one.claim())).toList())
                .map(Done::of)
                .toList();
    }

    private static Answer claim(Tx tx, Claim claim) {
        int changed = tx.update(CLAIM_WHATEVER_IT_IS, claim.owner(), claim.node(), claim.now(), claim.job());
        return new Answer(changed == 1 ? Claimed.NOW : Claimed.NOT, null);
    }
}
