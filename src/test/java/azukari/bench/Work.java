package azukari.bench;

import azukari.testing.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How far the work of a way from post to end is. */
interface Work extends AutoCloseable {
    /** What was accepted and has not ended, what is being worked on included. */
    long waiting();

    /** What has ended since the server started. */
    long done();

    /** What is not on the wire yet. */
    long unsent();

    @Override
    void close();

    /** The product's: a message may carry many jobs, so the server is asked and not the broker. */
    static Work ofJobs(ServerProcess server) {
        return new Jobs(server);
    }

    /** The naive way's: a message for each job, acknowledged after the end's commit. */
    static Work ofMessages(String brokerUrl, String queue) {
        return new Messages(new Queues(brokerUrl), queue);
    }

    /** As the server's own meters count them. */
    final class Jobs implements Work {
        private static final JsonMapper JSON = JsonMapper.builder().build();
        private static final Duration PATIENCE = Duration.ofSeconds(30);

        private final HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        private final HttpRequest request;

        private Jobs(ServerProcess server) {
            request = HttpRequest.newBuilder(server.uri().resolve("/api/bench/jobs"))
                    .timeout(PATIENCE)
                    .build();
        }

        @Override
        public long waiting() {
            JsonNode counts = counts();
            return counts.path("accepted").asLong() - counts.path("ended").asLong();
        }

        @Override
        public long done() {
            return counts().path("ended").asLong();
        }

        @Override
        public long unsent() {
            JsonNode counts = counts();
            return counts.path("accepted").asLong() - counts.path("sent").asLong();
        }

        private JsonNode counts() {
            try {
                return JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
            } catch (IOException e) {
                throw new UncheckedIOException("the server did not say how far it is", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }

        @Override
        public void close() {
            // The client ends with its last reference.
        }
    }

    /** As the broker counts them. */
    final class Messages implements Work {
        private final Queues queues;
        private final String queue;

        private Messages(Queues queues, String queue) {
            this.queues = queues;
            this.queue = queue;
        }

        @Override
        public long waiting() {
            return queues.waiting(queue);
        }

        @Override
        public long done() {
            return queues.done(queue);
        }

        @Override
        public long unsent() {
            return 0;
        }

        @Override
        public void close() {
            queues.close();
        }
    }
}
