package azukari.node;

import azukari.database.Database;
import java.util.UUID;
import java.util.function.Supplier;

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

    /** Does what only an incarnation that lives can do, and has it be dead then, unless it was there before. */
    public static <T> T whileAlive(Database database, UUID incarnation, Supplier<T> deed) {
        boolean there = database.inTransaction(
                        tx -> tx.query("SELECT 1 FROM node WHERE incarnation = ?", row -> true, incarnation))
                .contains(true);
        if (there) {
            return deed.get();
        }
        String name = "node of " + incarnation;
        put(database, name, UUID.randomUUID(), incarnation);
        try {
            return deed.get();
        } finally {
            database.inTransaction(tx -> tx.update("DELETE FROM node WHERE name = ?", name));
        }
    }
}
