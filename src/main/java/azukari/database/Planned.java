package azukari.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Makes PostgreSQL plan every statement along indexes. A plan is made once per connection and kept, often from a time
 * when a table is still small: reading all of it, or a hash join over it, would be right then and ruinous a minute
 * later. A plan that cannot avoid what is switched off has a cost of 10<sup>10</sup> per node, above the threshold from
 * which PostgreSQL compiles a plan before it runs it; so compilation is switched off, too: it took hundreds of
 * milliseconds for statements that take one.
 */
final class Planned {
    private static final String ALONG_INDEXES = """
            SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off
            """;

    private final Set<Connection> prepared =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** Makes this connection plan that way; each new connection of the pool costs one round trip, once. */
    void prepare(Connection connection) {
        try {
            // A pool hands out a different handle each time; the metadata is the driver's own and knows the driver's
            // connection.
            Connection physical = connection.getMetaData().getConnection();
            if (!prepared.contains(physical)) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(ALONG_INDEXES);
                }
                connection.commit(); // A rollback would undo it.
                prepared.add(physical);
            }
        } catch (SQLException e) {
            throw new Tx.StatementFailedException(e);
        }
    }
}
