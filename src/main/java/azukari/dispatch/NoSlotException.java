package azukari.dispatch;

/**
 * A call had no slot: one through all of the run's channels at present, a further one through one of them before the time-out.
 */
final class NoSlotException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final boolean sendsBack;

    private NoSlotException(String message, boolean sendsBack) {
        super(message);
        this.sendsBack = sendsBack;
    }

    static NoSlotException forCall() {
        return new NoSlotException("the run's channels have no room for its call at present", true);
    }

    static NoSlotException forFurtherCall(String channel) {
        return new NoSlotException(
                "channel " + channel + " had no room for a further call before the run's time-out", false);
    }

    /** Whether the job is to be sent back to its channels: it is their call that was not made. */
    boolean sendsBack() {
        return sendsBack;
    }
}
