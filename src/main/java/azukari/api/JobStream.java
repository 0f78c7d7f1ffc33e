package azukari.api;

import azukari.job.Job;
import azukari.job.JobState;
import azukari.platform.Json;
import azukari.sse.EventStream;
import azukari.watch.Watch;
import azukari.watch.Watcher;

/**
 * A job's state and progress changes as server-sent events. The data of an event is the job document and its id is that
 * document's entity tag. A slow client skips intermediate changes and gets the latest one.
 */
final class JobStream implements Watcher, EventStream.Source {
    private String takenId;
    private JobState takenState;
    private JobState state;
    private String document;
    private EventStream stream;
    private Watch watch;
    private boolean ended;
    private boolean closed;

    /** @param known the id of the last event that the client received; null if none */
    JobStream(String known) {
        this.takenId = known;
    }

    /** Whether this id is that of the last event of the job. */
    static boolean isLast(Job job, String id) {
        return job.state().ended() && EntityTags.of(document(job)).equals(id);
    }

    private static String document(Job job) {
        return Json.write(JobDocument.whole(job));
    }

    synchronized void writeTo(EventStream to) {
        stream = to;
    }

    void watchedBy(Watch from) {
        synchronized (this) {
            watch = from;
            if (!closed) {
                return;
            }
        }
        from.cancel();
    }

    @Override
    public boolean saw(Job job) {
        String now = document(job);
        synchronized (this) {
            document = now;
            state = job.state();
        }
        pump();
        return job.state().ended();
    }

    @Override
    public void over() {
        synchronized (this) {
            ended = true;
        }
        pump();
    }

    private void pump() {
        EventStream to;
        synchronized (this) {
            to = stream;
        }
        if (to != null) {
            to.pump();
        }
    }

    @Override
    public synchronized byte[] next() {
        if (document == null) {
            return null;
        }
        String text = document;
        document = null;
        String id = EntityTags.of(text);
        if (id.equals(takenId)) {
            return null;
        }
        String name = state == takenState ? "progress" : "state";
        takenId = id;
        takenState = state;
        return EventStream.event(id, name, text);
    }

    @Override
    public synchronized boolean isAtEnd() {
        return ended;
    }

    @Override
    public void drained() {
        // Nothing to request: the watch delivers the next change.
    }

    @Override
    public void closed() {
        Watch from;
        synchronized (this) {
            closed = true;
            from = watch;
        }
        if (from != null) {
            from.cancel();
        }
    }
}
