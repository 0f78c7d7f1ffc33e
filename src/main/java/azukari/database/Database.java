package azukari.database;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * The database. What is shown to people is read as entities ({@link #read}); what changes a row is a statement on a
 * connection of the pool ({@link #inTransaction}), since its row count tells who won (ADR 0024).
 *
 * <p>Transactions are the database's own, never the container's: a database transaction and a JMS transaction are never one.
 * Every failure is told apart into {@link DataRefusedException} (the data is to blame), {@link TransactionConflictException}
 * (nothing happened; run it again) and {@link DatabaseUnavailableException} (all else: try again later; a commit may have
 * happened).
 */
public class Database implements AutoCloseable {
    private static final String FOLLOW_ORDER = """
            SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off;
            SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
            SET LOCAL jit = off
            """;

    private final DataSource pool;
    private final EntityManagerFactory factory;
    private final Planned planned = new Planned();
    private volatile Dialect dialect;

    /** Opens the persistence unit over a pool of connections that are in no container transaction. */
    public Database(DataSource pool) {
        this.pool = pool;
        this.factory =
                Persistence.createEntityManagerFactory("azukari", Map.of("jakarta.persistence.nonJtaDataSource", pool));
    }

    /**
     * Runs work in a transaction and commits it.
     *
     * @throws DatabaseUnavailableException when the database can't be reached or the commit's answer was lost
     * @throws TransactionConflictException when the database broke a deadlock at this transaction's cost
     * @throws DataRefusedException when the database refuses a value
     */
    public <T> T inTransaction(Function<Tx, T> work) {
        Connection connection = connect();
        try {
            Dialect spoken = dialectOf(connection);
            if (spoken == Dialect.POSTGRESQL) {
                planned.prepare(connection);
            }
            T result = work.apply(new Tx(connection, spoken));
            commit(connection);
            return result;
        } catch (RuntimeException e) {
            rollBack(connection, e);
            throw DatabaseFailures.classify(e);
        } catch (Error e) {
            rollBack(connection, e); // Else the connection would stay in the transaction.
            throw e;
        } finally {
            giveBack(connection);
        }
    }

    /** Whatever the pool throws here (also a NullPointerException) means that it has no connection. */
    private Connection connect() {
        try {
            Connection connection = pool.getConnection();
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException | RuntimeException e) {
            throw new DatabaseUnavailableException(e);
        }
    }

    private Dialect dialectOf(Connection connection) {
        Dialect known = dialect;
        if (known == null) {
            known = Dialect.of(connection);
            dialect = known;
        }
        return known;
    }

    /** Only the database itself can say that a commit was refused; whatever else goes wrong here, it may have happened. */
    private static void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new Tx.StatementFailedException(e);
        } catch (RuntimeException | Error e) {
            throw new DatabaseUnavailableException(e);
        }
    }

    private static void rollBack(Connection connection, Throwable failure) {
        try {
            connection.rollback();
        } catch (SQLException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** The pool tries a connection before it hands it out again, so a broken one that does not close harms nobody. */
    private static void giveBack(Connection connection) {
        try (connection) {
            connection.setAutoCommit(true);
        } catch (SQLException | RuntimeException e) {
            System.getLogger(Database.class.getName())
                    .log(System.Logger.Level.DEBUG, "a connection went back to the pool broken", e);
        }
    }

    /** Runs a query; what it returns is detached. Failures as in {@link #inTransaction(Function)}. */
    public <T> T read(Function<EntityManager, T> query) {
        EntityManager em = open();
        try {
            return query.apply(em);
        } catch (RuntimeException e) {
            throw DatabaseFailures.classify(e);
        } finally {
            close(em);
        }
    }

    /** The first one in a process asks the database what it is. */
    private EntityManager open() {
        try {
            return factory.createEntityManager();
        } catch (RuntimeException e) {
            throw DatabaseFailures.classify(e);
        }
    }

    /**
     * Runs a query for the first so many rows in the order of an index. Where the planner takes the rows that fit for few, it
     * would rather collect and sort all of them than go along the index; here it does not. Failures as in
     * {@link #inTransaction(Function)}.
     */
    public <T> T readInOrder(Function<EntityManager, T> query) {
        return read(em -> {
            em.getTransaction().begin();
            try {
                if (dialect() == Dialect.POSTGRESQL) {
                    em.createNativeQuery(FOLLOW_ORDER).executeUpdate();
                }
                return query.apply(em);
            } finally {
                em.getTransaction().rollback();
            }
        });
    }

    private Dialect dialect() {
        return dialect == null ? inTransaction(Tx::dialect) : dialect;
    }

    private static void close(EntityManager em) {
        if (em.isOpen()) {
            em.close();
        }
    }

    @Override
    public void close() {
        factory.close();
    }
}
