package azukari.dispatch;

/** A handler's further call through a channel had no slot before the run's time-out. */
final class NoSlotException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoSlotException(String channel) {
        super("channel " + channel + " had no room for a further call before the run's time-out");
    }
}
