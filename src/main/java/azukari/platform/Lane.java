package azukari.platform;

import java.util.Locale;

/** The lane in which an event type's jobs run: a queue, and how many of its jobs a node runs at a time. */
public enum Lane {
    /** Short work in this process. */
    DEFAULT(LaneNames.DEFAULT, LaneNames.Size.DEFAULT),
    /** Calls to external services; every HTTP target. */
    OUTSIDE(LaneNames.OUTSIDE, LaneNames.Size.OUTSIDE),
    /** Work that takes minutes. */
    LONG(LaneNames.LONG, LaneNames.Size.LONG),
    /** Notifications to people. */
    NOTIFY(LaneNames.NOTIFY, LaneNames.Size.NOTIFY);

    static final String KEY_BEFORE = "azukari.lane.";
    static final String KEY_AFTER = ".max.sessions";
    private static final String DEAD = ".dead";

    private final String written;
    private final int sessions;

    Lane(String written, int sessions) {
        this.written = written;
        this.sessions = sessions;
    }

    /** The name as written in documents, addresses and messages. */
    public String written() {
        return written;
    }

    /** How many of its jobs a node runs at a time by default. */
    public int sessions() {
        return sessions;
    }

    /** The queue of its messages. */
    public String queue() {
        return queueOf(written);
    }

    /** The queue for those of its messages that could not be read. */
    public String deadQueue() {
        return deadQueueOf(queue());
    }

    /** The queue of the lane with this name. */
    public static String queueOf(String lane) {
        return LaneNames.PREFIX + lane;
    }

    /** The queue for messages from this queue that can't be read. */
    public static String deadQueueOf(String queue) {
        return queue + DEAD;
    }

    /** The configuration key for the number of its sessions. */
    public String key() {
        return KEY_BEFORE + written + KEY_AFTER;
    }

    /** The environment variable for the number of its sessions. */
    public String setting() {
        return key().toUpperCase(Locale.ROOT).replace('.', '_');
    }
}
