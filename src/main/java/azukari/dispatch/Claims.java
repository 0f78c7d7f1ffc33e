package azukari.dispatch;

import azukari.dispatch.ClaimStep.Answer;
import azukari.dispatch.ClaimStep.Wanted;
import azukari.effect.Committer;
import azukari.job.JobState;
import azukari.job.JobTable.Claim;
import azukari.job.RunRef;
import azukari.job.Standing;
import azukari.limit.Slot;
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
                    exits.work(new Standing(message.event(), message.ticket(), JobState.QUEUED, null)),
                    message.body(),
                    active);
        }
    }

    /**
     * What this node now holds.
     *
     * @param early jobs that nobody holds, and whose calls may not begin yet
     * @param refused whether there are also jobs that nobody holds and that this incarnation may not claim: then the
     *     message is still needed
     */
    record Mine(List<Run> runs, List<Unclaimed> early, boolean refused) {}

    /**
     * Claims every job that can be claimed; the others belong to another owner, or have moved on or ended.
     *
     * @throws RedeliverException if the node drains or stops
     */
    Mine claim(List<Unclaimed> all) {
        Incarnation me = claiming.claimant();
        Instant now = clock.instant();
        List<Answer> answers = committer.submit(
                step,
                all.stream()
                        .map(one -> new Wanted(
                                new Claim(one.work().id(), one.work().ticket().fence(), me.id(), me.node(), now),
                                one.work().event().limited()))
                        .toList());
        List<Run> runs = new ArrayList<>(all.size());
        List<Unclaimed> early = new ArrayList<>();
        boolean refused = false;
        for (int i = 0; i < answers.size(); i++) {
            switch (answers.get(i).claimed()) {
                case NOW, BEFORE ->
                    runs.add(run(all.get(i), me, now, answers.get(i).slot()));
                case TOO_EARLY -> early.add(all.get(i));
                case REFUSED -> refused = true;
                case NOT -> all.get(i).active().settle(); // The message is out of date.
            }
        }
        return new Mine(runs, early, refused);
    }

    private static Run run(Unclaimed claimed, Incarnation me, Instant now, Slot slot) {
        var ticket = claimed.work().ticket();
        RunRef ref = new RunRef(
                claimed.work().id(),
                ticket.fence() + 1,
                me.id(),
                me.node(),
                ticket.run() + 1,
                ticket.attempt() + 1,
                now);
        return new Run(claimed.work(), claimed.body(), ref, claimed.active(), slot);
    }
}
