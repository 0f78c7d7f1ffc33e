package azukari.database;

/** The database is there, but refuses a value (too long, a character that it can't hold, a broken constraint): it never will take it. */
public final class DataRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DataRefusedException(RuntimeException cause) {
        super("the database can't hold a value: it is too long, or has a character that no text may have", cause);
    }
}
