package azukari.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.Answer;
import azukari.testing.EventSource;
import azukari.testing.EventSource.Event;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Streams of server-sent events: of one job, and of the feed of notifications. */
class StreamIT {
    private static final Duration SOON = Contract.SOON;

    private final Contract contract = Contract.shared();
    private final String submitter = Contract.unique();

    @Test
    void a_jobs_states_and_progress_are_streamed_until_it_has_ended() {
        JsonNode accepted = vm(3);
        String stream = accepted.path("links").path("stream").asString();
        assertThat(stream).isEqualTo("/api/jobs/" + id(accepted) + "/stream");

        try (EventSource source = open(stream, null)) {
            await().atMost(SOON).until(source::isOver);

            assertThat(source.status()).isEqualTo(200);
            assertThat(source.header("Content-Type")).isEqualToIgnoringCase("text/event-stream;charset=utf-8");
            assertThat(source.header("Cache-Control")).isEqualTo("no-store");
            List<Event> events = source.events();
            assertThat(events)
                    .filteredOn(event -> event.name().equals("state"))
                    .extracting(StreamIT::state)
                    .endsWith("RUNNING", "SUCCEEDED");
            assertThat(events)
                    .filteredOn(event -> event.name().equals("progress"))
                    .hasSizeGreaterThan(2);
            assertThat(events).extracting(Event::id).doesNotHaveDuplicates();
            assertThat(events).last().satisfies(last -> assertThat(last.data())
                    .isEqualTo(contract.api.job(id(accepted))));
        }
    }

    @Test
    void a_reconnecting_client_resumes_where_it_left_off() {
        JsonNode accepted = vm(3);
        String stream = "jobs/" + id(accepted) + "/stream";
        List<Event> events = new ArrayList<>();
        String last = null;
        for (int cuts = 0; cuts < 4; cuts++) {
            try (EventSource source = open(stream, last)) {
                await().atMost(SOON).until(() -> !source.events().isEmpty());
                events.addAll(source.events());
            }
            last = events.get(events.size() - 1).id();
        }
        try (EventSource source = open(stream, last)) {
            await().atMost(SOON).until(source::isOver);
            events.addAll(source.events());
        }

        assertThat(events).extracting(Event::id).doesNotHaveDuplicates();
        assertThat(events).last().extracting(StreamIT::state).isEqualTo("SUCCEEDED");
    }

    @Test
    void an_ended_job_is_streamed_once() {
        JsonNode accepted = vm(0);
        contract.awaitEnd(id(accepted));
        String stream = "jobs/" + id(accepted) + "/stream";

        try (EventSource source = open(stream, null)) {
            await().atMost(SOON).until(source::isOver);
            assertThat(source.events()).singleElement().satisfies(event -> {
                assertThat(event.name()).isEqualTo("state");
                assertThat(state(event)).isEqualTo("SUCCEEDED");
                assertThat(open(stream, event.id()).status())
                        .as("so that a browser does not ask again")
                        .isEqualTo(204);
            });
        }
        try (EventSource source = open(stream, "something old")) {
            await().atMost(SOON).until(source::isOver);
            assertThat(source.events()).hasSize(1);
        }
    }

    @Test
    void rule_19_the_feed_misses_nothing_under_load_and_broken_connections() {
        int jobs = 150;
        List<Event> events = new ArrayList<>();
        String last = null;
        int posted = 0;
        int cuts = 0;
        while (events.size() < jobs) {
            try (EventSource source = open("notifications/stream?submitter=" + submitter, last)) {
                for (int i = 0; i < 10 && posted < jobs; i++) {
                    vm(0);
                    posted++;
                }
                await().atMost(SOON).until(() -> !source.events().isEmpty());
                events.addAll(source.events());
            }
            last = events.get(events.size() - 1).id();
            cuts++;
        }

        assertThat(cuts).isGreaterThan(10);
        assertThat(events).allSatisfy(event -> assertThat(event.name()).isEqualTo("notification"));
        assertThat(events).extracting(Event::data).isEqualTo(feed());
    }

    @Test
    void the_feed_starts_after_a_cursor() {
        for (int i = 0; i < 5; i++) {
            vm(0);
        }
        await().atMost(SOON).until(() -> feed().size() == 5);
        String after = contract.api
                .get("notifications?limit=3&submitter=" + submitter)
                .body()
                .path("next")
                .asString();

        try (EventSource rest = open("notifications/stream?submitter=" + submitter + "&after=" + after, null)) {
            await().atMost(SOON).until(() -> rest.events().size() == 2);
            assertThat(rest.events()).extracting(Event::data).isEqualTo(feed().subList(3, 5));
            String first = rest.events().get(0).id();
            try (EventSource later = open("notifications/stream?submitter=" + submitter + "&after=" + after, first)) {
                await().atMost(SOON).until(() -> !later.events().isEmpty());
                assertThat(later.events()).extracting(Event::data).isEqualTo(feed().subList(4, 5));
            }
        }
        try (EventSource all = open("notifications/stream", null)) {
            await().atMost(SOON).until(() -> all.events().size() >= 5);
        }
    }

    @Test
    void a_stalled_client_delays_nobody_and_misses_nothing() throws IOException {
        int count = 40;
        String large = "{\"text\":\"" + "x".repeat(200_000) + "\"}";
        try (Socket slow = new Socket();
                EventSource quick = open("notifications/stream?submitter=" + submitter, null)) {
            slow.setReceiveBufferSize(16 * 1024);
            slow.setSoTimeout((int) SOON.toMillis());
            slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), contract.server.port()));
            slow.getOutputStream()
                    .write(("GET /api/notifications/stream?submitter=" + submitter
                                    + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            contract.call("CALL", submitter, () -> Answer.ok().json(large));
            for (int i = 1; i < count; i++) {
                contract.call("CALL", submitter);
            }
            await().atMost(SOON).until(() -> quick.events().size() == count);

            assertThat(eventsIn(new BufferedInputStream(slow.getInputStream()), count))
                    .isEqualTo(count);
        }
    }

    private static int eventsIn(InputStream stream, int count) throws IOException {
        int events = 0;
        int inMark = 0;
        String mark = "event: notification";
        while (events < count) {
            int next = stream.read();
            if (next < 0) {
                return events;
            }
            inMark = next == mark.charAt(inMark) ? inMark + 1 : 0;
            if (inMark == mark.length()) {
                events++;
                inMark = 0;
            }
        }
        return events;
    }

    @ParameterizedTest
    @ValueSource(strings = {"änna", "😀", "a b&c", "100%"})
    void a_submitter_of_any_characters_is_found_by_list_and_stream_alike(String name) throws Exception {
        String who = name + submitter;
        String query = "submitter=" + URLEncoder.encode(who, StandardCharsets.UTF_8);
        JsonNode job = contract.accept(
                Map.of("code", "START_EC2", "submitter", who, "body", Map.of("instanceId", "i", "seconds", 0)));
        try (EventSource source = open("notifications/stream?" + query, null)) {
            await().atMost(SOON).until(() -> !source.events().isEmpty());
            assertThat(source.events().get(0).data().path("job").asString()).isEqualTo(id(job));
        }
        assertThat(contract.api.jobs(query)).anyMatch(found -> id(found).equals(id(job)));
    }

    @Test
    void an_invalid_stream_request_is_refused_before_it_begins() {
        String unknown = "01a20a8f-4a47-7000-b1a6-26e96a562003";
        Contract.assertProblem(contract.api.get("jobs/" + unknown + "/stream"), 404, "not-found");
        Contract.assertProblem(contract.api.get("jobs/nonsense/stream"), 404, "not-found");
        Contract.assertProblem(contract.api.get("jobs/" + unknown + "/stream?x=1"), 400, "bad-request");
        Contract.assertProblem(contract.api.get("notifications/stream?after=nonsense"), 400, "bad-request");
        Contract.assertProblem(contract.api.get("notifications/stream?limit=5"), 400, "bad-request");
        Contract.assertProblem(contract.api.get("event-types/stream"), 404, "not-found");
        Contract.assertProblem(
                contract.api.send("GET", "notifications/stream", null, Map.of("Last-Event-ID", "nonsense")),
                400,
                "bad-request");
        Contract.assertProblem(
                contract.api.send("GET", "notifications/stream", null, Map.of("Accept", "application/json")),
                406,
                "not-acceptable");
        Contract.assertProblem(
                contract.api.send("POST", "notifications/stream", null, Map.of()), 405, "method-not-allowed");
    }

    private JsonNode vm(int seconds) {
        return contract.accept(Map.of(
                "code", "START_EC2", "submitter", submitter, "body", Map.of("instanceId", "i", "seconds", seconds)));
    }

    private List<JsonNode> feed() {
        List<JsonNode> items = new ArrayList<>();
        contract.api
                .get("notifications?limit=500&submitter=" + submitter)
                .body()
                .path("items")
                .forEach(items::add);
        return items;
    }

    private EventSource open(String path, String lastEventId) {
        return EventSource.open(contract.server.uri(), path, lastEventId);
    }

    private static String id(JsonNode job) {
        return job.path("id").asString();
    }

    private static String state(Event event) {
        return event.data().path("state").asString();
    }
}
