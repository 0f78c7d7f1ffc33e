package azukari.platform;

/** What annotations need to know about the lanes, as compile-time constants; all other code uses {@link Lane}. */
public final class LaneNames {
    /** The prefix of all our queues' names. */
    public static final String PREFIX = "azukari.";

    public static final String DEFAULT = "default";
    public static final String OUTSIDE = "outside";
    public static final String LONG = "long";
    public static final String NOTIFY = "notify";

    private static final String LOOK_UP = "${MPCONFIG=" + Lane.KEY_BEFORE;
    private static final String OR_ELSE = Lane.KEY_AFTER + ":";

    /** A lane's {@code maxSession} as Payara looks it up: the setting, or else the default. */
    public static final String DEFAULT_SESSIONS = LOOK_UP + DEFAULT + OR_ELSE + Size.DEFAULT + "}";

    public static final String OUTSIDE_SESSIONS = LOOK_UP + OUTSIDE + OR_ELSE + Size.OUTSIDE + "}";
    public static final String LONG_SESSIONS = LOOK_UP + LONG + OR_ELSE + Size.LONG + "}";
    public static final String NOTIFY_SESSIONS = LOOK_UP + NOTIFY + OR_ELSE + Size.NOTIFY + "}";

    private LaneNames() {}

    /** How many jobs a lane runs at a time on a node by default. */
    static final class Size {
        static final int DEFAULT = 16;
        static final int OUTSIDE = 64;
        static final int LONG = 16;
        static final int NOTIFY = 8;

        private Size() {}
    }
}
