package azukari.testing;

import static org.awaitility.Awaitility.await;

import azukari.database.Gate;
import azukari.database.Step;
import azukari.database.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/**
 * A step that has units form one group: a first unit, which does nothing, holds the gate while the others come, one after
 * another.
 *
 * @param <I> what one unit needs
 * @param <O> how one unit ended
 */
public final class HeldStep<I, O> implements Step<I, O> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(1);

    private final Step<I, O> step;
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());

    public HeldStep(Step<I, O> step) {
        this.step = step;
    }

    /** The outcomes of one group, in the inputs' order; a future for each, since a unit may fail. */
    public List<CompletableFuture<O>> runAsGroup(Gate gate, List<I> inputs) {
        CompletableFuture<O> first = submit(gate, null, new Thread[1]);
        await().atMost(PATIENCE).until(() -> held.getCount() == 0);
        List<CompletableFuture<O>> outcomes = new ArrayList<>();
        for (I input : inputs) {
            Thread[] thread = new Thread[1];
            outcomes.add(submit(gate, input, thread));
            await().pollInterval(POLL).atMost(PATIENCE).until(() -> thread[0].getState() == Thread.State.TIMED_WAITING);
        }
        released.countDown();
        first.join();
        return outcomes;
    }

    private CompletableFuture<O> submit(Gate gate, I input, Thread[] thread) {
        CompletableFuture<O> outcome = new CompletableFuture<>();
        thread[0] = new Thread(() -> {
            try {
                outcome.complete(gate.submit(this, input));
            } catch (RuntimeException | Error e) {
                outcome.completeExceptionally(e);
            }
        });
        thread[0].start();
        return outcome;
    }

    /** The sizes of the groups that were run, in order; more than one when a group was run again or halved. */
    public List<Integer> sizes() {
        return List.copyOf(sizes);
    }

    @Override
    public List<O> run(Tx tx, List<I> inputs) {
        if (inputs.get(0) == null) {
            held.countDown();
            awaitRelease();
            return Collections.singletonList(null);
        }
        sizes.add(inputs.size());
        return step.run(tx, inputs);
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException e) {
            throw new AssertionError("a leader's work was interrupted", e);
        }
    }
}
