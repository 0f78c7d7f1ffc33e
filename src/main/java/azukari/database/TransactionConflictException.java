package azukari.database;

/**
 * The database aborted this transaction because of another one (a deadlock, say): nothing was changed; run it
 * again.
 */
public final class TransactionConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TransactionConflictException(Throwable cause) {
        super("the transaction lost a conflict: " + cause.getMessage(), cause);
    }
}
