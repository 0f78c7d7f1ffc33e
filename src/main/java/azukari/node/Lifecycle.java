package azukari.node;

import azukari.broker.BrokerCheck;
import azukari.database.Database;
import azukari.dispatch.ActiveRuns;
import azukari.dispatch.Admission;
import azukari.dispatch.Channels;
import azukari.dispatch.Claiming;
import azukari.dispatch.DueJobs;
import azukari.dispatch.Families;
import azukari.dispatch.Incarnation;
import azukari.dispatch.ProgressNotes;
import azukari.handler.Handlers;
import azukari.notify.Feed;
import azukari.outbox.Relay;
import azukari.outbox.Sweeper;
import azukari.platform.Service;
import azukari.platform.Settings;
import azukari.recovery.BrokerWatch;
import azukari.recovery.OneBroker;
import azukari.recovery.Rescuer;
import azukari.recovery.Retention;
import azukari.recovery.StrandedJobs;
import azukari.watch.FeedWatch;
import azukari.watch.JobWatch;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** A node's life cycle: the order in which its parts start and stop. */
@Service
public class Lifecycle {
    private static final Logger LOG = System.getLogger(Lifecycle.class.getName());
    /** How long a handler has to return once it has been interrupted. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final Settings settings;
    private final Database database;
    private final BrokerCheck brokerCheck;
    private final OneBroker oneBroker;
    private final BrokerWatch brokerWatch;
    private final Handlers handlers;
    private final Relay relay;
    private final Sweeper sweeper;
    private final Feed feed;
    private final DueJobs dueJobs;
    private final Channels channels;
    private final Admission admission;
    private final Families families;
    private final ProgressNotes progress;
    private final JobWatch jobWatch;
    private final FeedWatch feedWatch;
    private final ActiveRuns activeRuns;
    private final Claiming claiming;
    private final Heartbeat heartbeat;
    private final Rescuer rescuer;
    private final RescueLoop rescueLoop;
    private final Retention retention;
    private final StrandedJobs strandedJobs;
    private final Clock clock;

    private InstanceFolder folder;
    private volatile boolean started;
    private boolean drained;

    @Inject
    public Lifecycle(
            Settings settings,
            Database database,
            BrokerCheck brokerCheck,
            OneBroker oneBroker,
            BrokerWatch brokerWatch,
            Handlers handlers,
            Relay relay,
            Sweeper sweeper,
            Feed feed,
            DueJobs dueJobs,
            Channels channels,
            Admission admission,
            Families families,
            ProgressNotes progress,
            JobWatch jobWatch,
            FeedWatch feedWatch,
            ActiveRuns activeRuns,
            Claiming claiming,
            Heartbeat heartbeat,
            Rescuer rescuer,
            RescueLoop rescueLoop,
            Retention retention,
            StrandedJobs strandedJobs,
            Clock clock) {
        this.settings = settings;
        this.database = database;
        this.brokerCheck = brokerCheck;
        this.oneBroker = oneBroker;
        this.brokerWatch = brokerWatch;
        this.handlers = handlers;
        this.relay = relay;
        this.sweeper = sweeper;
        this.feed = feed;
        this.dueJobs = dueJobs;
        this.channels = channels;
        this.admission = admission;
        this.families = families;
        this.progress = progress;
        this.jobWatch = jobWatch;
        this.feedWatch = feedWatch;
        this.activeRuns = activeRuns;
        this.claiming = claiming;
        this.heartbeat = heartbeat;
        this.rescuer = rescuer;
        this.rescueLoop = rescueLoop;
        this.retention = retention;
        this.strandedJobs = strandedJobs;
        this.clock = clock;
    }

    /**
     * Starts the node: takes its identity, takes back what its previous life left behind, then opens the lanes.
     *
     * @throws IllegalStateException with a one-line message that states what to do
     */
    synchronized void start() {
        try {
            startAll();
        } catch (RuntimeException e) {
            claiming.stop(); // Lanes that have a message already would wait for a start that never comes.
            stopPart(jobWatch::stop);
            stopPart(feedWatch::stop);
            stopParts(false);
            release();
            throw e;
        }
    }

    private void startAll() {
        LOG.log(Level.DEBUG, "handlers found: {0}", handlers);
        folder = InstanceFolder.lock(settings.dataDir());
        brokerCheck.refuseUnfit();
        Incarnation incarnation = new Identity(database, settings).take(folder.instance());
        oneBroker.refuseAnother();
        brokerWatch.start();
        relay.start();
        sweeper.start();
        feed.start();
        dueJobs.start();
        channels.declare();
        admission.start();
        families.start();
        progress.start();
        jobWatch.start();
        feedWatch.start();
        rescuer.takeOrphans();
        heartbeat.start(incarnation, folder.instance());
        rescueLoop.start();
        retention.start();
        strandedJobs.start();
        started = true;
        LOG.log(Level.INFO, "node {0} started as incarnation {1}", incarnation.node(), incarnation.id());
    }

    /** Whether the node is up and accepts work. */
    public boolean isUp() {
        return started;
    }

    /**
     * Lets running jobs end within the drain time, asks the rest to stop, hands over what is left, and signs off.
     * Happens only once; a second call does nothing.
     */
    synchronized void drain() {
        if (drained || !started) {
            return;
        }
        drained = true;
        started = false;
        LOG.log(
                Level.INFO,
                "draining: nothing more is claimed, running jobs have up to {0} ms",
                settings.drain().toMillis());
        claiming.drain();
        stopPart(heartbeat::drain);
        stopPart(jobWatch::stop);
        stopPart(feedWatch::stop);
        boolean quiet = awaitQuiet(settings.drain());
        if (!quiet) {
            LOG.log(
                    Level.INFO,
                    "asking {0} jobs to stop; they will run again on another node or after the restart",
                    activeRuns.count());
            activeRuns.askAllToStop(clock.instant());
            quiet = awaitQuiet(LAST_WORDS);
        }
        if (!quiet) {
            LOG.log(
                    Level.WARNING,
                    "{0} jobs ignored the request to stop and die with the process; they are rescued afterwards",
                    activeRuns.count());
        }
        stopParts(quiet);
    }

    /** Each of them, whatever becomes of the others; one that was not started does nothing. */
    private void stopParts(boolean quiet) {
        List.<Runnable>of(
                        retention::stop,
                        strandedJobs::stop,
                        () -> rescueLoop.stop(quiet),
                        dueJobs::stop,
                        admission::stop,
                        families::stop,
                        progress::stop,
                        feed::stop,
                        sweeper::stop,
                        relay::stop,
                        brokerWatch::stop,
                        () -> heartbeat.stop(quiet))
                .forEach(Lifecycle::stopPart);
    }

    private static void stopPart(Runnable stop) {
        try {
            stop.run();
        } catch (RuntimeException e) {
            LOG.log(
                    Level.WARNING,
                    "a part of the node did not stop as it should; the others are stopped all the same",
                    e);
        }
    }

    private boolean awaitQuiet(Duration longest) {
        try {
            return activeRuns.awaitNone(longest);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Ends the node, right before the server closes the lanes: drains it as {@link #drain} does, makes the lanes give
     * back what they hold, and releases the data folder.
     */
    synchronized void stop() {
        try {
            drain();
        } finally {
            claiming.stop();
            release();
        }
    }

    private void release() {
        if (folder != null) {
            try {
                folder.close();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "the data folder's lock is released only when the process ends", e);
            }
        }
    }
}
