package azukari.launcher;

import java.util.Locale;

/** The lanes, with the number of messages that a node handles at a time unless it is set. */
enum Lane {
    DEFAULT(16),
    OUTSIDE(64),
    LONG(16),
    NOTIFY(8);

    private final int sessions;

    Lane(int sessions) {
        this.sessions = sessions;
    }

    int sessions() {
        return sessions;
    }

    /** The environment variable that sets the number of sessions. */
    String setting() {
        return "AZUKARI_LANE_" + name() + "_MAX_SESSIONS";
    }

    /** The system property that the activation in glassfish-ejb-jar.xml refers to. */
    String property() {
        return setting().toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
