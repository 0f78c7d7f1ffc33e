package azukari.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import azukari.database.DatabaseUnavailableException;
import azukari.dispatch.Bench;
import azukari.platform.Json;
import azukari.testing.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class IntakeTest {
    private static final Submission EVENT = new Submission("NOOP", null, Json.object(), "tester", 4, null, null);

    private final AtomicBoolean full = new AtomicBoolean();

    private DataSource full(DataSource pool) {
        return (DataSource) Proxy.newProxyInstance(
                IntakeTest.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (full.get()) {
                        throw new SQLException("could not extend file", "53100");
                    }
                    try {
                        return method.invoke(pool, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void a_database_that_stores_nothing_makes_the_node_unready_until_it_does_or_nobody_asks() throws Exception {
        try (Bench bench = new Bench(Store.H2, Map.of(), this::full)) {
            Intake intake = new Intake(bench.catalog, bench.committer, bench.database, bench.clock);
            intake.accept(EVENT);
            assertThat(intake.isRefusing()).isFalse();

            full.set(true);
            assertThatThrownBy(() -> intake.accept(EVENT)).isInstanceOf(DatabaseUnavailableException.class);
            assertThat(intake.isRefusing()).isTrue();
            bench.clock.advance(Duration.ofSeconds(4));
            assertThat(intake.isRefusing()).isFalse();
            assertThatThrownBy(() -> intake.accept(EVENT)).isInstanceOf(DatabaseUnavailableException.class);

            full.set(false);
            intake.accept(EVENT);
            assertThat(intake.isRefusing()).isFalse();
        }
    }
}
