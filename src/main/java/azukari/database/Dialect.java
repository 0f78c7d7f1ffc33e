package azukari.database;

import java.sql.Connection;
import java.sql.SQLException;

/** The kinds of database that Azukari runs on. */
public enum Dialect {
    /** Embedded: a statement costs no round trip, so a group is a batch. */
    H2,
    /** Over the network: a larger group is one statement with arrays. */
    POSTGRESQL;

    static Dialect of(Connection connection) {
        try {
            return connection.getMetaData().getDatabaseProductName().equals("PostgreSQL") ? POSTGRESQL : H2;
        } catch (SQLException e) {
            throw new Tx.StatementFailedException(e);
        }
    }
}
