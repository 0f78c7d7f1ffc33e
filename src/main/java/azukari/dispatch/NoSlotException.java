package azukari.dispatch;

/** A call through a channel had no slot: the run's first one at present, a further one before the run's time-out. */
final class NoSlotException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean first;

    private NoSlotException(String message, boolean first) {
        super(message);
        this.first = first;
    }

    static NoSlotException forFirstCall() {
        return new NoSlotException("the run's channels have no room for its call at present", true);
    }

    static NoSlotException forFurtherCall(String channel) {
        return new NoSlotException(
                "channel " + channel + " had no room for a further call before the run's time-out", false);
    }

    /** Whether the run has called nobody. */
    boolean isForFirstCall() {
        return first;
    }
}
