package azukari.api;

import azukari.job.Family;
import azukari.job.Job;
import azukari.job.JobError;
import azukari.job.JobEvent;
import azukari.job.JobState;
import azukari.job.RunEntry;
import azukari.job.Transitions;
import azukari.job.Waiting;
import azukari.limit.Forecasts;
import azukari.platform.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** Renders jobs and their runs as JSON documents. */
final class JobDocument {
    private static final String PAUSED = "PAUSED";

    private JobDocument() {}

    /** The document of a single job, including its expected start. */
    static ObjectNode whole(Job job) {
        ObjectNode document = of(job);
        if (document.get("waiting") instanceof ObjectNode waiting) {
            waiting.put("expectedStart", waitsForTime(job) ? text(job.dueAt()) : null);
        }
        return document;
    }

    /** The same of a job that may wait for a lock or a channel. */
    static ObjectNode whole(Job job, Forecasts forecasts) {
        ObjectNode document = whole(job);
        if (job.waitingFor() == Waiting.CHILDREN) {
            ObjectNode waiting = (ObjectNode) document.get("waiting");
            waiting.put("ahead", job.family().open());
            waiting.put("aheadExact", true);
            Optional<Instant> end = job.first() ? forecasts.endOf(job.id()) : Optional.empty();
            waiting.put("expectedEnd", text(end.orElse(null)));
        } else if (job.state() == JobState.WAITING && !waitsForTime(job)) {
            forecasts.of(job.id()).ifPresent(forecast -> {
                ObjectNode waiting = (ObjectNode) document.get("waiting");
                if (forecast.paused()) {
                    waiting.put("for", PAUSED);
                }
                waiting.put("name", forecast.name());
                waiting.put("ahead", forecast.ahead());
                waiting.put("aheadExact", forecast.exact());
                waiting.put("expectedStart", text(forecast.expectedStart()));
            });
        }
        return document;
    }

    private static boolean waitsForTime(Job job) {
        return job.waitingFor() == Waiting.TIME || job.waitingFor() == Waiting.BACKOFF;
    }

    /** Those of the jobs of a list that wait for a paused channel. */
    static Set<UUID> paused(List<Job> jobs, Forecasts forecasts) {
        return forecasts.paused(jobs.stream()
                .filter(job -> job.waitingFor() == Waiting.CHANNEL)
                .map(Job::id)
                .toList());
    }

    /**
     * The document of a job within a list.
     *
     * @param paused the jobs that wait for a paused channel
     */
    static ObjectNode of(Job job, Set<UUID> paused) {
        ObjectNode document = of(job);
        if (paused.contains(job.id()) && document.get("waiting") instanceof ObjectNode waiting) {
            waiting.put("for", PAUSED);
        }
        return document;
    }

    private static ObjectNode of(Job job) {
        ObjectNode document = Json.object();
        document.put("id", job.id().toString());
        document.put("code", job.code());
        document.put("requestId", job.requestId());
        document.put("submitter", job.submitter());
        document.put("state", job.state().name());
        if (job.waitingFor() == null) {
            document.putNull("waiting");
        } else {
            document.putObject("waiting").put("for", job.waitingFor().name());
        }
        document.put("priority", job.priority());
        document.put("run", job.run());
        document.put("attempt", job.attempt());
        document.put("maxAttempts", job.maxAttempts());
        if (job.progressPercent() == null) {
            document.putNull("progress");
        } else {
            document.putObject("progress").put("percent", job.progressPercent()).put("message", job.progressMessage());
        }
        document.put("notBefore", text(job.notBefore()));
        document.put("createdAt", text(job.createdAt()));
        document.put("startedAt", text(job.startedAt()));
        document.put("finishedAt", text(job.finishedAt()));
        document.set("result", job.result() == null ? null : Json.read(job.result()));
        putError(document, job.error());
        document.put("parent", job.parent() == null ? null : job.parent().toString());
        document.put("root", job.root().toString());
        putChildren(document, job.family());
        document.set("extensions", job.extensions() == null ? null : Json.read(job.extensions()));
        String self = "/api/jobs/" + job.id();
        ObjectNode links = document.putObject("links")
                .put("self", self)
                .put("stream", self + "/stream")
                .put("runs", self + "/runs")
                .put("chain", self + "/chain");
        if (job.family() != null) {
            links.put("children", "/api/jobs?parent=" + job.id());
        }
        if (!job.state().ended()) {
            links.put("cancel", self + "/cancel");
        } else if (Transitions.has(job.state(), JobEvent.RETRY)) {
            links.put("retry", self + "/retry");
        }
        if (job.state() == JobState.UNCERTAIN) {
            links.put("resolve", self + "/resolve");
        }
        return document;
    }

    /** A run that has ended. */
    static ObjectNode of(RunEntry run) {
        ObjectNode document = Json.object();
        document.put("number", run.number());
        document.put("attempt", run.attempt());
        document.put("counts", run.counts());
        document.put("node", run.node());
        document.put("startedAt", text(run.startedAt()));
        document.put("endedAt", text(run.endedAt()));
        document.put("outcome", run.outcome().name());
        putError(document, run.error());
        return document;
    }

    /** The current run of a RUNNING job. */
    static ObjectNode runningRun(Job job) {
        ObjectNode document = Json.object();
        document.put("number", job.run());
        document.put("attempt", job.attempt());
        document.put("counts", true);
        document.put("node", job.node());
        document.put("startedAt", text(job.startedAt()));
        document.putNull("endedAt");
        document.putNull("outcome");
        document.putNull("error");
        return document;
    }

    private static void putChildren(ObjectNode document, Family family) {
        if (family == null) {
            document.putNull("children");
        } else {
            document.putObject("children")
                    .put("total", family.total())
                    .put("succeeded", family.succeeded())
                    .put("failed", family.failed());
        }
    }

    private static void putError(ObjectNode document, JobError error) {
        if (error == null) {
            document.putNull("error");
        } else {
            document.putObject("error").put("kind", error.kind().name()).put("message", error.message());
        }
    }

    private static String text(Instant time) {
        return time == null ? null : time.toString();
    }
}
