package azukari.dispatch;

import azukari.outbox.Envelope;
import azukari.platform.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What this process is really working on, whatever the table says: the other side of rule 3. */
@Service
public class ActiveRuns {
    private record Key(UUID job, long messageFence) {}

    private final ConcurrentMap<Key, ActiveRun> runs = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition emptied = lock.newCondition();

    /** Notes a message before its claim; null when another thread works on the very same message already. */
    ActiveRun enter(Envelope event) {
        ActiveRun run = new ActiveRun(event.job(), event.fence(), event.cancelling());
        return runs.putIfAbsent(new Key(event.job(), event.fence()), run) == null ? run : null;
    }

    /** Strikes a message off after its finish. */
    void leave(ActiveRun run) {
        runs.remove(new Key(run.job(), run.messageFence()));
        if (runs.isEmpty()) {
            lock.lock();
            try {
                emptied.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Whether a RUNNING row with this fence is being worked on here: its message had the fence before. */
    public boolean holds(UUID job, long rowFence) {
        return runs.containsKey(new Key(job, rowFence - 1));
    }

    /** Asks the run of a RUNNING row with this fence to stop, if it is here, because its job was cancelled. */
    public void askToCancel(UUID job, long rowFence, Instant now) {
        ActiveRun run = runs.get(new Key(job, rowFence - 1));
        if (run != null) {
            run.ask(ActiveRun.Ask.CANCEL, now);
        }
    }

    public int count() {
        return runs.size();
    }

    /** Jobs whose handler ignored being asked to stop. */
    public List<UUID> overdue(Instant now) {
        return runs.values().stream()
                .filter(run -> run.overdue(now))
                .map(ActiveRun::job)
                .toList();
    }

    /** Asks every run to stop, because the node stops. */
    public void askAllToStop(Instant now) {
        runs.values().forEach(run -> run.ask(ActiveRun.Ask.SHUTDOWN, now));
    }

    /** Waits until nothing is being worked on; false when the time is over first. */
    public boolean awaitNone(Duration longest) throws InterruptedException {
        long left = longest.toNanos();
        lock.lock();
        try {
            while (!runs.isEmpty()) {
                if (left <= 0) {
                    return false;
                }
                left = emptied.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
