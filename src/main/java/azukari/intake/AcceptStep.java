package azukari.intake;

import azukari.database.Step;
import azukari.database.Tx;
import azukari.effect.Count;
import azukari.effect.Done;
import azukari.effect.Effects;
import azukari.intake.Queueing.Stored;
import azukari.job.NewJob;
import java.util.List;
import java.util.Set;

/** Accepts posted jobs by storing them. One whose {@code requestId} is already known is not stored. */
final class AcceptStep implements Step<NewJob, Done<Boolean>> {

    /** For each job, whether it was stored. */
    @Override
    public List<Done<Boolean>> run(Tx tx, List<NewJob> jobs) {
        return Queueing.store(tx, jobs).stream().map(AcceptStep::done).toList();
    }

    @Override
    public long size(NewJob job) {
        return job.order().body().length();
    }

    private static Done<Boolean> done(Stored stored) {
        if (!stored.stored()) {
            return Done.of(false);
        }
        return new Done<>(
                true,
                new Effects(
                        stored.message() == null ? List.of() : List.of(stored.message()),
                        List.of(),
                        List.of(Count.accepted(stored.job().order().code())),
                        false,
                        false,
                        stored.capacity() == null ? Set.of() : Set.of(stored.capacity()),
                        false));
    }
}
