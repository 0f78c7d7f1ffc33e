package azukari.database;

import java.sql.SQLException;
import java.util.Set;

/** Classifies a failed transaction by the SQLSTATE of its cause (ISO 9075; PostgreSQL appendix A; H2 error codes). */
final class DatabaseFailures {
    /**
     * Serialization failure, deadlock. Not a lock that was waited for until the time was
     * up: whoever holds it may hold it for ever, and others must not wait behind one try after another.
     */
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

    private static final String DATA_EXCEPTION = "22";
    private static final String INTEGRITY_VIOLATION = "23";

    private DatabaseFailures() {}

    static RuntimeException classify(RuntimeException failure) {
        if (failure instanceof DatabaseUnavailableException
                || failure instanceof TransactionConflictException
                || failure instanceof DataRefusedException) {
            return failure;
        }
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException e) {
                return of(e, failure);
            }
        }
        return failure;
    }

    /**
     * Only the data can refuse an outcome (rule 22). If the database rejects a statement for any other reason (no
     * connection, a full disk, read-only mode, a cancelled statement, a panic), it may accept it later.
     */
    private static RuntimeException of(SQLException e, RuntimeException failure) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (CONFLICTS.contains(state)) {
            return new TransactionConflictException(failure);
        }
        return state.startsWith(DATA_EXCEPTION) || state.startsWith(INTEGRITY_VIOLATION)
                ? new DataRefusedException(failure)
                : new DatabaseUnavailableException(failure);
    }
}
