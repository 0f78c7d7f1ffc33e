package azukari.dispatch;

import azukari.broker.Signals;
import azukari.catalog.Catalog;
import azukari.catalog.CatalogLoader;
import azukari.catalog.EventType;
import azukari.database.Gate;
import azukari.handler.Outcome;
import azukari.intake.Insertion;
import azukari.job.Job;
import azukari.job.JobOrder;
import azukari.job.JobState;
import azukari.job.JobTable;
import azukari.job.RunEntry;
import azukari.job.RunRef;
import azukari.node.Nodes;
import azukari.notify.Feed;
import azukari.notify.Notification;
import azukari.notify.Notifications;
import azukari.outbox.Envelope;
import azukari.outbox.Relay;
import azukari.outbox.Round;
import azukari.platform.Ids;
import azukari.platform.SystemClock;
import azukari.platform.Threads;
import azukari.testing.Store;
import azukari.testing.TestClock;
import azukari.watch.JobChanges;
import jakarta.jms.ConnectionFactory;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;

/** The path of a job without broker and lanes: the product's own steps over a real store, and a clock that can be moved. */
public final class Bench implements AutoCloseable {
    public final TestClock clock = new TestClock(SystemClock.utc().instant());
    public final Incarnation me = new Incarnation(Ids.next(), "node-1");
    public final Catalog catalog;
    final Verdicts verdicts;
    public final DueJobs dueJobs;
    final ProgressNotes progress;
    public final JobChanges changes;
    public final Finisher finisher;
    public final ActiveRuns activeRuns = new ActiveRuns();
    public final Operations operations;
    public final Threads threads = new Threads(Executors.defaultThreadFactory());
    public final Gate gate;
    final ClaimStep claimStep = new ClaimStep();
    final Relay relay;
    public final Store.Opened store;

    public Bench(Store kind) {
        this(kind, CatalogLoader.load(Optional.empty()));
    }

    public Bench(Store kind, Map<String, String> documents) {
        this(kind, CatalogLoader.parse(documents));
    }

    private Bench(Store kind, Catalog catalog) {
        this.catalog = catalog;
        store = kind.open();
        Nodes.put(store.database(), me.node(), Ids.next(), me.id());
        gate = new Gate(store.database());
        // Never started, so it only takes messages in.
        relay = new Relay(store.database(), threads, new Round(), noBroker());
        verdicts = new Verdicts(catalog, clock);
        changes = new JobChanges(new Signals(noBroker(), threads));
        dueJobs = new DueJobs(store.database(), threads, relay, catalog, verdicts, changes, clock);
        progress = new ProgressNotes(store.database(), threads, changes);
        finisher = new Finisher(
                gate, relay, new Feed(store.database(), threads), dueJobs, progress, changes, verdicts, catalog, clock);
        operations = new Operations(
                store.database(), catalog, verdicts, finisher, activeRuns, dueJobs, relay, changes, clock);
    }

    private static ConnectionFactory noBroker() {
        return (ConnectionFactory) Proxy.newProxyInstance(
                Bench.class.getClassLoader(), new Class<?>[] {ConnectionFactory.class}, (proxy, method, arguments) -> {
                    throw new AssertionError("nothing is to be sent here");
                });
    }

    /** Stores a job as the intake does. */
    public Job accept(JobOrder order) {
        Job job = Job.accepted(order, clock.instant());
        store.database().inTransaction(tx -> Insertion.insert(tx, List.of(job), clock.instant()));
        return read(job.id());
    }

    /** Claims a QUEUED job as a lane does. */
    public RunRef claim(Job job) {
        return claim(job, me);
    }

    /** Claims a QUEUED job as a lane of this incarnation does. */
    public RunRef claim(Job job, Incarnation owner) {
        boolean mine = gate.submit(
                claimStep, new JobTable.Claim(job.id(), job.fence(), owner.id(), owner.node(), clock.instant()));
        if (!mine) {
            throw new AssertionError("job " + job.id() + " could not be claimed");
        }
        return RunRef.of(read(job.id()));
    }

    public boolean claims(UUID job, long fence) {
        return gate.submit(claimStep, new JobTable.Claim(job, fence, me.id(), me.node(), clock.instant()));
    }

    /** Ends a QUEUED or RUNNING job's run as its handler does with this outcome. */
    public void end(Job job, Outcome outcome) {
        EventType type = catalog.find(job.code()).orElseThrow();
        Job now = read(job.id());
        RunRef run = now.state() == JobState.RUNNING ? RunRef.of(now) : claim(now);
        if (!finisher.finish(run, messageOf(now), verdicts.of(type, messageOf(now), outcome))) {
            throw new AssertionError("the run of job " + job.id() + " was over");
        }
    }

    /** Moves the clock, and sets going what is due then. */
    public void letPass(Duration time) {
        clock.advance(time);
        dueJobs.pass();
    }

    /** The message that a job's claim came with. */
    public Envelope messageOf(Job job) {
        return Envelope.of(job, job.fence());
    }

    public Job read(UUID id) {
        return store.database().read(em -> JobTable.find(em, id)).orElseThrow();
    }

    public List<Job> chainOf(Job job) {
        return store.database().read(em -> JobTable.chain(em, job.root(), 100));
    }

    public List<RunEntry> runsOf(Job job) {
        return store.database()
                .read(em -> JobTable.runs(em, JobTable.find(em, job.id()).orElse(job)));
    }

    /** The fences in the outbox for a job, in no order. */
    public List<Long> outboxOf(Job job) {
        return store.database()
                .inTransaction(
                        tx -> tx.query("SELECT fence FROM outbox WHERE job = ?", row -> row.getLong(1), job.id()));
    }

    public List<Notification> feed() {
        return store.database().read(em -> Notifications.page(em, null, 0, 100));
    }

    @Override
    public void close() {
        store.close();
    }
}
