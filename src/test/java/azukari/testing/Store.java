package azukari.testing;

import azukari.database.Database;
import azukari.database.Schema;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGConnectionPoolDataSource;

/** The supported databases, each with the product's own schema. */
public enum Store {
    H2 {
        /** The connections that made its tables are gone, as they may be in a server: H2 binds some checks to them. */
        @Override
        DataSource fresh() {
            JdbcDataSource source = new JdbcDataSource();
            source.setUrl("jdbc:h2:mem:" + UUID.randomUUID()
                    + ";DB_CLOSE_DELAY=-1;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;LOCK_TIMEOUT=10000");
            source.setUser("sa");
            source.setPassword("");
            Schema.migrate(source);
            return JdbcConnectionPool.create(source);
        }
    },
    POSTGRESQL {
        @Override
        DataSource fresh() {
            return TriedPool.over(source(Migrated.SERVER.copyOf(Migrated.DATABASE)));
        }
    };

    /** Migrated once a process: copying it takes a fraction of the time. */
    private static final class Migrated {
        /** No test of a store ends it, so it need not survive a crash. */
        static final Postgres SERVER = Postgres.create("fsync=off", "full_page_writes=off");

        static final Postgres.Database DATABASE = SERVER.createDatabase();

        static {
            JdbcConnectionPool pool = JdbcConnectionPool.create(source(DATABASE));
            Schema.migrate(pool);
            pool.dispose();
        }
    }

    private static PGConnectionPoolDataSource source(Postgres.Database database) {
        PGConnectionPoolDataSource source = new PGConnectionPoolDataSource();
        source.setUrl(database.url());
        source.setUser(database.user());
        source.setPassword(database.password());
        return source;
    }

    abstract DataSource fresh();

    /** A new, empty, migrated database of this kind. */
    public Opened open() {
        DataSource source = fresh();
        return new Opened(source, new Database(source));
    }

    /** An open store. */
    public record Opened(DataSource source, Database database) implements AutoCloseable {
        @Override
        public void close() {
            database.close();
            if (source instanceof JdbcConnectionPool pool) {
                pool.dispose();
            } else if (source instanceof TriedPool pool) {
                pool.dispose();
            }
        }
    }
}
