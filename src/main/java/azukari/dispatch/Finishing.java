package azukari.dispatch;

import azukari.database.DatabaseUnavailableException;
import azukari.database.TransactionConflictException;
import azukari.dispatch.Pack.Ended;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Commits the ends of runs on the lanes, waiting for the database as long as necessary. */
@Service
class Finishing {
    private static final Logger LOG = System.getLogger(Finishing.class.getName());

    private final Exits exits;
    private final Verdicts verdicts;
    private final ProgressNotes progress;
    private final Patience patience;
    private final Clock clock;

    @Inject
    Finishing(Exits exits, Verdicts verdicts, ProgressNotes progress, Patience patience, Clock clock) {
        this.exits = exits;
        this.verdicts = verdicts;
        this.progress = progress;
        this.patience = patience;
        this.clock = clock;
    }

    /** Commits the end of one run. */
    void finish(Run run, Verdict verdict) {
        finish(List.of(new Ended(run, verdict)), List.of());
    }

    /** Commits the ends of runs, and gives back the runs that were claimed but not begun, all in one unit. */
    void finish(List<Ended> ended, List<Run> notBegun) {
        List<Leaving> leavings = Stream.concat(
                        ended.stream(), notBegun.stream().map(run -> new Ended(run, notBegunHere(run))))
                .map(this::leaving)
                .toList();
        List<Boolean> won = patience.whenDatabaseAnswers(() -> store(leavings));
        ended.forEach(end -> end.run().active().settle());
        notBegun.forEach(run -> run.active().settle());
        for (int i = 0; i < leavings.size(); i++) {
            if (!won.get(i)) {
                LOG.log(
                        Level.INFO,
                        "job {0}, run {1}: its end was already committed, or it was taken back; this end is ignored",
                        leavings.get(i).job().id(),
                        leavings.get(i).run().number());
            }
        }
    }

    private Verdict notBegunHere(Run run) {
        return run.active().begunBefore() ? verdicts.begunBefore(run.work()) : verdicts.notBegun();
    }

    private Leaving leaving(Ended end) {
        return Leaving.running(end.run(), end.verdict(), progress.take(end.run().ref()), clock.instant());
    }

    /**
     * An outcome that cannot be stored ends only its own job: if it ran again, it would be refused again, indefinitely.
     */
    private List<Boolean> store(List<Leaving> leavings) {
        try {
            return exits.leave(leavings);
        } catch (DatabaseUnavailableException | TransactionConflictException e) {
            throw e; // Nothing is wrong with the outcomes: storing them is retried.
        } catch (RuntimeException e) {
            if (leavings.size() == 1) {
                return List.of(refuse(leavings.get(0), e));
            }
            List<Boolean> won = new ArrayList<>(leavings.size());
            leavings.forEach(leaving -> won.addAll(store(List.of(leaving))));
            return won;
        }
    }

    private boolean refuse(Leaving leaving, RuntimeException why) {
        LOG.log(
                Level.ERROR,
                "job " + leaving.job().id() + " (" + leaving.job().code() + "): its outcome cannot be stored",
                why);
        return exits.leave(new Leaving(
                leaving.job(), leaving.run(), verdicts.notStorable(leaving.job(), why), null, leaving.now()));
    }
}
