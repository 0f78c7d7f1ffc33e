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
 * The database. What people see is read as entities ({@link #read}); rows are changed by statements on a connection
 * from the pool ({@link #inTransaction}), because the row count shows who won (ADR 0024).
 *
 * <p>Transactions are the database's own, never the container's: a database transaction and a JMS transaction are never
 * one. Every failure is classified as {@link DataRefusedException} (the data is to blame), {@link
 * TransactionConflictException} (nothing happened; run it again) or {@link DatabaseUnavailableException} (anything
 * else: try again later; a commit may have happened).
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

    /** Opens the persistence unit over a pool of connections that take no part in container transactions. */
    public Database(DataSource pool) {
        this.pool = pool;
        this.factory =
                Persistence.createEntityManagerFactory("azukari", Map.of("jakarta.persistence.nonJtaDataSource", pool));
    }

    /**
     * Runs work in a transaction and commits it.
     *
     * @throws DatabaseUnavailableException if the database can't be reached or the answer to the commit was lost
     * @throws TransactionConflictException if the database resolved a conflict (such as a deadlock) at this
     *     transaction's expense
     * @throws DataRefusedException if the database refuses a value
     */
    public <T> T inTransaction(Function<Tx, T> work) {
        Connection connection = connect();
        Throwable broken = null;
        try {
            Dialect spoken = dialectOf(connection);
            if (spoken == Dialect.POSTGRESQL) {
                planned.prepare(connection);
            }
            T result = work.apply(new Tx(connection, spoken));
            commit(connection);
            return result;
        } catch (RuntimeException e) {
            RuntimeException classified = DatabaseFailures.classify(e);
            broken = classified;
            // Of a database that is away, closing the connection ends the transaction.
            if (!(classified instanceof DatabaseUnavailableException) && rollsBack(connection, e)) {
                broken = null;
            }
            throw classified;
        } catch (Error e) {
            broken = e;
            if (rollsBack(connection, e)) {
                broken = null;
            }
            throw e;
        } finally {
            if (broken == null) {
                giveBack(connection);
            } else {
                BrokenConnections.discard(connection, broken);
            }
        }
    }

    /** Whatever the pool throws here (even a NullPointerException) means that it has no connection. */
    private Connection connect() {
        Connection connection = null;
        try {
            connection = pool.getConnection();
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException | RuntimeException e) {
            if (connection != null) {
                giveBack(connection);
            }
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

    /**
     * Only the database itself can report that a commit was refused; after any other failure here, it may have
     * happened.
     */
    private static void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new Tx.StatementFailedException(e);
        } catch (RuntimeException | Error e) {
            throw new DatabaseUnavailableException(e);
        }
    }

    /** Where it does not, the connection is still in the transaction, and holds its locks. */
    private static boolean rollsBack(Connection connection, Throwable failure) {
        try {
            connection.rollback();
            return true;
        } catch (SQLException | RuntimeException e) {
            failure.addSuppressed(e);
            return false;
        }
    }

    /**
     * The pool validates a connection before it hands it out again, so a broken one that does not close does no harm.
     */
    private static void giveBack(Connection connection) {
        try (connection) {
            connection.setAutoCommit(true);
        } catch (SQLException | RuntimeException e) {
            System.getLogger(Database.class.getName())
                    .log(System.Logger.Level.DEBUG, "a broken connection was returned to the pool", e);
        }
    }

    /** Runs a query; the results are detached. Failures as in {@link #inTransaction(Function)}. */
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

    /** The first call in a process connects to the database to find out what it is. */
    private EntityManager open() {
        try {
            return factory.createEntityManager();
        } catch (RuntimeException e) {
            throw DatabaseFailures.classify(e);
        }
    }

    /**
     * Runs a query for the first rows in the order of an index. If the planner expects few matching rows, it prefers
     * collecting and sorting all of them to following the index; here it does not. Failures as in {@link
     * #inTransaction(Function)}.
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
