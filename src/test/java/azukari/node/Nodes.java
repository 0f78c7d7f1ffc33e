package azukari.node;

import azukari.database.Database;
import java.util.UUID;

/** Rows of nodes, for tests of other packages. */
public final class Nodes {
    private Nodes() {}

    /** Stores a node that lives, in the place of one of this name that may be there. */
    public static void put(Database database, String name, UUID instance, UUID incarnation) {
        database.inTransaction(tx -> {
            tx.update("DELETE FROM node WHERE name = ?", name);
            return NodeTable.insert(tx, name, instance, incarnation);
        });
    }
}
