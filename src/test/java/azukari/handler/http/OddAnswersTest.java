package azukari.handler.http;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.catalog.HandlerSpec.HttpHandler;
import azukari.handler.Outcome;
import azukari.platform.Json;
import azukari.testing.RawTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What targets answer that they should not, or seldom do, byte for byte, to the real client. */
class OddAnswersTest {
    private final RawTarget target = RawTarget.start();

    @AfterEach
    void close() {
        target.close();
    }

    private Outcome call() throws Exception {
        return call(true, Duration.ofSeconds(20));
    }

    private Outcome call(boolean repeatable, Duration timeout) throws Exception {
        HttpHandler spec = HttpHandler.of("POST", target.uri("/call?key=hunter2"), timeout);
        return HttpTarget.bound(spec, repeatable).handle(Json.object().put("n", 1), new TargetRun());
    }

    private static JsonNode result(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        return (JsonNode) ((Outcome.Succeeded) outcome).result();
    }

    private static String omitted(Outcome outcome) {
        return result(outcome).path("omitted").asString("");
    }

    private static String answer(String status, String type, String body) {
        return "HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n",
            })
    void a_success_without_content_is_a_success_whatever_follows(String answer) throws Exception {
        target.answers(answer);
        assertThat(result(call())).isNull();
        assertThat(target.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Application/JSON",
                "application/Problem+JSON",
                "application/json;charset=utf-8",
                "APPLICATION/VND.SHOP+JSON ; v=1"
            })
    void a_media_type_is_known_in_any_case(String type) throws Exception {
        target.answers(answer("200 OK", type, "{\"a\":1}"));
        assertThat(result(call())).isEqualTo(Json.object().put("a", 1));
    }

    @ParameterizedTest
    @CsvSource({"400,false", "401,true", "600,true"})
    void a_value_too_deep_to_be_kept_is_left_out_and_said_to_be(int depth, boolean tooDeep) throws Exception {
        target.answers(answer("200 OK", "application/json", "[".repeat(depth) + "]".repeat(depth)));
        assertThat(result(call()).has("omitted")).isEqualTo(tooDeep);
    }

    @ParameterizedTest
    @ValueSource(ints = {1_100, 100_000})
    void what_is_too_deep_even_to_be_read_is_left_out_and_said_to_be(int depth) throws Exception {
        target.answers(answer("200 OK", "application/json", "[".repeat(depth) + "]".repeat(depth)));
        assertThat(omitted(call())).startsWith("the answer cannot be kept: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DIGITS", "1e999999999", "1e-4000", "\"\\ud83d\""})
    void a_number_or_a_text_that_can_not_be_kept_is_left_out_and_said_to_be(String value) throws Exception {
        target.answers(
                answer("200 OK", "application/json", "{\"n\":" + value.replace("DIGITS", "9".repeat(401)) + "}"));
        assertThat(omitted(call())).startsWith("the answer cannot be kept: ");
    }

    @ParameterizedTest
    @ValueSource(ints = {1_048_577, 2_000_000, 5_000_000})
    void an_answer_that_is_too_long_is_left_out_and_said_to_be(int length) throws Exception {
        target.answers(answer("200 OK", "application/json", "\"" + "x".repeat(length - 2) + "\""));
        assertThat(omitted(call())).isEqualTo("the answer was longer than 1048576 bytes");
    }

    @Test
    void an_answer_is_asked_for_unencoded_and_one_that_is_not_is_said_to_be_left_out() throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write("{\"a\":1}".getBytes(StandardCharsets.UTF_8));
        }
        target.answers(
                ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: "
                                + zipped.size() + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII),
                zipped.toByteArray());
        assertThat(omitted(call())).contains("encoded as gzip");
        assertThat(target.requests().get(0)).containsIgnoringCase("Accept-Encoding: identity");
    }

    @ParameterizedTest
    @ValueSource(strings = {"300", "301", "302", "303", "304", "307", "308", "399"})
    void no_redirection_is_followed(String status) throws Exception {
        target.answers("HTTP/1.1 " + status + " Elsewhere\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n");
        assertThat(call()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.rejected())
                .isTrue());
        assertThat(target.requests()).hasSize(1);
    }

    @Test
    void an_error_never_shows_a_query_nor_half_a_character() throws Exception {
        target.answers(answer("400 Bad Request", "text/plain", "x".repeat(198) + "😀😀"));
        Outcome.Failed failed = (Outcome.Failed) call();
        assertThat(failed.reason()).doesNotContain("hunter2").contains("/call responded with status 400");
        assertThat(failed.reason()).endsWith("x…");
    }

    @Test
    void what_was_sent_and_not_answered_may_have_arrived() throws Exception {
        target.answers(RawTarget.SILENCE);
        assertThat(call(false, Duration.ofMillis(500)))
                .isInstanceOfSatisfying(Outcome.Unknown.class, unknown -> assertThat(unknown.reason())
                        .contains("did not respond within 500 ms")
                        .doesNotContain("hunter2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "rubbish\r\n\r\n"
            })
    void an_answer_that_breaks_off_or_makes_no_sense_leaves_open_what_happened(String answer) throws Exception {
        target.answers(answer);
        assertThat(call(false, Duration.ofSeconds(20))).isInstanceOf(Outcome.Unknown.class);
        assertThat(target.requests()).hasSize(1);
    }

    @Test
    void what_was_never_sent_never_arrived() throws Exception {
        URI nobody = URI.create("http://127.0.0.1:1/call?key=hunter2"); // No port that another test could be given.
        HttpHandler spec = HttpHandler.of("POST", nobody, Duration.ofSeconds(20));
        assertThat(HttpTarget.bound(spec, false).handle(Json.object(), new TargetRun()))
                .isInstanceOfSatisfying(Outcome.Retry.class, retry -> assertThat(retry.reason())
                        .contains("could not be called")
                        .doesNotContain("hunter2"));
    }

    /** The connection of the first call is kept, and dropped as soon as the next request arrives. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_kept_connection_that_is_dropped_costs_a_repeatable_call_nothing(boolean repeatable) throws Exception {
        HttpHandler spec = HttpHandler.of("POST", target.uri("/call"), Duration.ofSeconds(20));
        var handler = HttpTarget.bound(spec, repeatable);
        String ok = answer("200 OK", "application/json", "1");
        target.answers(ok, "", ok);
        assertThat(handler.handle(Json.object(), new TargetRun())).isInstanceOf(Outcome.Succeeded.class);
        var anotherType = HttpTarget.bound(spec, repeatable);
        assertThat(anotherType.handle(Json.object(), new TargetRun()))
                .isInstanceOf(repeatable ? Outcome.Succeeded.class : Outcome.Unknown.class);
        assertThat(target.requests()).hasSize(repeatable ? 3 : 2);
    }

    @Test
    void a_target_that_drops_every_call_is_called_twice_at_most() throws Exception {
        HttpHandler spec = HttpHandler.of("POST", target.uri("/call"), Duration.ofSeconds(20));
        var handler = HttpTarget.bound(spec, true);
        target.answers(answer("200 OK", "application/json", "1"), "", "", "");
        assertThat(handler.handle(Json.object(), new TargetRun())).isInstanceOf(Outcome.Succeeded.class);
        assertThat(handler.handle(Json.object(), new TargetRun())).isInstanceOf(Outcome.Unknown.class);
        assertThat(target.requests()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "429,0",
        "429,99999999999",
        "503,0",
        "503,99999999999999999999",
        "429,'Sun Nov  6 08:49:37 1994'",
        "503,'Sunday, 06-Nov-94 08:49:37 GMT'"
    })
    void every_form_of_retry_after_postpones(String status, String after) throws Exception {
        target.answers("HTTP/1.1 " + status + " Wait\r\nRetry-After: " + after + "\r\nContent-Length: 0\r\n\r\n");
        assertThat(call()).isInstanceOf(Outcome.Throttled.class);
    }

    @Test
    void a_head_that_never_ends_is_given_up() throws IOException, Exception {
        target.answers("HTTP/1.1 200 OK\r\n" + "X-More: x\r\n".repeat(100_000));
        assertThat(call(false, Duration.ofSeconds(5))).isInstanceOf(Outcome.Unknown.class);
    }
}
