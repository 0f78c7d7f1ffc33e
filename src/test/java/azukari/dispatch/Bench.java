package azukari.dispatch;

import azukari.broker.Queues;
import azukari.broker.Signals;
import azukari.catalog.Catalog;
import azukari.catalog.CatalogLoader;
import azukari.database.Database;
import azukari.database.DatabaseWatch;
import azukari.database.Gate;
import azukari.dispatch.ClaimStep.Claimed;
import azukari.dispatch.ClaimStep.Wanted;
import azukari.effect.Committer;
import azukari.handler.Outcome;
import azukari.intake.Intake;
import azukari.intake.Queueing;
import azukari.job.Event;
import azukari.job.Job;
import azukari.job.JobOrder;
import azukari.job.JobState;
import azukari.job.JobTable;
import azukari.job.JobTable.Payload;
import azukari.job.NewJob;
import azukari.job.RunEntry;
import azukari.job.RunRef;
import azukari.job.Standing;
import azukari.job.Ticket;
import azukari.limit.HoldTimes;
import azukari.node.Nodes;
import azukari.notify.Feed;
import azukari.notify.Notification;
import azukari.notify.Notifications;
import azukari.outbox.Envelope;
import azukari.outbox.Packing;
import azukari.outbox.Relay;
import azukari.outbox.Round;
import azukari.outbox.RunTimes;
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
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/** The path of a job without broker and lanes: the product's own steps over a real store, and a clock that can be moved. */
public final class Bench implements AutoCloseable {
    /** Later than any test ends, by {@link System#nanoTime}. */
    static final long ALWAYS = System.nanoTime() + Long.MAX_VALUE / 2;

    public final TestClock clock = new TestClock(SystemClock.utc().instant());
    public final Incarnation me = new Incarnation(Ids.next(), "node-1");
    public final Catalog catalog;
    final Verdicts verdicts;
    public final DueJobs dueJobs;
    final ProgressNotes progress;
    public final JobChanges changes;
    public final Committer committer;
    public final Exits exits;
    public final ActiveRuns activeRuns = new ActiveRuns();
    public final Operations operations;
    public final Threads threads = new Threads(Executors.defaultThreadFactory());
    public final Gate gate;
    final ClaimStep claimStep = new ClaimStep();
    public final HoldTimes holdTimes = new HoldTimes();
    public final Admission admission;
    public final Families families;
    public final Intake intake;
    final RunTimes times = new RunTimes();
    final Relay relay;
    /** What the tests look into. */
    public final Store.Opened store;
    /** What the product's steps work on: the same store, perhaps over a pool that fails or counts. */
    public final Database database;

    public Bench(Store kind) {
        this(kind, CatalogLoader.load(Optional.empty()), UnaryOperator.identity());
    }

    public Bench(Store kind, Map<String, String> documents) {
        this(kind, documents, UnaryOperator.identity());
    }

    /** @param pool makes the pool for the product's own steps from the store's */
    public Bench(Store kind, Map<String, String> documents, UnaryOperator<DataSource> pool) {
        this(kind, CatalogLoader.parse(documents), pool);
    }

    private Bench(Store kind, Catalog catalog, UnaryOperator<DataSource> pool) {
        this.catalog = catalog;
        store = kind.open();
        database = new Database(pool.apply(store.source()));
        Nodes.put(store.database(), me.node(), Ids.next(), me.id());
        gate = new Gate(database);
        // Never started, so it only takes messages in.
        relay = new Relay(database, threads, new Round(), noBroker(), new Packing(times, (Queues) null));
        verdicts = new Verdicts(catalog, clock);
        changes = new JobChanges(new Signals(noBroker(), threads));
        committer = new Committer(database, gate, relay, changes, new Feed(database, threads));
        exits = new Exits(committer, catalog, verdicts, clock);
        Cancellation cancellation = new Cancellation(exits, verdicts);
        dueJobs = new DueJobs(database, threads, committer, exits, verdicts, cancellation, clock);
        families = new Families(database, threads, committer, exits, verdicts, clock);
        intake = new Intake(catalog, committer, database, clock);
        admission = new Admission(database, threads, committer, clock);
        committer.onCapacities(admission::look);
        progress = new ProgressNotes(committer, threads);
        Renewals renewals = new Renewals(catalog, exits, families);
        operations = new Operations(database, committer, exits, verdicts, renewals, cancellation, activeRuns, clock);
    }

    /** A lane's way from a message to a committed outcome. */
    Dispatcher dispatcher(Claiming claiming, Suspects suspects, Runner runner) {
        return dispatcher(claiming, suspects, runner, PackRunner.LONGEST);
    }

    /** What gives slots to runs for further calls. */
    Calls calls() {
        return new Calls(committer, new Patience(new DatabaseWatch(database), new Claiming()));
    }

    /** @param longest how long a pack may take before it is broken up */
    Dispatcher dispatcher(Claiming claiming, Suspects suspects, Runner runner, Duration longest) {
        Patience patience = new Patience(new DatabaseWatch(database), claiming);
        return new Dispatcher(
                claiming,
                activeRuns,
                patience,
                suspects,
                new Claims(claiming, committer, claimStep, clock),
                new PackRunner(
                        runner,
                        verdicts,
                        new Finishing(exits, verdicts, progress, patience, clock),
                        activeRuns,
                        times,
                        holdTimes,
                        new Calls(committer, patience),
                        threads,
                        longest),
                exits,
                verdicts,
                clock);
    }

    private static ConnectionFactory noBroker() {
        return (ConnectionFactory) Proxy.newProxyInstance(
                Bench.class.getClassLoader(), new Class<?>[] {ConnectionFactory.class}, (proxy, method, arguments) -> {
                    throw new AssertionError("nothing is to be sent here");
                });
    }

    /** Stores a job as the intake does. */
    public Job accept(JobOrder order) {
        return accept(List.of(order)).get(0);
    }

    /** Stores jobs as the intake does, in one transaction. */
    public List<Job> accept(List<JobOrder> orders) {
        store.database()
                .inTransaction(tx -> Queueing.store(
                        tx,
                        orders.stream()
                                .map(order -> new NewJob(order, clock.instant()))
                                .toList()));
        return orders.stream().map(order -> read(order.id())).toList();
    }

    /** Claims a QUEUED job as a lane does. */
    public RunRef claim(Job job) {
        return claim(job, me);
    }

    /** Claims a QUEUED job as a lane of this incarnation did while that lived. */
    public RunRef claim(Job job, Incarnation owner) {
        Claimed claimed = Nodes.whileAlive(store.database(), owner.id(), () -> committer
                .submit(
                        claimStep,
                        List.of(new Wanted(
                                new JobTable.Claim(job.id(), job.fence(), owner.id(), owner.node(), clock.instant()),
                                job.limited())))
                .get(0)
                .claimed());
        if (claimed == Claimed.NOT || claimed == Claimed.TOO_EARLY) {
            throw new AssertionError("job " + job.id() + " could not be claimed");
        }
        return RunRef.of(read(job.id()));
    }

    /** What a lane's claim of a QUEUED job comes to. */
    Claimed claims(Job job) {
        return committer
                .submit(
                        claimStep,
                        List.of(new Wanted(
                                new JobTable.Claim(job.id(), job.fence(), me.id(), me.node(), clock.instant()),
                                job.limited())))
                .get(0)
                .claimed();
    }

    /** Whether a job with this fence is this node's after a claim. */
    public boolean claims(UUID job, long fence) {
        return committer
                        .submit(
                                claimStep,
                                List.of(new Wanted(
                                        new JobTable.Claim(job, fence, me.id(), me.node(), clock.instant()), false)))
                        .get(0)
                        .claimed()
                != Claimed.NOT;
    }

    /** Ends a QUEUED or RUNNING job's run as its handler does with this outcome. */
    public void end(Job job, Outcome outcome) {
        Job now = read(job.id());
        RunRef run = now.state() == JobState.RUNNING ? RunRef.of(now) : claim(now);
        if (!leave(now, run, verdicts.of(workOf(now), outcome))) {
            throw new AssertionError("the run of job " + job.id() + " was over");
        }
    }

    /** Has a run end so; whether it was still going on. */
    boolean leave(Job job, RunRef run, Verdict verdict) {
        return exits.leave(new Leaving(workOf(job), run, verdict, null, clock.instant()));
    }

    /** A job in hand, as it was read. */
    Work workOf(Job job) {
        return exits.work(Standing.of(job));
    }

    /** Looks for room until there is nothing to be looked at now. */
    void admitAll() {
        Duration next;
        do {
            next = admission.pass();
        } while (next.isZero());
    }

    /** Moves the clock, and sets going what is due then. */
    public void letPass(Duration time) {
        clock.advance(time);
        dueJobs.pass();
        admitAll();
        families.pass();
    }

    /** The message that a job's claim came with. */
    public Envelope messageOf(Job job) {
        return Envelope.of(Event.of(job), Ticket.of(job), new Payload(bodyOf(job), job.extensions()));
    }

    /** The jobs' messages in one, as they were read. */
    List<Envelope> packOf(List<Job> jobs) {
        return jobs.stream().map(this::messageOf).toList();
    }

    /** The body that a job was accepted with. */
    public String bodyOf(Job job) {
        return store.database()
                .inTransaction(tx -> tx.query("SELECT body FROM event WHERE id = ?", row -> row.getString(1), job.id()))
                .get(0);
    }

    public Job read(UUID id) {
        return store.database().read(em -> JobTable.find(em, id)).orElseThrow();
    }

    public List<Job> chainOf(Job job) {
        return store.database().read(em -> JobTable.chain(em, job.root(), 100));
    }

    public List<RunEntry> runsOf(Job job) {
        return store.database()
                .read(em -> JobTable.runs(em, JobTable.find(em, job.id()).orElse(job), 0, 500));
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
        database.close();
        store.close();
    }
}
