package azukari.database;

/**
 * The database is available but refuses a value (too long, a character that it can't store, a violated constraint): it
 * will never accept it.
 */
public final class DataRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DataRefusedException(RuntimeException cause) {
        super("the database can't store a value: it is too long, or has a character that text can't have", cause);
    }
}
