package azukari.database;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;

/** The container's database, as a bean. */
@ApplicationScoped
class DatabaseBeans {
    @Resource(name = "jdbc/azukari")
    private DataSource pool;

    @Produces
    @Singleton
    RoomOnDisk room() {
        return RoomOnDisk.of(ConfigProvider.getConfig()
                .getOptionalValue("azukari.db.url", String.class)
                .orElse(""));
    }

    @Produces
    @Singleton
    Database database(RoomOnDisk room) {
        return new Database(room.guard(pool));
    }

    void close(@Disposes Database database) {
        database.close();
    }
}
