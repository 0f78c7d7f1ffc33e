package azukari.plans;

import static org.awaitility.Awaitility.await;

import azukari.testing.ApiClient;
import azukari.testing.ApiClient.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Makes the server do everything that leads to a statement. */
final class Traffic {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** More often than PostgreSQL plans a prepared statement anew before it may keep one plan for all parameters. */
    private static final int UNTIL_KEPT = 12;

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private final ApiClient api;

    Traffic(ApiClient api) {
        this.api = api;
    }

    void all() {
        post();
        lists();
        oneJob();
        notifications();
        limits();
        batches();
    }

    private void limits() {
        Map<String, Object> event =
                Map.of("code", "SLOW", "submitter", FilledDatabase.SMALL_SUBMITTER, "body", Map.of("key", "k"));
        for (int i = 0; i < UNTIL_KEPT; i++) {
            String job = accepted(event).path("id").asString();
            get("jobs/" + job);
            get("jobs?state=WAITING&code=SLOW");
            get("channels");
            get("channels/slow");
            change("channels/slow", "{\"rate\": \"%d/s\"}".formatted(2 + i % 2));
            act("channels/shop/pause");
            act("channels/shop/resume");
            act("jobs/" + job + "/cancel");
        }
    }

    private void batches() {
        for (int i = 0; i < UNTIL_KEPT; i++) {
            String batch = batch("NOOP");
            await("the batch to end")
                    .atMost(PATIENCE)
                    .until(() -> get("jobs/" + batch).path("state").asString().equals("SUCCEEDED"));
            String waiting = batch("SLOW");
            get("jobs/" + waiting);
            act("jobs/" + waiting + "/cancel");
        }
    }

    private String batch(String code) {
        String item = "{\"code\":\"" + code + "\",\"body\":{\"key\":\"k\"}}";
        Response answer = api.post("batches", "{\"items\":[" + item + "," + item + "]}", JSON);
        return checked("batches", answer, 202).path("id").asString();
    }

    private JsonNode accepted(Map<String, Object> event) {
        return checked("events", api.post(event), 202);
    }

    private void act(String path) {
        Response answer = api.post(path, "", Map.of());
        if (answer.status() != 200 && answer.status() != 202) {
            throw new AssertionError(path + ": " + answer.status() + " " + answer.body());
        }
    }

    private void change(String path, String body) {
        checked(path, api.send("PUT", path, body.getBytes(StandardCharsets.UTF_8), JSON), 200);
    }

    private static JsonNode checked(String path, Response answer, int status) {
        if (answer.status() != status) {
            throw new AssertionError(path + ": " + answer.status() + " " + answer.body());
        }
        return answer.body();
    }

    private void post() {
        List<Map<String, Object>> events = List.of(
                Map.of("code", "NOOP"),
                Map.of("code", "NOOP", "requestId", "plans-1", "submitter", FilledDatabase.SMALL_SUBMITTER),
                Map.of("code", "NOOP", "notBefore", "2090-01-01T00:00:00Z"),
                Map.of("code", "START_EC2", "body", Map.of("instanceId", "i", "seconds", 0)),
                Map.of("code", "START_EC2", "body", Map.of("instanceId", "i", "seconds", 0, "fail", true)));
        for (int i = 0; i < UNTIL_KEPT; i++) {
            events.forEach(this::accepted);
        }
    }

    /**
     * Every combination of filters, with values that many jobs have, that few have, and that none has in combination.
     */
    private void lists() {
        List<String> states = List.of("", "state=QUEUED", "state=SUCCEEDED", "state=UNCERTAIN", "state=RUNNING");
        List<String> codes = List.of("", "code=" + FilledDatabase.COMMON_CODE, "code=" + FilledDatabase.RARE_CODE);
        List<String> submitters = List.of(
                "", "submitter=" + FilledDatabase.BUSY_SUBMITTER, "submitter=" + FilledDatabase.SMALL_SUBMITTER);
        JsonNode some = api.get("jobs?limit=1&code=CREATE_ALARM&state=SUCCEEDED")
                .body()
                .path("items")
                .path(0);
        List<String> exact = List.of(
                "",
                "root=" + some.path("root").asString(),
                "parent=" + some.path("parent").asString(),
                "requestId=request-11",
                "root=" + some.path("root").asString() + "&parent="
                        + some.path("parent").asString(),
                "requestId=request-11&parent=" + some.path("parent").asString());
        for (String after : List.of("", "after=" + some.path("id").asString())) {
            for (String one : exact) {
                for (String state : states) {
                    for (String code : codes) {
                        for (String submitter : submitters) {
                            list(List.of(after, one, state, code, submitter));
                        }
                    }
                }
            }
        }
    }

    private void list(List<String> filters) {
        List<String> given = new ArrayList<>(filters);
        given.removeIf(String::isEmpty);
        get("jobs?" + String.join("&", given));
    }

    private void oneJob() {
        JsonNode alarm = await("an alarm for a job posted here")
                .atMost(PATIENCE)
                .until(
                        () -> api.get("jobs?limit=1&code=CREATE_ALARM&state=SUCCEEDED")
                                .body()
                                .path("items")
                                .path(0),
                        item -> !item.isMissingNode());
        for (int i = 0; i < UNTIL_KEPT; i++) {
            get("jobs/" + alarm.path("id").asString());
            get("jobs/" + alarm.path("id").asString() + "/runs");
            get("jobs/" + alarm.path("id").asString() + "/chain");
        }
    }

    private void notifications() {
        for (int i = 0; i < UNTIL_KEPT; i++) {
            for (String query : List.of(
                    "?limit=50",
                    "?limit=50&submitter=" + FilledDatabase.BUSY_SUBMITTER,
                    "?limit=50&submitter=" + FilledDatabase.SMALL_SUBMITTER)) {
                String next = get("notifications" + query).path("next").asString();
                get("notifications" + query + "&after=" + next);
            }
        }
    }

    private JsonNode get(String path) {
        return checked(path, api.get(path), 200);
    }
}
