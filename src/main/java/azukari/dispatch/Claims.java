package azukari.dispatch;

import azukari.dispatch.ClaimStep.Claimed;
import azukari.effect.Committer;
import azukari.job.JobState;
import azukari.job.JobTable.Claim;
import azukari.job.RunRef;
import azukari.job.Standing;
import azukari.outbox.Envelope;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Claims the jobs that a message brought, in one unit. */
@Service
class Claims {
    private final Claiming claiming;
    private final Committer committer;
    private final ClaimStep step;
    private final Clock clock;

    @Inject
    Claims(Claiming claiming, Committer committer, ClaimStep step, Clock clock) {
        this.claiming = claiming;
        this.committer = committer;
        this.step = step;
        this.clock = clock;
    }

    /** A job that a thread is working on, before its claim. */
    record Unclaimed(Work work, JsonNode body, ActiveRun active) {
        static Unclaimed of(Exits exits, Envelope message, ActiveRun active) {
            return new Unclaimed(
                    exits.work(new Standing(message.event(), message.ticket(), JobState.QUEUED)),
                    message.body(),
                    active);
        }
    }

    /**
     * What this node now holds.
     *
     * @param refused whether there are also jobs that nobody holds and that this incarnation may not claim: then the
     *     message is still needed
     */
    record Mine(List<Run> runs, boolean refused) {}

    /**
     * Claims every job that can be claimed; the others belong to another owner, or have moved on or ended.
     *
     * @throws RedeliverException if the node drains or stops
     */
    Mine claim(List<Unclaimed> all) {
        Incarnation me = claiming.claimant();
        Instant now = clock.instant();
        List<Claimed> answers = committer.submit(
                step,
                all.stream()
                        .map(one ->
                                new Claim(one.work().id(), one.work().ticket().fence(), me.id(), me.node(), now))
                        .toList());
        List<Run> runs = new ArrayList<>(all.size());
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i) == Claimed.NOW || answers.get(i) == Claimed.BEFORE) {
                runs.add(run(all.get(i), me, now));
            }
        }
        return new Mine(runs, answers.contains(Claimed.REFUSED));
    }

    private static Run run(Unclaimed claimed, Incarnation me, Instant now) {
        var ticket = claimed.work().ticket();
        RunRef ref = new RunRef(
                claimed.work().id(),
                ticket.fence() + 1,
                me.id(),
                me.node(),
                ticket.run() + 1,
                ticket.attempt() + 1,
                now);
        return new Run(claimed.work(), claimed.body(), ref, claimed.active());
    }
}
