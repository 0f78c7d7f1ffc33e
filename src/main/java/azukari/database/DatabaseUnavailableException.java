package azukari.database;

import azukari.platform.UnavailableException;

/** The database could not be reached, or went away in the middle: what was asked for may or may not have been committed. */
public final class DatabaseUnavailableException extends UnavailableException {
    private static final long serialVersionUID = 1L;

    public DatabaseUnavailableException(Throwable cause) {
        super("the database is unavailable", cause);
    }
}
