package azukari.catalog;

import java.util.Locale;

/** What happens to a job whose process died during a run. */
public enum OnCrash {
    /** Run it again: its effect may be repeated, or the target recognizes the job's id as an idempotency key. */
    RERUN,
    /** Ask the handler whether the effect happened. */
    PROBE,
    /** Leave the decision to an operator; the job becomes {@code UNCERTAIN}. */
    ASK;

    /** The name as written in documents: in lower case. */
    public String written() {
        return name().toLowerCase(Locale.ROOT);
    }
}
