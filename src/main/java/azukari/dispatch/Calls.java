package azukari.dispatch;

import azukari.database.Step;
import azukari.database.Tx;
import azukari.effect.Committer;
import azukari.effect.Done;
import azukari.limit.Slot;
import azukari.limit.Slots;
import azukari.platform.Service;
import azukari.platform.Threads;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Takes slots for calls of runs that have begun: one that missed its slot, or makes further calls (rule 18). */
@Service
public class Calls implements CallSlots {
    private static final Logger LOG = System.getLogger(Calls.class.getName());

    private final Committer committer;
    private final ExecutorService late;
    private final Patience patience;
    private final TakeStep step = new TakeStep();

    @Inject
    public Calls(Committer committer, Patience patience, Threads threads) {
        this.committer = committer;
        this.patience = patience;
        this.late = Executors.newSingleThreadExecutor(threads.factory());
    }

    @Override
    public Answer take(UUID job, String channel) {
        return patience.whenDatabaseAnswers(() -> committer.submit(step, new Call(job, channel)));
    }

    @Override
    public void late(UUID job, Duration by) {
        late.execute(() -> {
            try {
                committer.commit(tx -> {
                    Slots.putOff(tx, job, by);
                    return Done.of(null);
                });
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "a call began late, and the next ones could not be put off: {0}", e.toString());
            }
        });
    }

    @PreDestroy
    void stop() {
        late.shutdownNow();
    }

    private record Call(UUID job, String channel) {}

    /** Whoever asks at the same instant shares the locks of the capacities. */
    private static final class TakeStep implements Step<Call, Done<Answer>> {
        @Override
        public List<Done<Answer>> run(Tx tx, List<Call> calls) {
            List<Done<Answer>> answers = new ArrayList<>(calls.size());
            Slots slots =
                    Slots.open(tx, calls.stream().map(Call::job).distinct().toList());
            for (Call call : calls) {
                Optional<Slot> taken =
                        slots.holds(call.job()) ? slots.take(call.job(), call.channel()) : Optional.empty();
                answers.add(Done.of(taken.map(slot -> new Answer(slot, null))
                        .orElseGet(() -> new Answer(null, slots.wait(call.job(), call.channel())))));
            }
            slots.store();
            return answers;
        }
    }
}
