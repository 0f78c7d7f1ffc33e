package azukari.dispatch;

import azukari.outbox.Envelope;
import azukari.platform.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** What this process is actually working on, whatever the table states: the other side of the comparison in rule 3. */
@Service
public class ActiveRuns {
    private record Key(UUID job, long messageFence) {}

    private final ConcurrentMap<Key, ActiveRun> runs = new ConcurrentHashMap<>();
    /** Runs that were begun and that no thread is working on any longer, although their end is not committed. */
    private final Set<Key> unsettled = ConcurrentHashMap.newKeySet();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition emptied = lock.newCondition();

    /** Registers a job's message before its claim; null if another thread is already working on the same message. */
    ActiveRun enter(Envelope event) {
        Key key = new Key(event.job(), event.fence());
        ActiveRun run = new ActiveRun(event.job(), event.fence(), event.ticket().cancelling());
        if (runs.putIfAbsent(key, run) != null) {
            return null;
        }
        if (unsettled.contains(key)) { // Checked after entering: leave() updates this set before it removes the run.
            run.markBegunBefore();
        }
        return run;
    }

    /** Removes a message after its finish; calling this again has no effect. */
    void leave(ActiveRun run) {
        Key key = new Key(run.job(), run.messageFence());
        if (run.isUnsettled()) {
            unsettled.add(key);
        } else {
            unsettled.remove(key);
        }
        remove(key, run);
    }

    private void remove(Key key, ActiveRun run) {
        runs.remove(key, run);
        if (runs.isEmpty()) {
            lock.lock();
            try {
                emptied.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Whether a RUNNING row with this fence is being worked on here; its message carries the fence before that one. */
    public boolean holds(UUID job, long rowFence) {
        return runs.containsKey(new Key(job, rowFence - 1));
    }

    /**
     * Takes back the run of a RUNNING row with this fence, unless a thread is working on it; none can begin to in the
     * meantime.
     *
     * @param how receives whether the run was begun in this process, so that its handler may have had its effect; if
     *     not, the job was only claimed. Returns whether it took the run back
     * @return whether the run was taken back
     */
    public boolean takeBack(UUID job, long rowFence, Predicate<Boolean> how) {
        Key key = new Key(job, rowFence - 1);
        ActiveRun placeholder = new ActiveRun(job, key.messageFence(), false);
        if (runs.putIfAbsent(key, placeholder) != null) {
            return false;
        }
        try {
            boolean taken = how.test(unsettled.contains(key));
            if (taken) {
                unsettled.remove(key);
            }
            return taken;
        } finally {
            remove(key, placeholder);
        }
    }

    /** Asks the run of a RUNNING row with this fence to stop because its job was cancelled, if it is running here. */
    public void askToCancel(UUID job, long rowFence, Instant now) {
        ActiveRun run = runs.get(new Key(job, rowFence - 1));
        if (run != null) {
            run.ask(ActiveRun.Ask.CANCEL, now);
        }
    }

    public int count() {
        return runs.size();
    }

    /** Jobs whose handlers ignored the request to stop. */
    public List<UUID> overdue(Instant now) {
        return runs.values().stream()
                .filter(run -> run.overdue(now))
                .map(ActiveRun::job)
                .toList();
    }

    /** Asks every run to stop because the node is stopping. */
    public void askAllToStop(Instant now) {
        runs.values().forEach(run -> run.ask(ActiveRun.Ask.SHUTDOWN, now));
    }

    /** Waits until nothing is being worked on; false if the time elapses first. */
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
