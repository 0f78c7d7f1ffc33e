package azukari.database;

import azukari.platform.UnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The rows that a background loop fails at, whatever is wrong with them: they are left alone for a minute, so that they do
 * not stop the others for ever, and then tried again. Kept in memory, for each loop of each node by itself.
 *
 * @param <T> what identifies a row
 */
public final class SetAside<T> {
    private static final Logger LOG = System.getLogger(SetAside.class.getName());
    private static final Duration PAUSE = Duration.ofMinutes(1);
    /** After this time without another failure, a row is as good as any. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);
    /** If so many fail, it is not for what is in them. */
    private static final int MOST = 1_000;

    private final String deed;
    private final long pause;
    /** When each was tried last, by {@link System#nanoTime}. */
    private final Map<T, Long> failed = new ConcurrentHashMap<>();

    /** @param deed what is done with a row, for the log, such as "queueing a job that is due" */
    public SetAside(String deed) {
        this(deed, PAUSE);
    }

    SetAside(String deed, Duration pause) {
        this.deed = deed;
        this.pause = pause.toNanos();
    }

    /** How many rows are left alone now: to find others, look for so many more. */
    public int count() {
        return (int) failed.keySet().stream().filter(this::holds).count();
    }

    /** Those of the rows that are not left alone, in the same order. */
    public List<T> without(List<T> rows) {
        return rows.stream().filter(row -> !holds(row)).toList();
    }

    /**
     * Works on rows, all at once if that succeeds; else on each half of them, down to the single rows, and sets aside those at
     * which it fails. Work that changes something must be one transaction, or be safe to repeat.
     *
     * @throws UnavailableException if something that the work needs is away, whatever the row
     * @throws TransactionConflictException as the work throws it
     */
    public void each(List<T> rows, Consumer<List<T>> work) {
        if (rows.isEmpty()) {
            return;
        }
        try {
            work.accept(rows);
            rows.forEach(failed::remove);
        } catch (RuntimeException | StackOverflowError e) {
            failed.values().removeIf(last -> System.nanoTime() - last > REMEMBERED.toNanos());
            if (!isForARow(e) || count() >= MOST) {
                throw e;
            }
            if (rows.size() == 1) {
                add(rows.get(0), e);
            } else {
                each(rows.subList(0, rows.size() / 2), work);
                each(rows.subList(rows.size() / 2, rows.size()), work);
            }
        }
    }

    /** Whether a failure may be a row's fault, and not one of the database, the broker or another transaction. */
    public static boolean isForARow(Throwable failure) {
        return failure instanceof StackOverflowError
                || (failure instanceof RuntimeException
                        && !(failure instanceof UnavailableException)
                        && !(failure instanceof TransactionConflictException));
    }

    /** Whether a row is left alone now. */
    public boolean holds(T row) {
        Long last = failed.get(row);
        return last != null && System.nanoTime() - last < pause;
    }

    private void add(T row, Throwable failure) {
        long now = System.nanoTime();
        if (failed.put(row, now) == null) {
            LOG.log(
                    Level.WARNING,
                    deed + " failed for " + row + "; it is tried again every "
                            + Duration.ofNanos(pause).toSeconds() + " s, and the others go on without it",
                    failure);
        }
    }
}
