package azukari.dispatch;

import azukari.catalog.OnCrash;
import azukari.database.Tx;
import azukari.effect.Effects;
import azukari.job.FamilyTable;
import azukari.job.JobRequests;
import azukari.job.JobState;
import azukari.job.Standing;
import azukari.job.Waiting;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Cancels jobs whose rows are locked: at once, or by asking their runs to stop, or by cancelling their children first. */
@Service
public class Cancellation {
    private static final int MOST_AT_ONCE = 500;

    private final Exits exits;
    private final Verdicts verdicts;

    @Inject
    public Cancellation(Exits exits, Verdicts verdicts) {
        this.exits = exits;
        this.verdicts = verdicts;
    }

    /** @throws RefusedException if the job has ended */
    Effects cancel(Tx tx, Work job, Instant now) {
        JobState state = job.job().state();
        if (state.ended()) {
            throw new RefusedException("it has ended as " + state);
        }
        boolean inDoubt =
                job.ticket().doubtful() && job.type() != null && job.type().onCrash() == OnCrash.PROBE;
        boolean waitsForChildren = job.job().waitingFor() == Waiting.CHILDREN;
        if (state != JobState.RUNNING && !inDoubt && !waitsForChildren) {
            return leave(tx, job, verdicts.cancelled(job), now);
        }
        Effects effects = Effects.none();
        if (!job.ticket().cancelling()) {
            if (state == JobState.QUEUED) {
                effects = leave(tx, job, Verdicts.standingAside(now), now); // Its next message states it.
            }
            JobRequests.askToCancel(tx, job.id(), now);
        }
        return effects.and(Effects.ofPostponement());
    }

    /** Cancels some children of a locked job that waits for them; it stays due until none is left to be asked. */
    Effects cancelChildren(Tx tx, UUID parent, Instant now) {
        List<UUID> some = FamilyTable.lockOpen(tx, parent, MOST_AT_ONCE);
        Effects effects = Effects.none();
        for (Standing child : Standing.read(tx, some)) {
            effects = effects.and(cancel(tx, exits.work(child), now));
        }
        if (some.isEmpty() && !FamilyTable.hasOpen(tx, parent)) {
            FamilyTable.waitForCancelled(tx, parent);
        }
        return effects.and(Effects.changed(some));
    }

    private static Effects leave(Tx tx, Work job, Verdict verdict, Instant now) {
        return ExitStep.leave(tx, List.of(Leaving.unclaimed(job, verdict, now)))
                .get(0)
                .effects();
    }
}
