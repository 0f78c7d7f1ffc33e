package azukari.database;

/** The database gave this transaction up for another one (deadlock, lock time-out): nothing was changed, run it again. */
public final class TransactionConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TransactionConflictException(Throwable cause) {
        super("the transaction lost a conflict: " + cause.getMessage(), cause);
    }
}
