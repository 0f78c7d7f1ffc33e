package azukari.database;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import org.h2.engine.Database;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.message.DbException;
import org.h2.mvstore.MVStore;

/**
 * Ends an embedded H2 whose store has closed itself after an error of its disk, so that the next connection opens it anew.
 * Each of its sessions could still be asked for something, and at times would then try for ever to enter a version of the store that
 * nobody will replace any more (MVStore.registerVersionUsage of 2.4.240); even who closes a connection asks its session to
 * roll back.
 */
final class H2Panic {
    private static final Logger LOG = System.getLogger(H2Panic.class.getName());

    private H2Panic() {}

    /** Does so if this is a connection to a database in that state, else nothing. */
    static void end(Connection driver) {
        if (((JdbcConnection) driver).getSession() instanceof SessionLocal session && !session.isClosed()) {
            end(session.getDatabase());
        }
    }

    private static void end(Database database) {
        MVStore store = database.getStore().getMvStore();
        if (store.getPanicException() == null && !store.isClosed()) {
            return;
        }
        database.shutdownImmediately();
        for (SessionLocal session : database.getSessions(false)) {
            try {
                session.close();
            } catch (DbException e) {
                LOG.log(Level.DEBUG, "as expected of a database that has ended", e);
            }
        }
    }
}
