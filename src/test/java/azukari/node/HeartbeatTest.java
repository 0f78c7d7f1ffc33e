package azukari.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.database.RoomOnDisk;
import azukari.dispatch.Claiming;
import azukari.dispatch.Incarnation;
import azukari.node.Heartbeat.BeatSource;
import azukari.platform.Ids;
import azukari.platform.Settings;
import azukari.platform.Threads;
import azukari.testing.Store;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Rule 4: whether this node may claim, by how its own beats go through. */
class HeartbeatTest {
    private static final Duration RESCUE = Duration.ofSeconds(2);
    /** More than half of the rescue time: others may have seen the beat when the statement began. */
    private static final Duration SLOW = Duration.ofMillis(1_200);

    private final AtomicInteger beats = new AtomicInteger();
    private volatile Duration delay = SLOW;

    @Test
    void rule_4_a_beat_is_as_old_as_its_statement_so_a_node_with_slow_beats_claims_nothing() {
        Claiming claiming = new Claiming();
        try (Store.Opened store = Store.H2.open()) {
            UUID instance = Ids.next();
            Incarnation me = new Incarnation(Ids.next(), "node-1");
            Nodes.put(store.database(), me.node(), instance, me.id());
            Settings settings = new Settings(
                    Path.of("data"),
                    Optional.empty(),
                    me.node(),
                    1024,
                    Duration.ofMinutes(1),
                    RESCUE,
                    Duration.ofDays(1),
                    Set.of());
            Heartbeat heartbeat = new Heartbeat(
                    new BeatSource(slow(store.source()), RoomOnDisk.NOT_OURS),
                    store.database(),
                    new Threads(Executors.defaultThreadFactory()),
                    claiming,
                    settings);
            heartbeat.start(me, instance);
            try {
                await().until(() -> beats.get() >= 2);
                assertThat(claiming.isOpen()).isFalse();

                delay = Duration.ZERO;

                await().until(claiming::isOpen);
            } finally {
                heartbeat.stop(false);
            }
        }
    }

    private DataSource slow(DataSource pool) {
        return proxy(DataSource.class, (proxy, method, arguments) -> {
            Object result = call(pool, method, arguments);
            return result instanceof Connection connection ? slow(connection) : result;
        });
    }

    private Connection slow(Connection connection) {
        return proxy(Connection.class, (proxy, method, arguments) -> {
            Object result = call(connection, method, arguments);
            return result instanceof PreparedStatement statement ? slow(statement) : result;
        });
    }

    /** The beat is in the table at once, and the answer comes late. */
    private PreparedStatement slow(PreparedStatement statement) {
        return proxy(PreparedStatement.class, (proxy, method, arguments) -> {
            Object result = call(statement, method, arguments);
            if (method.getName().equals("executeUpdate")) {
                LockSupport.parkNanos(delay.toNanos());
                beats.incrementAndGet();
            }
            return result;
        });
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(HeartbeatTest.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
