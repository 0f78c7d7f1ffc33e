package azukari.database;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** Tells what a failed transaction means, by the SQLSTATE of its cause (ISO 9075; PostgreSQL appendix A; H2 error codes). */
final class DatabaseFailures {
    /** Serialization failure, deadlock; PostgreSQL's lock not available; H2's lock time-out. */
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01", "55P03", "HYT00");

    /**
     * H2: connection broken, database closed or closing, log or file gone, I/O failures. They have no class of their own.
     */
    private static final Set<String> H2_AWAY =
            Set.of("90007", "90013", "90020", "90026", "90028", "90031", "90067", "90098", "90121", "90146");

    private DatabaseFailures() {}

    static RuntimeException classify(RuntimeException failure) {
        if (failure instanceof DatabaseUnavailableException
                || failure instanceof TransactionConflictException
                || failure instanceof DataRefusedException) {
            return failure;
        }
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException e) {
                if (isConflict(e)) {
                    return new TransactionConflictException(failure);
                }
                if (isAway(e)) {
                    return new DatabaseUnavailableException(failure);
                }
                if (e.getSQLState().startsWith("22")) { // data exception
                    return new DataRefusedException(failure);
                }
            }
        }
        return failure;
    }

    /** Whether the database or its driver said what went wrong, rather than something on the way there. */
    static boolean isToldByDatabase(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException) {
                return true;
            }
        }
        return false;
    }

    private static boolean isConflict(SQLException e) {
        return e.getSQLState() != null && CONFLICTS.contains(e.getSQLState());
    }

    private static boolean isAway(SQLException e) {
        String state = e.getSQLState();
        if (e instanceof SQLTransientConnectionException || e instanceof SQLRecoverableException || state == null) {
            // Pools report 'no connection' without a state.
            return true;
        }
        return state.startsWith("08") // connection exception
                || state.startsWith("53") // insufficient resources: too many connections, disk full
                || state.startsWith("57P") // operator intervention: shutting down, starting up
                || state.startsWith("58") // system error: I/O
                || H2_AWAY.contains(state);
    }
}
