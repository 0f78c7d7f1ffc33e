package azukari.api;

import azukari.job.Job;
import azukari.job.JobStamp;
import azukari.platform.Service;
import azukari.sse.EventStream;
import azukari.sse.OpenStreams;
import azukari.watch.FeedWatch;
import azukari.watch.JobWatch;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Opens the streams for clients: a job's changes, and the feed of notifications. */
@Service
public class Streams {
    private final JobWatch jobs;
    private final FeedWatch feed;
    private final OpenStreams streams;

    @Inject
    public Streams(JobWatch jobs, FeedWatch feed, OpenStreams streams) {
        this.jobs = jobs;
        this.feed = feed;
        this.streams = streams;
    }

    /** Streams a job's changes from now on, preceded by its current state unless the client already has that event. */
    void job(HttpServletRequest request, HttpServletResponse response, Job job, String known) throws IOException {
        JobStream source = new JobStream(known);
        EventStream stream = streams.open(request, response, source);
        source.writeTo(stream);
        if (source.saw(job)) {
            source.over();
        } else {
            source.watchedBy(jobs.watch(JobStamp.of(job), null, source));
        }
    }

    /** Streams the notifications that follow a place in the feed. */
    void notifications(HttpServletRequest request, HttpServletResponse response, String submitter, long after)
            throws IOException {
        NotificationStream source = new NotificationStream();
        EventStream stream = streams.open(request, response, source);
        source.writeTo(stream);
        source.following(feed.follow(submitter, after, source));
    }
}
