package azukari.node;

import azukari.database.RoomOnDisk;
import azukari.node.Heartbeat.BeatSource;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import javax.sql.DataSource;

/** The beat's own connection pool, as a bean. */
@ApplicationScoped
class NodeBeans {
    @Resource(name = "jdbc/azukari-beat")
    private DataSource pool;

    @Produces
    @Singleton
    BeatSource beatSource(RoomOnDisk room) {
        return new BeatSource(pool, room);
    }
}
