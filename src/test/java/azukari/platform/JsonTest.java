package azukari.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

class JsonTest {

    private static JsonNode parse(String text) throws MalformedJsonException {
        return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "true",
                "\"ü€😀\"",
                "-0.5e-3",
                " {\"a\" : [1, {\"b\": null}]} ",
                "\"\\ud83d\\ude00\""
            })
    void json_is_read(String text) throws Exception {
        assertThat(parse(text)).isEqualTo(Json.read(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``            | the text is empty
                    `  `          | the text is empty
                    {             | Unexpected end-of-input: expected close marker for Object (line 1, column 2)
                    {} {}         | something follows the JSON value (line 1, column 4)
                    {"a":1,"a":2} | Duplicate Object property "a" (line 1, column 11)
                    NaN           | Non-standard token 'NaN' (line 1, column 4)
                    01            | Invalid numeric value: Leading zeroes not allowed (line 1, column 2)
                    "\\ud800"      | a string contains half a surrogate pair, which is not a Unicode character
                    {"\\udc00":1}  | Unexpected low surrogate in property name (DC00) without preceding high surrogate (line 1, column 9)
                    1e401         | a number has more than 400 digits
                    1e2147483648  | a number has more than 400 digits
                    1e99999999999 | a number has more than 400 digits
                    1e-9999999    | a number has more than 400 digits
                    """)
    void text_that_is_not_interoperable_json_is_refused_with_the_reason(String text, String message) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[1,]", "'a'", "// x\n1", "+1", ".5", "1.", "nul", "{a:1}", "\"a\tb\"", "[1 2]", "{\"a\":[1"})
    void what_lenient_readers_accept_is_refused_without_java_terms(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(MalformedJsonException.class)
                .message()
                .contains("(line 1, column ")
                .doesNotContain("Feature", "Source", "tools.jackson", "`");
    }

    @Test
    void nesting_that_could_exhaust_the_stack_is_refused() {
        assertThatThrownBy(() -> parse("[".repeat(401) + "]".repeat(401)))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessageContaining("nested more than 400 levels");
        assertThatThrownBy(() -> parse("[".repeat(100_000) + "]".repeat(100_000)))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessageContaining("nesting depth");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32BE", "UTF-32LE"})
    void every_encoding_but_utf_8_is_refused(String encoding) {
        byte[] text = "{\"a\":1}".getBytes(Charset.forName(encoding));
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(MalformedJsonException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"22c0af22", "22ff22", "22eda0bdedb88022", "22f490808022", "22c3"})
    void malformed_utf_8_is_refused(String bytes) {
        assertThatThrownBy(() -> Json.parse(HexFormat.of().parseHex(bytes)))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessage("the text is not valid UTF-8");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"a":1,"b":[true,null]} | { "b" : [ true , null ], "a" : 1 }
                    1                       | 1.0
                    1                       | 1e0
                    1200                    | 12e2
                    0                       | -0.0
                    0.1                     | 1E-1
                    "A"                     | "\\u0041"
                    {"x":{"b":1,"a":2}}     | {"x":{"a":2,"b":1.00}}
                    """)
    void equal_values_have_the_same_fingerprint(String one, String other) throws Exception {
        assertThat(Json.fingerprint(parse(one))).isEqualTo(Json.fingerprint(parse(other)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    1                   | "1"
                    null                | "null"
                    []                  | {}
                    [1,2]               | [2,1]
                    [1,[2]]             | [[1],2]
                    {"a":null}          | {}
                    9007199254740993    | 9007199254740992
                    0.1                 | 0.10000000000000001
                    {"a":"b,c"}         | {"a":"b","c":""}
                    """)
    void different_values_have_different_fingerprints(String one, String other) throws Exception {
        assertThat(Json.fingerprint(parse(one))).isNotEqualTo(Json.fingerprint(parse(other)));
    }

    @Test
    void a_fingerprint_has_64_hexadecimal_digits() throws Exception {
        assertThat(Json.fingerprint(parse("{}"))).matches("[0-9a-f]{64}");
    }

    @Test
    void unknown_properties_of_records_are_refused() {
        assertThatThrownBy(() -> Json.mapper().readValue("{\"left\":1,\"right\":2}", Left.class))
                .isInstanceOf(UnrecognizedPropertyException.class);
    }

    @Test
    void numbers_are_kept_exactly() throws Exception {
        String text = "{\"price\":0.10000000000000000000001}";
        assertThat(Json.write(parse(text))).isEqualTo(text);
    }

    @Test
    void times_are_written_as_in_rfc_3339() {
        assertThat(Json.write(Map.of("at", java.time.Instant.ofEpochSecond(0))))
                .isEqualTo("{\"at\":\"1970-01-01T00:00:00Z\"}");
    }

    record Left(int left) {}
}
