package azukari.dispatch;

import azukari.catalog.OnCrash;
import azukari.database.Tx;
import azukari.effect.Done;
import azukari.effect.Effects;
import azukari.job.FamilyTable;
import azukari.job.JobRequests;
import azukari.job.JobState;
import azukari.job.Standing;
import azukari.job.Waiting;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
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
        return cancelAll(tx, List.of(job), now);
    }

    /** Cancels some children of a locked job that waits for them; it stays due until none is left to be asked. */
    Effects cancelChildren(Tx tx, UUID parent, Instant now) {
        List<UUID> some = FamilyTable.lockOpen(tx, parent, MOST_AT_ONCE);
        if (some.isEmpty() && !FamilyTable.hasOpen(tx, parent)) {
            FamilyTable.waitForCancelled(tx, parent);
        }
        List<Work> children = Standing.read(tx, some).stream().map(exits::work).toList();
        return cancelAll(tx, children, now).and(Effects.changed(some));
    }

    /** Those that have not begun leave at once; the others are asked to, and leave when their runs or their children have ended. */
    private Effects cancelAll(Tx tx, List<Work> jobs, Instant now) {
        List<Leaving> leavings = new ArrayList<>();
        List<UUID> asked = new ArrayList<>();
        for (Work job : jobs) {
            JobState state = job.job().state();
            if (state != JobState.RUNNING && !isInDoubt(job) && job.job().waitingFor() != Waiting.CHILDREN) {
                leavings.add(Leaving.unclaimed(job, verdicts.cancelled(job), now));
                continue;
            }
            if (state == JobState.QUEUED && !job.ticket().cancelling()) { // Its next message states it.
                leavings.add(Leaving.unclaimed(job, Verdicts.standingAside(now), now));
            }
            // Of a parent that was asked before, a child may have been retried since.
            if (!job.ticket().cancelling() || job.job().waitingFor() == Waiting.CHILDREN) {
                asked.add(job.id());
            }
        }
        Effects effects = leavings.isEmpty()
                ? Effects.none()
                : ExitStep.leave(tx, leavings).stream().map(Done::effects).reduce(Effects.none(), Effects::and);
        JobRequests.askToCancel(tx, asked, now);
        return effects.and(Effects.ofPostponement());
    }

    private static boolean isInDoubt(Work job) {
        return job.ticket().doubtful() && job.type() != null && job.type().onCrash() == OnCrash.PROBE;
    }
}
