package azukari.catalog;

import java.util.Locale;

/** The lane (queue) in which an event type's jobs run. */
public enum Lane {
    /** Short work in this process. */
    DEFAULT,
    /** Calls to outside services; every HTTP target. */
    OUTSIDE,
    /** Work of minutes. */
    LONG,
    /** What tells people. */
    NOTIFY;

    /** The name as it is written in documents and addresses: lower case. */
    public String written() {
        return name().toLowerCase(Locale.ROOT);
    }
}
