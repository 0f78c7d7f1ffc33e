package azukari.platform;

import java.util.ResourceBundle;
import java.util.UUID;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Notes which run a thread is working on, for the log: whatever that thread logs meanwhile, through any API that ends
 * in {@code java.util.logging}, has {@code [job=… root=… run=…]} at its end. As a filter on the server's own handlers
 * it depends on no particular server, and a thread that logs nothing pays only for setting a field.
 */
public final class LogContext implements Filter {
    private record Run(UUID job, UUID root, int number) {
        String text() {
            return " [job=" + job + " root=" + root + " run=" + number + "]";
        }
    }

    private static final ThreadLocal<Run> CURRENT = new ThreadLocal<>();

    private final Filter before;

    private LogContext(Filter before) {
        this.before = before;
    }

    /** From now on, this thread works on the given run. */
    public static void enter(UUID job, UUID root, int run) {
        CURRENT.set(new Run(job, root, run));
    }

    /** The run is over for this thread. */
    public static void leave() {
        CURRENT.remove();
    }

    /** Makes the handlers of the root logger add the run to what they log. */
    public static void install() {
        for (Handler handler : root().getHandlers()) {
            handler.setFilter(new LogContext(handler.getFilter()));
        }
    }

    /** Restores the handlers' own filters. */
    public static void uninstall() {
        for (Handler handler : root().getHandlers()) {
            if (handler.getFilter() instanceof LogContext ours) {
                handler.setFilter(ours.before);
            }
        }
    }

    private static Logger root() {
        return LogManager.getLogManager().getLogger("");
    }

    @Override
    public boolean isLoggable(LogRecord logged) {
        Run run = CURRENT.get();
        if (run != null) {
            add(run.text(), logged);
        }
        return before == null || before.isLoggable(logged);
    }

    /**
     * Adds the text once, however many handlers there are. It contains nothing that would be interpreted when the
     * message is formatted.
     */
    private static void add(String text, LogRecord logged) {
        String message = logged.getMessage() == null ? "" : logged.getMessage();
        if (message.endsWith(text)) {
            return;
        }
        ResourceBundle bundle = logged.getResourceBundle();
        if (bundle != null && bundle.containsKey(message)) {
            message = bundle.getString(message);
            logged.setResourceBundle(null);
        }
        logged.setMessage(message + text);
    }
}
