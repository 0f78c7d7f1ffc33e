package azukari.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Has PostgreSQL plan every statement along indexes. A plan is made once a connection and kept, often when a table is still
 * small: reading all of it, or joining by a hash of it, would be right then, and ruinous a minute later. A plan that has no
 * way round what is switched off carries a cost of 10<sup>10</sup> a node, over the bound from which PostgreSQL compiles a
 * plan before it runs it; so compilation is switched off too: it took hundreds of milliseconds for statements of one.
 */
final class Planned {
    private static final String ALONG_INDEXES = """
            SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off
            """;

    private final Set<Connection> prepared =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** Sees to it that this connection plans so; a new one of the pool costs a round trip once. */
    void prepare(Connection connection) {
        try {
            // A pool hands out another handle each time; the metadata are the driver's own, and know the driver's
            // connection.
            Connection physical = connection.getMetaData().getConnection();
            if (!prepared.contains(physical)) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(ALONG_INDEXES);
                }
                connection.commit(); // A rollback would take it back.
                prepared.add(physical);
            }
        } catch (SQLException e) {
            throw new Tx.StatementFailedException(e);
        }
    }
}
