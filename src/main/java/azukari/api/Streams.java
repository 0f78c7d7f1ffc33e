package azukari.api;

import azukari.job.Job;
import azukari.job.JobStamp;
import azukari.platform.Loop;
import azukari.platform.Service;
import azukari.platform.Threads;
import azukari.watch.FeedWatch;
import azukari.watch.JobWatch;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The streams that are open at this node. One thread sends beats to all, and ends those whose client takes nothing. */
@Service
public class Streams {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration BEAT = Duration.ofSeconds(15);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(45);

    private final JobWatch jobs;
    private final FeedWatch feed;
    private final Loop loop;
    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();

    @Inject
    public Streams(JobWatch jobs, FeedWatch feed, Threads threads) {
        this.jobs = jobs;
        this.feed = feed;
        this.loop = threads.loop("streams", TICK, this::tick);
    }

    /** Streams a job's changes from here on, and its present state unless that is the event that the client knows. */
    void job(HttpServletRequest request, HttpServletResponse response, Job job, String known) throws IOException {
        JobStream source = new JobStream(known);
        EventStream stream = EventStream.open(request, response, source);
        open.add(stream);
        source.writeTo(stream);
        if (source.saw(job)) {
            source.over();
        } else {
            source.watchedBy(jobs.watch(JobStamp.of(job), null, source));
        }
    }

    /** Streams the notifications after a place. */
    void notifications(HttpServletRequest request, HttpServletResponse response, String submitter, long after)
            throws IOException {
        NotificationStream source = new NotificationStream();
        EventStream stream = EventStream.open(request, response, source);
        open.add(stream);
        source.writeTo(stream);
        source.following(feed.follow(submitter, after, source));
    }

    /** How many are open. */
    public int count() {
        return open.size();
    }

    private void tick() {
        long now = System.nanoTime();
        open.removeIf(stream -> !stream.isOpen());
        for (EventStream stream : open) {
            Duration silence = stream.silence(now);
            if (silence.compareTo(LONGEST_SILENCE) > 0) {
                stream.close();
            } else if (silence.compareTo(BEAT) > 0) {
                stream.beat();
            }
        }
    }

    @PreDestroy
    void stop() {
        loop.close();
        open.forEach(EventStream::close);
    }
}
