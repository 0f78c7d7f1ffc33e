package azukari.database;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import java.util.Map;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * The database: transactions, begun and ended here and nowhere else.
 *
 * <p>Resource-local on purpose: a database transaction and a JMS transaction are never one. Every failure is told apart
 * into {@link DatabaseUnavailableException} (try again later; a commit may have happened), {@link TransactionConflictException}
 * (nothing happened; run it again) and whatever else it was (a defect).
 */
public class Database implements AutoCloseable {
    private final EntityManagerFactory factory;

    /** Opens the persistence unit over a pool of connections that are in no container transaction. */
    public Database(DataSource pool) {
        factory =
                Persistence.createEntityManagerFactory("azukari", Map.of("jakarta.persistence.nonJtaDataSource", pool));
    }

    /**
     * Runs work in a transaction and commits it.
     *
     * @throws DatabaseUnavailableException when the database can't be reached or the commit's answer was lost
     * @throws TransactionConflictException when the database broke a deadlock at this transaction's cost
     */
    public <T> T inTransaction(Function<Tx, T> work) {
        EntityManager em = factory.createEntityManager();
        try {
            em.getTransaction().begin();
            T result = work.apply(new Tx(em));
            commit(em);
            return result;
        } catch (RuntimeException e) {
            rollBack(em, e);
            throw DatabaseFailures.classify(e);
        } catch (Error e) {
            rollBack(em, e); // Else the connection would stay in the transaction.
            throw e;
        } finally {
            close(em);
        }
    }

    /** Only the database itself can say that a commit was refused; whatever else goes wrong here, it may have happened. */
    private static void commit(EntityManager em) {
        try {
            em.getTransaction().commit();
        } catch (RuntimeException e) {
            throw DatabaseFailures.isToldByDatabase(e) ? e : new DatabaseUnavailableException(e);
        } catch (Error e) {
            throw new DatabaseUnavailableException(e);
        }
    }

    /** Runs a query; what it returns is detached. Failures as in {@link #inTransaction}. */
    public <T> T read(Function<EntityManager, T> query) {
        EntityManager em = factory.createEntityManager();
        try {
            return query.apply(em);
        } catch (RuntimeException e) {
            throw DatabaseFailures.classify(e);
        } finally {
            close(em);
        }
    }

    /**
     * Runs a query for the first so many rows in the order of an index. Where the planner takes the rows that fit for few, it
     * would rather collect and sort all of them than go along the index; here it does not. Failures as in
     * {@link #inTransaction}.
     */
    public <T> T readInOrder(Function<EntityManager, T> query) {
        return inTransaction(tx -> {
            tx.followOrder();
            return query.apply(tx.em());
        });
    }

    private static void rollBack(EntityManager em, Throwable failure) {
        try {
            if (em.getTransaction().isActive()) {
                em.getTransaction().rollback();
            }
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
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
