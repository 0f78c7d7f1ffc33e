package azukari.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.platform.Json;
import azukari.platform.MalformedJsonException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodySchemaTest {

    private static EventType typeWith(String body, String example) {
        return Documents.load(Documents.with("body", body, "examples", "[" + example + "]"));
    }

    private static List<Violation> validate(String schema, String example, String body) throws MalformedJsonException {
        return typeWith(schema, example).validate(Json.parse(body.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a@shop.local                 | true  | true
            a@shop.test                  | true  | true
            info@ist.example             | true  | true
            a@localhost                  | true  | true
            first.last+tag@x-y.example   | true  | true
            "two words"@shop.example     | true  | true
            a@[127.0.0.1]                | true  | true
            a@[IPv6:::1]                 | true  | true
            é@example.com                | false | true
            a@bücher.example             | false | true
            a                            | false | false
            a@                           | false | false
            @b                           | false | false
            a b@c                        | false | false
            a@b@c                        | false | false
            .a@b                         | false | false
            a..b@c                       | false | false
            a@-b.example                 | false | false
            a@b..example                 | false | false
            a@[999.1.1.1]                | false | false
            a@[IPv6:12345::]             | false | false
            a@[localhost]                | false | false
            """)
    void a_mailbox_is_known_by_its_form_alone(String mailbox, boolean ascii, boolean any) throws Exception {
        String body = Json.write(Json.object().put("to", mailbox));
        for (Map.Entry<String, Boolean> format :
                Map.of("email", ascii, "idn-email", any).entrySet()) {
            String schema = "{type: object, properties: {to: {type: string, format: " + format.getKey() + "}}}";
            assertThat(validate(schema, "{}", body).isEmpty())
                    .as(mailbox + " as " + format.getKey())
                    .isEqualTo(format.getValue());
        }
    }

    @Test
    void a_mailbox_has_64_octets_before_the_at_sign_and_255_after_it() throws Exception {
        String schema = "{type: object, properties: {to: {format: email}}}";
        String domain = "a.".repeat(127) + "b";
        assertThat(validate(schema, "{}", "{\"to\":\"" + "x".repeat(64) + "@" + domain + "\"}"))
                .isEmpty();
        assertThat(validate(schema, "{}", "{\"to\":\"" + "x".repeat(65) + "@b\"}"))
                .isNotEmpty();
        assertThat(validate(schema, "{}", "{\"to\":\"x@c" + domain + "\"}")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"n":"x"}                | /n          | string found, integer expected
                    {"n":1.5}                | /n          | number found, integer expected
                    {"n":-1}                 | /n          | must have a minimum value of 0
                    {"n":1e300}              | /n          | must have a maximum value of 9
                    {"n":100000000000000000000} | /n       | must have a maximum value of 9
                    {"list":["a",7]}         | /list/1     | integer found, string expected
                    {"a/b~c":{}}             | /a~1b~0c    | required property 'x' not found
                    {"a/b~c":{"x":1,"y/":2}} | /a~1b~0c/y~1 | property 'y/' is not defined in the schema and the schema does not allow additional properties
                    {"more":1}               | /more       | property 'more' is not defined in the schema and the schema does not allow additional properties
                    {"at":"yesterday"}       | /at         | does not match the date-time pattern must be a valid RFC 3339 date-time
                    []                       | ``          | array found, object expected
                    null                     | ``          | null found, object expected
                    """)
    void a_violation_points_at_the_faulty_member(String body, String pointer, String detail) throws Exception {
        String schema = """
                {type: object, additionalProperties: false, properties: {
                  n: {type: integer, minimum: 0, maximum: 9}, list: {items: {type: string}}, at: {format: date-time},
                  a/b~c: {required: [x], properties: {x: true}, additionalProperties: false}}}\
                """;
        assertThat(validate(schema, "{}", body)).containsExactly(new Violation(pointer, detail));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"n\":3}",
                "{\"n\":3.0}",
                "{\"n\":3e0}",
                "{}",
                "{\"n\":1e20}",
                "{\"n\":1e400}",
                "{\"deep\":[{\"n\":1e30}]}"
            })
    void an_integer_is_accepted_in_every_notation(String body) throws Exception {
        assertThat(validate(
                        "{properties: {n: {type: integer, minimum: 0}, deep: {items: {properties: {n: {type: integer, minimum: 1}}}}}}",
                        "{}",
                        body))
                .isEmpty();
    }

    @Test
    void at_most_a_hundred_violations_are_reported() throws Exception {
        String body = "[" + "1,".repeat(5_000) + "1]";
        assertThat(validate("{items: {type: string}}", "[]", body)).hasSize(100);
    }

    @Test
    void a_body_nested_too_deeply_is_refused_without_exhausting_the_stack() throws Exception {
        String body = "{\"n\":".repeat(390) + "{}" + "}".repeat(390);
        assertThat(validate("{properties: {n: {$ref: '#'}}, additionalProperties: false}", "{}", body))
                .containsExactly(new Violation("", "is too deeply nested or too complex to be validated"));
    }

    @Test
    void a_schema_with_endless_self_reference_is_refused() {
        assertThat(Documents.problemsOf(Documents.with("body", "{$ref: '#'}")))
                .containsExactly(new Problem(
                        Documents.FILE,
                        "/examples/0",
                        "does not match the schema in /body: is too deeply nested or too complex to be validated"));
    }

    @Test
    void messages_are_english_in_every_locale() throws Exception {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(validate("{type: object}", "{}", "1"))
                    .containsExactly(new Violation("", "integer found, object expected"));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void local_references_and_keywords_used_as_names_or_data_are_accepted() throws Exception {
        String schema = """
                {$id: "https://shop.example/s", $schema: "https://json-schema.org/draft/2020-12/schema",
                 $defs: {n: {type: integer}}, properties: {n: {$ref: "#/$defs/n"}, $ref: {type: string}},
                 default: {$ref: "http://elsewhere/"}}\
                """;
        assertThat(validate(schema, "{n: 1, $ref: x}", "{\"n\":\"x\"}"))
                .containsExactly(new Violation("/n", "string found, integer expected"));
    }

    @Test
    void validation_never_opens_a_connection() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(200);
            String address = "http://127.0.0.1:" + server.getLocalPort() + "/s";
            assertThat(Documents.problemsOf(Documents.with("body", "{$ref: '" + address + "'}")))
                    .extracting(Problem::pointer)
                    .containsExactly("/body/$ref");
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> BodySchema.compile(Json.read("{\"$ref\":\"" + address + "\"}")))
                    .isInstanceOf(IllegalArgumentException.class);
            org.assertj.core.api.Assertions.assertThatThrownBy(server::accept)
                    .isInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    @Test
    void validation_is_thread_safe() throws Exception {
        EventType type = CatalogLoader.parse(Map.of()).find("START_EC2").orElseThrow();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Integer>> work = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                work.add(() -> {
                    int wrong = 0;
                    for (int j = 0; j < 5_000; j++) {
                        boolean valid = j % 2 == 0;
                        String body = valid ? "{\"instanceId\":\"i-1\"}" : "{\"instanceId\":\"\",\"seconds\":601}";
                        wrong += type.validate(Json.read(body)).size() == (valid ? 0 : 2) ? 0 : 1;
                    }
                    return wrong;
                });
            }
            for (Future<Integer> wrong : threads.invokeAll(work)) {
                assertThat(wrong.get()).isZero();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
