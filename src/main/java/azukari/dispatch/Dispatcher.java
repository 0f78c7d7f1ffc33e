package azukari.dispatch;

import azukari.dispatch.Claims.Mine;
import azukari.dispatch.Claims.Unclaimed;
import azukari.outbox.Envelope;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Processes one message: claim, run, finish. It may hold a pack of jobs; what applies to one job applies to each of
 * them.
 */
@Service
public class Dispatcher {
    private final Claiming claiming;
    private final ActiveRuns activeRuns;
    private final Patience patience;
    private final Suspects suspects;
    private final Claims claims;
    private final PackRunner runner;
    private final Exits exits;
    private final Verdicts verdicts;
    private final Clock clock;

    @Inject
    public Dispatcher(
            Claiming claiming,
            ActiveRuns activeRuns,
            Patience patience,
            Suspects suspects,
            Claims claims,
            PackRunner runner,
            Exits exits,
            Verdicts verdicts,
            Clock clock) {
        this.claiming = claiming;
        this.activeRuns = activeRuns;
        this.patience = patience;
        this.suspects = suspects;
        this.claims = claims;
        this.runner = runner;
        this.exits = exits;
        this.verdicts = verdicts;
        this.clock = clock;
    }

    /**
     * Processes one message; when this returns, the message may be acknowledged.
     *
     * @throws RedeliverException if it may not: another thread is working on one of its jobs and may yet give it up, or
     *     this node was declared dead or is stopping
     */
    void dispatch(List<Envelope> events) {
        claiming.claimant();
        List<ActiveRun> entered = new ArrayList<>(events.size());
        try {
            List<Unclaimed> all = new ArrayList<>(events.size());
            for (Envelope event : events) {
                ActiveRun active = activeRuns.enter(event);
                if (active != null) {
                    entered.add(active);
                    all.add(Unclaimed.of(exits, event, active));
                }
            }
            RunMeters.OfLane lane = RunMeters.ofLane(events.get(0).lane());
            lane.begin();
            try {
                work(all);
            } finally {
                lane.end();
            }
        } finally {
            entered.forEach(activeRuns::leave);
        }
        if (entered.size() < events.size()) {
            throw new RedeliverException(
                    "another thread is working on this message; if it gives up, this delivery is needed", null);
        }
    }

    private void work(List<Unclaimed> all) {
        Instant now = clock.instant();
        List<Leaving> expired = new ArrayList<>();
        List<Unclaimed> together = new ArrayList<>(all.size());
        List<Unclaimed> alone = new ArrayList<>();
        for (Unclaimed one : all) {
            if (!now.isBefore(one.work().ticket().expiresAt())) {
                expired.add(Leaving.unclaimed(one.work(), verdicts.expired(one.work()), now));
            } else if (one.work().ticket().suspect()) {
                alone.add(one);
            } else {
                together.add(one);
            }
        }
        if (!expired.isEmpty()) {
            patience.whenDatabaseAnswers(() -> exits.leave(expired));
        }
        run(together);
        alone.forEach(this::runSuspect);
    }

    /** Nobody waits on the lane for a channel: the jobs wait in the table. */
    private void sendBack(List<Unclaimed> early) {
        Instant now = clock.instant();
        List<Leaving> back = early.stream()
                .map(one -> Leaving.unclaimed(one.work(), Verdicts.sentBack(now), now))
                .toList();
        patience.whenDatabaseAnswers(() -> exits.leave(back));
    }

    private void runSuspect(Unclaimed suspect) {
        if (!patience.whenDatabaseAnswers(() -> suspects.admit(suspect.work()))) {
            return; // The job waits in the table.
        }
        try {
            run(List.of(suspect));
        } finally {
            suspects.leave(suspect.work());
        }
    }

    private void run(List<Unclaimed> together) {
        if (together.isEmpty()) {
            return;
        }
        Mine mine = patience.whenDatabaseAnswers(() -> claims.claim(together));
        if (!mine.early().isEmpty()) {
            sendBack(mine.early());
        }
        mine.runs().forEach(run -> RunMeters.ofLane(run.work().event().lane()).pickedUp(run));
        if (!mine.runs().isEmpty()) {
            runner.run(mine.runs());
        }
        if (mine.refused()) {
            throw new RedeliverException("this node was declared dead and may not claim; it returns the message", null);
        }
    }
}
