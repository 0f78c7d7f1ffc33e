package azukari.intake;

import azukari.intake.Insertion.Inserted;
import azukari.job.Job;
import azukari.job.JobTable;
import azukari.outbox.Outbox.Pending;
import azukari.platform.Step;
import azukari.platform.Tx;
import java.util.ArrayList;
import java.util.List;

/** Accept: stores posted jobs; one whose {@code requestId} is known already is answered with the job that has it. */
final class AcceptStep implements Step<Job, AcceptStep.Accepted> {

    /**
     * @param job the job that was stored, or the one that was there
     * @param pending its message, if it is to be relayed; else null
     */
    record Accepted(Job job, Pending pending) {}

    @Override
    public List<Accepted> run(Tx tx, List<Job> jobs) {
        List<Accepted> accepted = new ArrayList<>(jobs.size());
        for (Inserted inserted : Insertion.insert(tx, jobs, jobs.get(0).createdAt())) {
            accepted.add(
                    inserted.stored()
                            ? new Accepted(inserted.job(), inserted.pending())
                            : new Accepted(known(tx, inserted.job().requestId()), null));
        }
        return accepted;
    }

    private static Job known(Tx tx, String requestId) {
        return JobTable.findByRequestId(tx.em(), requestId)
                .orElseThrow(() -> new IllegalStateException(
                        "a job with requestId '" + requestId + "' was there a moment ago and is gone; post it again"));
    }
}
