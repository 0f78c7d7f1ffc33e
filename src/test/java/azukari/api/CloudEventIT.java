package azukari.api;

import static azukari.api.Contract.assertProblem;
import static azukari.api.Contract.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.ApiClient.Response;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Structured-mode CloudEvents 1.0: the same jobs, under the same rules. */
class CloudEventIT {
    private static final String TYPE = "application/cloudevents+json";
    private static final String SOURCE = "https://shop.example/orders?a=b#c";

    private final Contract contract = Contract.shared();
    private final String id = Contract.unique();

    private Response post(String event, String... headers) {
        Map<String, String> all = headers.length == 0
                ? Map.of("Content-Type", TYPE)
                : Map.of("Content-Type", headers[0], headers[1], headers[2]);
        return contract.api.send("POST", "events", bytes(event), all);
    }

    private ObjectNode event() {
        ObjectNode event = (ObjectNode) Contract.json("{\"specversion\":\"1.0\",\"type\":\"NOOP\",\"data\":{\"a\":1}}");
        return event.put("source", SOURCE).put("id", id);
    }

    /** The event with one member set to a JSON value; without it when there is none. */
    private String with(String member, String value) {
        ObjectNode event = event();
        if (value == null) {
            event.remove(member);
        } else {
            event.set(member, Contract.json(value));
        }
        return event.toString();
    }

    @Test
    void a_cloud_event_becomes_a_job() {
        ObjectNode event = event();
        event.put("type", "START_EC2").put("time", "2026-01-31T08:00:00+01:00");
        event.put("subject", "s".repeat(300)).put("dataschema", "https://shop.example/schema");
        event.put("datacontenttype", "application/json; charset=utf-8");
        event.putObject("data").put("instanceId", "i-1").put("seconds", 0);
        event.put("submitter", id).put("priority", 7);

        Response response = post(event.toString());

        assertThat(response.status()).as("%s", response.body()).isEqualTo(202);
        JsonNode job = response.body();
        assertThat(job.path("code").asString()).isEqualTo("START_EC2");
        assertThat(job.path("requestId").asString()).isEqualTo(SOURCE + " " + id);
        assertThat(job.path("submitter").asString()).isEqualTo(id);
        assertThat(job.path("priority").asInt()).isEqualTo(7);
        assertThat(job.path("extensions").isNull()).isTrue();
        assertThat(response.header("Location"))
                .endsWith("/api/jobs/" + job.path("id").asString());
        JsonNode ended = contract.awaitEnd(job.path("id").asString());
        assertThat(ended.path("result").path("instanceId").asString()).isEqualTo("i-1");
    }

    @Test
    void extension_attributes_are_kept() {
        ObjectNode event = event();
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        event.put("traceparent", trace).put("sampled", true).put("sequence", -5).put("root", "a\u0000b");
        event.putNull("unset");

        String job = post(event.toString()).body().path("id").asString();

        JsonNode extensions = contract.awaitEnd(job).path("extensions");
        assertThat(extensions)
                .isEqualTo(Contract.json(
                        "{\"traceparent\":\"" + trace + "\",\"sampled\":true,\"sequence\":-5,\"root\":\"a\\u0000b\"}"));
        ObjectNode again = event().put("traceparent", "00-another");
        assertThat(post(again.toString()).body().path("extensions")).isEqualTo(extensions);
    }

    @Test
    void a_repeated_source_and_id_yield_the_same_job_in_either_format() {
        String first = post(event().toString()).body().path("id").asString();
        assertThat(post(event().put("time", "2026-01-31T08:00:00Z").toString())
                        .body()
                        .path("id")
                        .asString())
                .isEqualTo(first);
        Response plain =
                contract.api.post(Map.of("code", "NOOP", "requestId", SOURCE + " " + id, "body", Map.of("a", 1.0)));
        assertThat(plain.body().path("id").asString()).isEqualTo(first);
        Response header = post(event().toString(), TYPE + ";charset=UTF-8", "Idempotency-Key", SOURCE + " " + id);
        assertThat(header.body().path("id").asString()).isEqualTo(first);
        assertProblem(post(with("data", "{\"a\":2}")), 422, "request-id-reused");
        assertProblem(post(event().toString(), TYPE, "Idempotency-Key", id), 422, "invalid-event", "/id");
    }

    @Test
    void data_may_be_absent() {
        Response response = post(with("data", null));
        assertThat(response.status()).isEqualTo(202);
        assertThat(post(with("data", "null")).body().path("id"))
                .isEqualTo(response.body().path("id"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "specversion||/specversion",
                "specversion|\"0.3\"|/specversion",
                "specversion|1.0|/specversion",
                "type||/type",
                "type|\"\"|/type",
                "type|\"NOPE\"|/type",
                "source||/source",
                "source|\"\"|/source",
                "source|\"a b\"|/source",
                "source|7|/source",
                "id||/id",
                "id|\"\"|/id",
                "id|7|/id",
                "data_base64|\"AAAA\"|/data_base64",
                "datacontenttype|\"text/plain\"|/datacontenttype",
                "datacontenttype|\"json\"|/datacontenttype",
                "time|\"yesterday\"|/time",
                "subject|\"\"|/subject",
                "subject|{}|/subject",
                "dataschema|\"a b\"|/dataschema",
                "submitter|7|/submitter",
                "priority|10|/priority",
                "notbefore|\"soon\"|/notbefore",
                "upperCase|\"x\"|/upperCase",
                "with_underscore|\"x\"|/with_underscore",
                "a/b|\"x\"|/a~1b",
                "number|1.5|/number",
                "number|2147483648|/number",
                "object|{}|/object",
                "array|[]|/array",
            })
    void an_invalid_attribute_is_refused(String member, String value, String pointer) {
        var before = contract.stored(id);
        assertProblem(post(with(member, value)), 422, "invalid-event", pointer);
        assertThat(contract.stored(id)).isEqualTo(before);
    }

    @Test
    void a_schema_violation_points_into_data() {
        ObjectNode event = event().put("type", "START_EC2");
        event.putObject("data").put("instanceId", 7);
        assertProblem(post(event.toString()), 422, "invalid-event", "/data/instanceId");
    }

    @Test
    void source_and_id_together_have_a_maximum_length() {
        String longest = "i".repeat(199 - SOURCE.length());
        assertThat(post(event().put("id", longest).toString())
                        .body()
                        .path("requestId")
                        .asString())
                .hasSize(200);
        Response longer = post(event().put("id", longest + "i").toString());
        assertProblem(longer, 422, "invalid-event", "/id");
        assertThat(longer.body().path("errors").path(0).path("detail").asString())
                .contains("199");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/cloudevents-batch+json", "application/cloudevents+xml", "application/cloudevents"})
    void other_cloud_events_formats_are_refused(String type) {
        assertProblem(post("[" + event() + "]", type, "Accept", "*/*"), 415, "unsupported-media-type");
    }

    @Test
    void a_document_that_is_not_a_cloud_event_is_refused() {
        assertProblem(post("[]"), 422, "invalid-event", "");
        assertProblem(post("{"), 400, "malformed-json");
    }
}
