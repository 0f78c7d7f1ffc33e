package azukari.intake;

import azukari.database.Step;
import azukari.database.Tx;
import azukari.intake.Insertion.Inserted;
import azukari.job.Job;
import azukari.job.JobTable;
import azukari.outbox.Outbox.Pending;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Accept: stores posted jobs; one whose {@code requestId} is known already is answered with the job that has it. */
final class AcceptStep implements Step<Job, AcceptStep.Accepted> {

    /**
     * @param job the job that was stored, or the one that was there
     * @param pending its message, if it is to be relayed; else null
     */
    record Accepted(Job job, Pending pending) {}

    @Override
    public List<Accepted> run(Tx tx, List<Job> jobs) {
        List<Inserted> inserted =
                Insertion.insert(tx, jobs, jobs.get(jobs.size() - 1).createdAt());
        Map<String, Job> known = known(tx, inserted);
        return inserted.stream().map(one -> accepted(one, known)).toList();
    }

    @Override
    public long size(Job job) {
        return job.body().length();
    }

    private static Map<String, Job> known(Tx tx, List<Inserted> inserted) {
        List<String> taken = inserted.stream()
                .filter(one -> !one.stored())
                .map(one -> one.job().requestId())
                .distinct()
                .toList();
        return taken.isEmpty()
                ? Map.of()
                : JobTable.findByRequestIds(tx.em(), taken).stream()
                        .collect(Collectors.toMap(Job::requestId, Function.identity()));
    }

    private static Accepted accepted(Inserted inserted, Map<String, Job> known) {
        if (inserted.stored()) {
            return new Accepted(inserted.job(), inserted.pending());
        }
        String requestId = inserted.job().requestId();
        Job there = known.get(requestId);
        if (there == null) {
            throw new IllegalStateException(
                    "a job with requestId '" + requestId + "' was there a moment ago and is gone; post it again");
        }
        return new Accepted(there, null);
    }
}
