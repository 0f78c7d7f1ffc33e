package azukari.api;

import azukari.broker.BrokerCheck;
import azukari.database.Database;
import azukari.database.DatabaseUnavailableException;
import azukari.dispatch.ActiveRuns;
import azukari.job.JobState;
import azukari.job.JobTable;
import azukari.platform.LaneSessions;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Telemetry;
import azukari.platform.Threads;
import azukari.watch.JobWatch;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gauges that have to be sampled rather than counted as events happen. The database is polled every few seconds with bounded
 * counts, starting with the first scrape, so a scrape never waits for the database.
 */
@Service
public class NodeMeters {
    private static final Duration PAUSE = Duration.ofSeconds(5);
    /** The upper bound when counting the jobs of a state, which uses an index. */
    private static final int MAX_COUNTED = 10_000;

    private final Database database;
    private final Map<JobState, Integer> counted = new ConcurrentHashMap<>();
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Loop loop;
    private volatile double databaseUp = Double.NaN;

    @Inject
    public NodeMeters(
            Database database,
            Threads threads,
            BrokerCheck broker,
            ActiveRuns activeRuns,
            LaneSessions sessions,
            JobWatch watch,
            Clock clock) {
        this.database = database;
        gauge("azukari.database.up", "Whether the database responded to the last check", () -> databaseUp);
        gauge(
                "azukari.broker.up",
                "Whether the broker responded to the last check",
                () -> broker.problem().isEmpty() ? 1 : 0);
        gauge("azukari.runs.overdue", "Runs whose handler ignores a stop request", () -> activeRuns
                .overdue(clock.instant())
                .size());
        gauge("azukari.clients.watching", "Clients that wait for a job or follow its stream", watch::count);
        sessions.byLane().forEach((lane, most) -> Gauge.builder("azukari.lane.max.sessions", most, Integer::doubleValue)
                .description("Maximum number of concurrent runs in the lane on this node")
                .tag("lane", lane.written())
                .strongReference(true)
                .register(Telemetry.registry()));
        for (JobState state : List.of(JobState.WAITING, JobState.QUEUED, JobState.RUNNING)) {
            Gauge.builder("azukari.jobs", () -> counted.get(state))
                    .description("Jobs in the database that have not ended, counted up to " + MAX_COUNTED)
                    .tag("state", state.name())
                    .register(Telemetry.registry());
        }
        bindJvm(Telemetry.registry());
        loop = threads.loop("node-meters", PAUSE, this::look);
    }

    private static void gauge(String name, String description, java.util.function.Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(Telemetry.registry());
    }

    private void bindJvm(MeterRegistry registry) {
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    private void look() {
        try {
            for (JobState state : List.of(JobState.WAITING, JobState.QUEUED, JobState.RUNNING)) {
                counted.put(state, database.read(em -> JobTable.count(em, state, MAX_COUNTED)));
            }
            databaseUp = 1;
        } catch (DatabaseUnavailableException e) {
            databaseUp = 0;
            counted.clear();
            throw e;
        }
    }

    @PreDestroy
    void stop() {
        loop.close();
        collections.close();
    }
}
