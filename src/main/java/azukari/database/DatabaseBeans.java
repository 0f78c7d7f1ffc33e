package azukari.database;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import javax.sql.DataSource;

/** The container's database, as a bean. */
@ApplicationScoped
class DatabaseBeans {
    @Resource(name = "jdbc/azukari")
    private DataSource pool;

    @Produces
    @Singleton
    Database database() {
        return new Database(pool);
    }

    void close(@Disposes Database database) {
        database.close();
    }
}
