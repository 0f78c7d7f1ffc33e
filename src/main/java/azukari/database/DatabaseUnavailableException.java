package azukari.database;

import azukari.platform.UnavailableException;

/**
 * The database could not be reached, or became unavailable in the middle: the work may or may not have been committed.
 */
public final class DatabaseUnavailableException extends UnavailableException {
    private static final long serialVersionUID = 1L;

    public DatabaseUnavailableException(Throwable cause) {
        super("the database is unavailable", cause);
    }
}
