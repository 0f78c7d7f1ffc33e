package azukari.testing;

import azukari.database.Database;
import java.util.UUID;

/** Rows with which something is wrong: the database refuses what is to be done with them, and with them alone. */
public final class BadRows {
    private BadRows() {}

    /** Has this job never come to this state. */
    public static void refuseState(Database database, UUID job, String state) {
        check(database, job, "state <> '" + state + "'");
    }

    /** Has this job's fence never grow. */
    public static void refuseFence(Database database, UUID job, long fence) {
        check(database, job, "fence <= " + fence);
    }

    private static void check(Database database, UUID job, String condition) {
        database.inTransaction(tx -> tx.update(
                "ALTER TABLE job_state ADD CONSTRAINT bad_row CHECK (job <> '" + job + "' OR " + condition + ")"));
    }

    /** Has a row of this table never be deleted. */
    public static void refuseDeletion(Database database, String table, UUID id) {
        database.inTransaction(tx -> {
            tx.update("CREATE TABLE bad_row (id uuid REFERENCES " + table + " (id))");
            return tx.update("INSERT INTO bad_row VALUES (?)", id);
        });
    }
}
