package azukari.catalog;

import java.util.Locale;

/** What becomes of a job whose process died in a run. */
public enum OnCrash {
    /** Run it again; its effect may be repeated, or the target knows the job's id as idempotency key. */
    RERUN,
    /** Ask the handler whether the effect happened. */
    PROBE,
    /** Leave it to an operator; the job is {@code UNCERTAIN}. */
    ASK;

    /** The name as it is written in documents: lower case. */
    public String written() {
        return name().toLowerCase(Locale.ROOT);
    }
}
