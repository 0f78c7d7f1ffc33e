package azukari.api;

import static azukari.api.Contract.JSON;
import static azukari.api.Contract.assertProblem;
import static azukari.api.Contract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import azukari.testing.ApiClient.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of invalid event: status, problem and pointers of the response, and nothing stored. */
class BadEventIT {
    private final Contract contract = Contract.shared();
    private final String submitter = Contract.unique();

    private Response refused(byte[] body, Map<String, String> headers) {
        var before = contract.stored(submitter);
        Response response = contract.api.send("POST", "events", body, headers);
        assertThat(contract.stored(submitter)).isEqualTo(before);
        return response;
    }

    /** {@code @} stands for the test's own submitter. */
    private Response refused(String event) {
        return refused(bytes(event.replace("@", submitter)), JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"code\":\"NOOP\",\"submitter\":\"@\"",
                "{\"code\":\"NOOP\",\"submitter\":\"@\",}",
                "{'code':'NOOP'}",
                "{code:\"NOOP\"}",
                "{\"code\":\"NOOP\",\"submitter\":\"@\"} x",
                "{\"code\":\"NOOP\",\"submitter\":\"@\"}{\"code\":\"NOOP\"}",
                "{\"code\":\"NOOP\",\"code\":\"NOOP\",\"submitter\":\"@\"}",
                "{\"code\":\"NOOP\",\"submitter\":\"@\",\"body\":{\"a\":1,\"a\":2}}",
                "{\"code\":\"NOOP\",\"submitter\":\"@\",\"body\":\"\\ud800\"}",
                "{\"code\":\"NOOP\",\"submitter\":\"@\",\"body\":{\"\\udc00\":1}}",
                "{\"code\":\"NOOP\",\"submitter\":\"@\",\"body\":NaN}",
                "{\"code\":\"NOOP\",\"submitter\":\"@\",\"body\":01}",
                "{\"code\":\"NOOP\",\"submitter\":\"@\",\"body\":1e99999}",
                "{\"code\":\"NOOP\",\"submitter\":\"@\",\"body\":1e99999999999}",
                "{\"code\":\"NOOP\",\"submitter\":\"@\",\"body\":\"a\tb\"}",
                "{\"code\":\"NOOP\",\"submitter\":\"@\",\"body\":\"\\x\"}",
                "<event/>",
            })
    void malformed_json_is_refused(String text) {
        assertProblem(refused(text), 400, "malformed-json");
    }

    @Test
    void text_that_is_not_utf_8_is_refused() {
        byte[] latin1 = ("{\"code\":\"NOOP\",\"submitter\":\"" + submitter + "\",\"body\":\"ä\"}")
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] utf16 = ("{\"code\":\"NOOP\",\"submitter\":\"" + submitter + "\"}").getBytes(StandardCharsets.UTF_16LE);
        assertProblem(refused(latin1, JSON), 400, "malformed-json");
        assertProblem(refused(utf16, JSON), 400, "malformed-json");
    }

    @Test
    void endless_nesting_is_refused() {
        String deep = "[".repeat(100_000);
        assertProblem(refused("{\"code\":\"NOOP\",\"submitter\":\"@\",\"body\":" + deep + "}"), 400, "malformed-json");
    }

    static Stream<Arguments> envelopes() {
        return Stream.of(
                arguments("[]", ""),
                arguments("null", ""),
                arguments("\"NOOP\"", ""),
                arguments("{\"submitter\":\"@\"}", "/code"),
                arguments("{\"code\":null,\"submitter\":\"@\"}", "/code"),
                arguments(fields("\"code\":5"), "/code"),
                arguments(fields("\"code\":[\"NOOP\"]"), "/code"),
                arguments(fields("\"code\":\"\""), "/code"),
                arguments(fields("\"code\":\"NOPE\""), "/code"),
                arguments(fields("\"code\":\"noop\""), "/code"),
                arguments(fields("\"code\":\"NOOP \""), "/code"),
                arguments(fields("\"code\":\"BATCH\""), "/code"),
                arguments(noop("\"priority\":-1"), "/priority"),
                arguments(noop("\"priority\":10"), "/priority"),
                arguments(noop("\"priority\":4.5"), "/priority"),
                arguments(noop("\"priority\":\"4\""), "/priority"),
                arguments(noop("\"priority\":true"), "/priority"),
                arguments(noop("\"priority\":99999999999999999999"), "/priority"),
                arguments(noop("\"notBefore\":\"soon\""), "/notBefore"),
                arguments(noop("\"notBefore\":\"\""), "/notBefore"),
                arguments(noop("\"notBefore\":1767225600"), "/notBefore"),
                arguments(noop("\"notBefore\":\"2030-01-31\""), "/notBefore"),
                arguments(noop("\"notBefore\":\"2030-01-31T08:00:00\""), "/notBefore"),
                arguments(noop("\"notBefore\":\"2030-01-31T08:00Z\""), "/notBefore"),
                arguments(noop("\"notBefore\":\"2030-02-30T08:00:00Z\""), "/notBefore"),
                arguments(noop("\"notBefore\":\"2030-01-31T25:00:00Z\""), "/notBefore"),
                arguments(noop("\"notBefore\":\"2030-01-31T08:00:00+99:00\""), "/notBefore"),
                arguments(noop("\"notBefore\":\"+999999999-12-31T23:59:59Z\""), "/notBefore"),
                arguments(noop("\"notBefore\":\"-0001-01-01T00:00:00Z\""), "/notBefore"),
                arguments(noop("\"notBefore\":\"0000-01-01T00:00:00Z\""), "/notBefore"),
                arguments(noop("\"notBefore\":\"9999-12-31T23:59:59-18:00\""), "/notBefore"),
                arguments(noop("\"notBefore\":\"1582-12-31T23:59:59Z\""), "/notBefore"),
                arguments(noop("\"notBefore\":\"2030-06-30T23:59:60Z\""), "/notBefore"),
                arguments(noop("\"notBefore\":\"2030-06-30T23:59:59.1234567890Z\""), "/notBefore"),
                arguments(noop("\"priority\":4.0"), "/priority"),
                arguments(noop("\"requestId\":\"" + "😀".repeat(101) + "\""), "/requestId"),
                arguments(noop("\"requestId\":\"\""), "/requestId"),
                arguments(noop("\"requestId\":\" \""), "/requestId"),
                arguments(noop("\"requestId\":7"), "/requestId"),
                arguments(noop("\"requestId\":{}"), "/requestId"),
                arguments(noop("\"requestId\":\"a\\u0000b\""), "/requestId"),
                arguments(noop("\"requestId\":\"a\\nb\""), "/requestId"),
                arguments(noop("\"requestId\":\"a\\u007fb\""), "/requestId"),
                arguments(noop("\"requestId\":\"" + "r".repeat(201) + "\""), "/requestId"),
                arguments("{\"code\":\"NOOP\",\"submitter\":\"\"}", "/submitter"),
                arguments("{\"code\":\"NOOP\",\"submitter\":7}", "/submitter"),
                arguments("{\"code\":\"NOOP\",\"submitter\":[\"@\"]}", "/submitter"),
                arguments("{\"code\":\"NOOP\",\"submitter\":\"@\\u0000\"}", "/submitter"),
                arguments("{\"code\":\"NOOP\",\"submitter\":\"" + "s".repeat(201) + "\"}", "/submitter"),
                // Unknown fields, among them those of later stages.
                arguments(noop("\"colour\":\"red\""), "/colour"),
                arguments(noop("\"a/b~c\":1"), "/a~1b~0c"),
                arguments(noop("\"\":1"), "/"),
                arguments(noop("\"Code\":\"NOOP\""), "/Code"),
                arguments(noop("\"children\":[]"), "/children"),
                arguments(noop("\"items\":[]"), "/items"),
                arguments(noop("\"channel\":\"north\""), "/channel"),
                arguments(noop("\"lockKey\":\"k\""), "/lockKey"));
    }

    private static String fields(String field) {
        return "{\"submitter\":\"@\"," + field + "}";
    }

    private static String noop(String field) {
        return fields("\"code\":\"NOOP\"," + field);
    }

    @ParameterizedTest
    @MethodSource("envelopes")
    void an_invalid_envelope_is_refused(String event, String pointer) {
        assertProblem(refused(event), 422, "invalid-event", pointer);
    }

    @Test
    void all_problems_of_an_envelope_are_reported_at_once() {
        Response response = refused("{\"code\":1,\"submitter\":\"@\",\"priority\":10,\"notBefore\":\"x\",\"y\":1}");
        assertProblem(response, 422, "invalid-event", "/code", "/priority", "/notBefore", "/y");
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                arguments("{}", new String[] {"/body"}),
                arguments("{\"instanceId\":\"\"}", new String[] {"/body/instanceId"}),
                arguments("{\"instanceId\":7}", new String[] {"/body/instanceId"}),
                arguments("{\"instanceId\":\"i\",\"seconds\":601}", new String[] {"/body/seconds"}),
                arguments("{\"instanceId\":\"i\",\"seconds\":-1}", new String[] {"/body/seconds"}),
                arguments("{\"instanceId\":\"i\",\"seconds\":\"5\"}", new String[] {"/body/seconds"}),
                arguments("{\"instanceId\":\"i\",\"seconds\":1.5}", new String[] {"/body/seconds"}),
                arguments("{\"instanceId\":\"i\",\"other\":1}", new String[] {"/body/other"}),
                arguments("{\"seconds\":700,\"fail\":1}", new String[] {"/body", "/body/seconds", "/body/fail"}),
                arguments("[]", new String[] {"/body"}),
                arguments("null", new String[] {"/body"}),
                arguments("\"i-1\"", new String[] {"/body"}));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void a_body_that_violates_its_schema_is_refused(String body, String[] pointers) {
        Response response = refused("{\"code\":\"START_EC2\",\"submitter\":\"@\",\"body\":" + body + "}");
        assertProblem(response, 422, "invalid-event", pointers);
        assertThat(response.body().path("detail").asString()).contains("START_EC2");
    }

    @Test
    void a_missing_body_is_refused_if_the_schema_requires_one() {
        assertProblem(refused("{\"code\":\"START_EC2\",\"submitter\":\"@\"}"), 422, "invalid-event", "/body");
    }

    @Test
    void a_posted_alarm_that_does_not_fit_a_notification_is_refused() {
        String alarm = "{\"code\":\"CREATE_ALARM\",\"submitter\":\"@\",\"body\":{\"job\":"
                + "\"01890a5d-ac96-774b-bcce-b302099a8057\",\"submitter\":\"@\",\"outcome\":\"FAILED\",%s}}";
        assertProblem(
                refused(alarm.formatted("\"code\":\"" + "X".repeat(100) + "\"")), 422, "invalid-event", "/body/code");
        assertProblem(
                refused(alarm.formatted("\"code\":\"X\",\"requestId\":\"a\\u0000b\"")),
                422,
                "invalid-event",
                "/body/requestId");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"\"", " "})
    void an_empty_idempotency_key_is_refused(String key) {
        Response response = refused(bytes(event()), Map.of("Content-Type", "application/json", "Idempotency-Key", key));
        assertProblem(response, 422, "invalid-event", "/requestId");
    }

    @Test
    void an_overlong_idempotency_key_is_refused() {
        Response response =
                refused(bytes(event()), Map.of("Content-Type", "application/json", "Idempotency-Key", "k".repeat(201)));
        assertProblem(response, 422, "invalid-event", "/requestId");
    }

    @Test
    void a_header_that_differs_from_the_field_is_refused() {
        String event =
                "{\"code\":\"NOOP\",\"submitter\":\"" + submitter + "\",\"requestId\":\"" + Contract.unique() + "\"}";
        Response response =
                refused(bytes(event), Map.of("Content-Type", "application/json", "Idempotency-Key", "other"));
        assertProblem(response, 422, "invalid-event", "/requestId");
    }

    @Test
    void two_idempotency_keys_are_refused() throws IOException {
        var before = contract.stored(submitter);
        String answer = raw("Content-Type: application/json\r\nIdempotency-Key: a\r\nIdempotency-Key: b", event());
        assertThat(answer).startsWith("HTTP/1.1 422 ").contains("\"/requestId\"");
        assertThat(contract.stored(submitter)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/xml",
                "application/x-ndjson",
                "application/cloudevents-batch+json",
                "application/*",
                "*/*",
                "text/json"
            })
    void another_media_type_is_refused(String type) {
        assertProblem(refused(bytes(event()), Map.of("Content-Type", type)), 415, "unsupported-media-type");
    }

    @Test
    void a_missing_media_type_is_refused() {
        assertProblem(refused(bytes(event()), Map.of()), 415, "unsupported-media-type");
    }

    @Test
    void a_malformed_media_type_is_refused() {
        assertProblem(refused(bytes(event()), Map.of("Content-Type", "foo")), 400, "bad-request");
    }

    @Test
    void an_encoded_body_is_refused() {
        Response response =
                refused(bytes(event()), Map.of("Content-Type", "application/json", "Content-Encoding", "gzip"));
        assertProblem(response, 415, "unsupported-media-type");
    }

    @Test
    void a_body_over_the_limit_is_refused() {
        Response response = refused(bytes(eventOfSize(256 * 1024 + 1)), JSON);
        assertProblem(response, 413, "too-large");
        assertThat(response.body().path("detail").asString()).contains("262144");
    }

    @Test
    void a_chunked_body_over_the_limit_is_refused() {
        var before = contract.stored(submitter);
        Response response = contract.api.sendChunked("events", bytes(eventOfSize(256 * 1024 + 1)), JSON);
        assertProblem(response, 413, "too-large");
        assertThat(contract.stored(submitter)).isEqualTo(before);
    }

    @Test
    void a_body_declared_over_the_limit_is_refused_without_reading_it() throws IOException {
        String answer = raw("Content-Type: application/json\r\nContent-Length: 99999999999", "");
        assertThat(answer).startsWith("HTTP/1.1 413 ").contains("too-large");
    }

    @Test
    void a_body_of_exactly_the_limit_is_accepted() {
        assertThat(contract.api
                        .send("POST", "events", bytes(eventOfSize(256 * 1024)), JSON)
                        .status())
                .isEqualTo(202);
        assertThat(contract.api
                        .sendChunked("events", bytes(eventOfSize(256 * 1024)), JSON)
                        .status())
                .isEqualTo(202);
    }

    private String event() {
        return "{\"code\":\"NOOP\",\"submitter\":\"" + submitter + "\"}";
    }

    private String eventOfSize(int size) {
        String empty = "{\"code\":\"NOOP\",\"submitter\":\"" + submitter + "\",\"body\":\"\"}";
        return empty.replace("\"body\":\"", "\"body\":\"" + "x".repeat(size - empty.length()));
    }

    /** Sends what Java's client refuses to send; returns whatever arrives within a few seconds. */
    private String raw(String headers, String body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), contract.server.port())) {
            socket.setSoTimeout(5_000);
            OutputStream out = socket.getOutputStream();
            String length = headers.contains("Content-Length") ? "" : "\r\nContent-Length: " + bytes(body).length;
            out.write(bytes("POST /api/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + length
                    + "\r\n\r\n" + body));
            out.flush();
            InputStream in = socket.getInputStream();
            StringBuilder answer = new StringBuilder();
            byte[] part = new byte[1024];
            // Up to the end of the document: the server may keep a connection open whose request is not whole.
            while (answer.indexOf("}") < 0) {
                int read = in.read(part);
                if (read < 0) {
                    break;
                }
                answer.append(new String(part, 0, read, StandardCharsets.UTF_8));
            }
            return answer.toString();
        }
    }
}
