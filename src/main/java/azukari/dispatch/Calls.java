package azukari.dispatch;

import azukari.database.Step;
import azukari.database.Tx;
import azukari.effect.Committer;
import azukari.effect.Done;
import azukari.limit.Slot;
import azukari.limit.Slots;
import azukari.platform.Service;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Takes slots for calls of runs that have begun: one that missed its slot, or makes further calls (rule 18). */
@Service
public class Calls implements CallSlots {
    private final Committer committer;
    private final Patience patience;
    private final TakeStep step = new TakeStep();

    @Inject
    public Calls(Committer committer, Patience patience) {
        this.committer = committer;
        this.patience = patience;
    }

    @Override
    public Answer take(Call call) {
        return patience.whenDatabaseAnswers(() -> committer.submit(step, call));
    }

    /** Runs that hold a slot are not begun: their slots are to be had again, unless later ones were given meanwhile. */
    void giveBack(List<Run> notBegun) {
        List<Run> lastFirst = notBegun.stream()
                .filter(run -> run.slot() != null)
                .sorted(Comparator.comparing(Run::slot, Slot.IN_ORDER.reversed()))
                .toList();
        if (lastFirst.isEmpty()) {
            return;
        }
        patience.whenDatabaseAnswers(() -> committer.commit(tx -> {
            Slots slots = Slots.open(tx, lastFirst.stream().map(Run::job).toList());
            lastFirst.forEach(run -> slots.giveBack(run.job(), run.slot()));
            slots.store();
            return Done.of(lastFirst.size());
        }));
    }

    /** Whoever asks at the same instant shares the locks of the capacities. */
    private static final class TakeStep implements Step<Call, Done<Answer>> {
        @Override
        public List<Done<Answer>> run(Tx tx, List<Call> calls) {
            List<Done<Answer>> answers = new ArrayList<>(calls.size());
            Slots slots =
                    Slots.open(tx, calls.stream().map(Call::job).distinct().toList());
            for (Call call : calls) {
                Optional<Slot> taken = slots.holds(call.job())
                        ? slots.take(call.job(), call.channel(), call.lead(), call.missed())
                        : Optional.empty();
                answers.add(Done.of(taken.map(slot -> new Answer(slot, null))
                        .orElseGet(() -> new Answer(null, slots.wait(call.job(), call.channel())))));
            }
            slots.store();
            return answers;
        }
    }
}
