package azukari.catalog;

import static azukari.catalog.Documents.load;
import static azukari.catalog.Documents.with;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.platform.Json;
import azukari.platform.Lane;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class EventTypeTest {

    @Test
    void defaults_are_applied() {
        EventType type = load(Documents.valid());
        assertThat(type.handler()).isEqualTo(new HandlerSpec.BeanHandler("sell"));
        assertThat(type.lane()).isEqualTo(Lane.DEFAULT);
        assertThat(type.retry()).isEqualTo(new RetryPolicy(5, Duration.ofSeconds(1), 2, Duration.ofMinutes(5), 0.2));
        assertThat(type.timeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(type.expireAfter()).isEqualTo(Duration.ofDays(7));
        assertThat(type.onCrash()).isEqualTo(OnCrash.RERUN);
        assertThat(type.emits()).isEmpty();
        assertThat(type.onSucceeded()).isEmpty();
        assertThat(type.onFailed()).isEmpty();
    }

    @Test
    void defaults_of_an_http_target_are_applied() {
        EventType type = load(with("handler", "{http: {url: 'http://127.0.0.1:9001/p?q=1'}}"));
        assertThat(type.lane()).isEqualTo(Lane.OUTSIDE);
        HandlerSpec.HttpHandler http = (HandlerSpec.HttpHandler) type.handler();
        assertThat(http.method()).isEqualTo("POST");
        assertThat(http.url()).hasToString("http://127.0.0.1:9001/p?q=1");
        assertThat(http.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(http.headers()).isEmpty();
    }

    @Test
    void retries_are_one_less_than_the_attempts() {
        EventType type = load(with("handler", "{http: {url: 'https://h/', retries: 0}}", "retry", "{backoff: 3s}"));
        assertThat(type.retry().maxAttempts()).isEqualTo(1);
        assertThat(type.retry().backoff()).isEqualTo(Duration.ofSeconds(3));
        assertThat(load(with("handler", "{http: {url: 'https://h/', retries: 2}}"))
                        .retry()
                        .maxAttempts())
                .isEqualTo(3);
    }

    @Test
    void the_default_maximum_delay_is_raised_to_a_longer_back_off() {
        assertThat(load(with("retry", "{backoff: 1h}")).retry().maxBackoff()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void header_names_are_case_insensitive() {
        HandlerSpec.HttpHandler http =
                (HandlerSpec.HttpHandler) load(with("handler", "{http: {url: 'http://h/', headers: {X-Shop: s1}}}"))
                        .handler();
        assertThat(http.headers().get("x-shop")).hasToString("s1");
    }

    @Test
    void the_json_view_has_defaults_and_no_secrets() {
        EventType type = load(with(
                "handler", "{http: {url: 'http://h/p', headers: {Authorization: Bearer hunter2}}}",
                "retry", "{factor: 1.5, jitter: 0}",
                "timeout", "90s",
                "expireAfter", "48h",
                "onFailed", "[CREATE_ALARM]"));
        assertThat(Json.read(Json.write(type.toJson()))).isEqualTo(Json.read("""
                                {"code":"SHOP","title":"Sell","description":"Sells one thing.","owner":"shop team",
                                 "body":{"type":"object","properties":{"n":{"type":"integer"}}},"examples":[{"n":1}],
                                 "handler":{"http":{"method":"POST","url":"http://h/p","timeout":"30s",
                                   "headers":{"Authorization":"***"}}},
                                 "lane":"outside",
                                 "retry":{"maxAttempts":5,"backoff":"1s","factor":1.5,"maxBackoff":"5m","jitter":0},
                                 "timeout":"90s","expireAfter":"2d","onCrash":"rerun","pack":true,"emits":[],"onSucceeded":[],
                                 "onFailed":["CREATE_ALARM"],"source":"shop.yaml"}
                                """));
        assertThat(type.toString()).doesNotContain("hunter2");
    }

    @Test
    void a_query_may_hold_a_key_and_is_never_shown() {
        EventType type = load(with(
                "handler",
                "{http: {url: 'http://h/p/{/n}?key=hunter2', probe: {url: 'http://h/q?key=hunter2'}}}",
                "body",
                "{type: object, required: [n], properties: {n: {type: integer}}}"));

        JsonNode http = type.toJson().path("handler").path("http");
        assertThat(http.path("url").asString()).isEqualTo("http://h/p/{/n}?***");
        assertThat(http.path("probe").path("url").asString()).isEqualTo("http://h/q");
        assertThat(Json.write(type.toJson())).doesNotContain("hunter2");
        assertThat(type.toString()).doesNotContain("hunter2");
    }

    @Test
    void only_what_is_simply_run_again_after_a_crash_travels_in_packs() {
        assertThat(load(Documents.valid()).packs()).isTrue();
        assertThat(load(with("onCrash", "ask")).packs()).isFalse();
    }

    @Test
    void the_json_view_is_a_copy() {
        EventType type = load(Documents.valid());
        ((ObjectNode) type.toJson().get("body")).removeAll();
        assertThat(type.toJson().get("body").isEmpty()).isFalse();
    }

    @Test
    void yaml_values_mean_what_the_core_schema_says_and_nothing_else() {
        EventType type = load(
                with(
                        "body", "true",
                        "examples",
                                "[{yes: yes, no: \"no\", day: 2026-01-02, octal: 0o17, price: 12.10, empty: \"\", none: , key: ~}]"));
        assertThat(type.examples().get(0))
                .isEqualTo(
                        Json.read("{\"yes\":\"yes\",\"no\":\"no\",\"day\":\"2026-01-02\",\"octal\":15,\"price\":12.10,"
                                + "\"empty\":\"\",\"none\":null,\"key\":null}"));
    }
}
