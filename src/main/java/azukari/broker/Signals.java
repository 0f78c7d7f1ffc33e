package azukari.broker;

import azukari.broker.Hint.Kind;
import azukari.platform.Ids;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Threads;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Hints between nodes (rule 20). Any of them may be lost: whatever acts on hints also checks by itself once a second,
 * so it needs the broker for speed only, not for correctness.
 */
@Service
public class Signals {
    private static final Logger LOG = System.getLogger(Signals.class.getName());
    private static final int MOST_WAITING = 4096;
    private static final int MOST_AT_ONCE = 512;
    /** How long nothing is sent after a failure; otherwise every hint wakes the sender. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final String self = Ids.next().toString();
    private final SignalWire wire;
    private final Loop loop;
    private final Set<Hint> waiting = new LinkedHashSet<>();
    private final Map<Kind, List<Consumer<String>>> receivers = new ConcurrentHashMap<>();
    /** Until when nothing is sent after a failure. Like the next field, only touched by the sender's own thread. */
    private long quietUntil = System.nanoTime();

    private boolean failing;

    @Inject
    public Signals(ConnectionFactory factory, Threads threads) {
        this.wire = new SignalWire(factory, self);
        this.loop = threads.loop("signals", PAUSE, this::sendAll);
    }

    /**
     * Sends a hint to the other nodes, but not to this one: soon, and without a guarantee. Never blocks or fails: a
     * hint that is already waiting is sent once, and if too many are waiting, the newest is dropped.
     */
    public void send(Kind kind, String subject) {
        boolean added;
        synchronized (waiting) {
            added = waiting.size() < MOST_WAITING && waiting.add(new Hint(kind, subject));
        }
        if (added) {
            loop.wake();
        }
    }

    /**
     * Passes the subjects of hints of this kind from other nodes to the receiver. It runs on the thread by which all
     * hints arrive, so it must be quick: note the hint and wake the thread that looks.
     */
    public void onReceive(Kind kind, Consumer<String> receiver) {
        receivers.computeIfAbsent(kind, k -> new CopyOnWriteArrayList<>()).add(receiver);
    }

    void received(String sender, String text) {
        if (self.equals(sender)) {
            return;
        }
        for (Hint hint : Hints.read(text)) {
            receivers.getOrDefault(hint.kind(), List.of()).forEach(receiver -> receiver.accept(hint.subject()));
        }
    }

    private void sendAll() {
        for (List<Hint> batch = take(); !batch.isEmpty(); batch = take()) {
            if (System.nanoTime() - quietUntil >= 0) {
                send(batch);
            }
        }
    }

    /** If sending fails, the batch is lost, and so is what follows soon after: each attempt may take seconds. */
    private void send(List<Hint> batch) {
        try {
            wire.send(Hints.write(batch));
            if (failing) {
                failing = false;
                LOG.log(Level.INFO, "other nodes are notified of changes again");
            }
        } catch (JMSException | RuntimeException e) {
            quietUntil = System.nanoTime() + PAUSE.toNanos();
            if (!failing) {
                failing = true;
                LOG.log(
                        Level.WARNING,
                        "other nodes can't be notified of changes and find them by their own checks: {0}",
                        e.getMessage());
            }
        }
    }

    private List<Hint> take() {
        synchronized (waiting) {
            List<Hint> batch = new ArrayList<>(Math.min(waiting.size(), MOST_AT_ONCE));
            Iterator<Hint> oldest = waiting.iterator();
            while (oldest.hasNext() && batch.size() < MOST_AT_ONCE) {
                batch.add(oldest.next());
                oldest.remove();
            }
            return batch;
        }
    }

    @PreDestroy
    void stop() {
        loop.close();
        wire.close();
    }
}
