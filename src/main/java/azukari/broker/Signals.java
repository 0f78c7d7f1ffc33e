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
 * Hints between nodes (rule 20). Any of them may be lost: whoever acts on one also looks by himself once a second, and
 * needs no broker for being right, only for being quick.
 */
@Service
public class Signals {
    private static final Logger LOG = System.getLogger(Signals.class.getName());
    private static final int MOST_WAITING = 4096;
    private static final int MOST_AT_ONCE = 512;
    /** For how long nothing is sent after a failure; otherwise every hint wakes the sender. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final String self = Ids.next().toString();
    private final SignalWire wire;
    private final Loop loop;
    private final Set<Hint> waiting = new LinkedHashSet<>();
    private final Map<Kind, List<Consumer<String>>> receivers = new ConcurrentHashMap<>();
    /** Until when nothing is sent after a failure. Like the next, only the sender's own thread touches it. */
    private long quietUntil = System.nanoTime();

    private boolean failing;

    @Inject
    public Signals(ConnectionFactory factory, Threads threads) {
        this.wire = new SignalWire(factory, self);
        this.loop = threads.loop("signals", PAUSE, this::sendAll);
    }

    /**
     * Tells the other nodes, soon and perhaps; not this one. Never blocks or fails: the same hint twice is sent once, and
     * when too many wait the newest is dropped.
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
     * Has hints of this kind from other nodes given to the receiver, by their subject. It runs on the thread that all hints
     * come by, so it must be quick: note it and wake whoever looks.
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

    /** When it fails the batch is lost, and what comes soon after it too: each try may take seconds. */
    private void send(List<Hint> batch) {
        try {
            wire.send(Hints.write(batch));
            if (failing) {
                failing = false;
                LOG.log(Level.INFO, "other nodes are told of changes again");
            }
        } catch (JMSException | RuntimeException e) {
            quietUntil = System.nanoTime() + PAUSE.toNanos();
            if (!failing) {
                failing = true;
                LOG.log(Level.WARNING, "other nodes find changes by their own checks meanwhile: {0}", e.getMessage());
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
