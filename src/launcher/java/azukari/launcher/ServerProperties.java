package azukari.launcher;

import azukari.platform.Lane;
import java.util.Map;

/**
 * Sets what the server's configuration and the application read as system properties, which take precedence over the
 * environment in MicroProfile Config: each setting, with its default filled in.
 */
final class ServerProperties {
    private ServerProperties() {}

    static void set(Settings settings) {
        System.setProperty("azukari.http.host", settings.host());
        System.setProperty("azukari.http.port", Integer.toString(settings.port()));
        System.setProperty("azukari.data.dir", settings.dataDir().toString());
        System.setProperty("azukari.node", settings.node());
        System.setProperty("azukari.db.url", settings.database().url());
        System.setProperty("azukari.launcher.db.url", PostgresDeadlines.forWork(settings.database()));
        System.setProperty("azukari.launcher.db.beat.url", PostgresDeadlines.forBeats(settings.database()));
        System.setProperty("azukari.db.user", settings.database().user());
        System.setProperty("azukari.db.password", settings.database().password());
        System.setProperty("azukari.broker.user", settings.broker().user());
        System.setProperty("azukari.broker.password", settings.broker().password());
        System.setProperty("azukari.launcher.broker.parameters", parameters(settings.broker()));
        for (Map.Entry<Lane, Integer> lane : settings.sessions().entrySet()) {
            System.setProperty(lane.getKey().key(), lane.getValue().toString());
        }
        // No limit of its own: each lane has one, and a smaller pool here would silently restrict them all.
        System.setProperty("activemq.artemis.client.global.thread.pool.max.size", "-1");
    }

    /** The class with which the connection pools create their connections. */
    static String dataSource(Settings.Database database) {
        return database.isPostgres() ? "org.postgresql.ds.PGSimpleDataSource" : "org.h2.jdbcx.JdbcDataSource";
    }

    /** A small table that the database always has. */
    static String validationTable(Settings.Database database) {
        return database.isPostgres() ? "pg_catalog.pg_tablespace" : "information_schema.users";
    }

    /** The class with which the resource adapter connects to the broker. */
    static String connector(Settings.Broker broker) {
        return broker.external().isPresent()
                ? "org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnectorFactory"
                : "org.apache.activemq.artemis.core.remoting.impl.invm.InVMConnectorFactory";
    }

    private static String parameters(Settings.Broker broker) {
        return broker.external()
                .map(address -> "host=" + address.host() + ";port=" + address.port())
                .orElse("serverId=0");
    }
}
