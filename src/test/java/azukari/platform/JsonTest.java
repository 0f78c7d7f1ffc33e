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
    void readsJson(String text) throws Exception {
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
                    "\\ud800"      | a string holds half a surrogate pair, which is no Unicode character
                    {"\\udc00":1}  | Unexpected low surrogate in property name (DC00) without preceding high surrogate (line 1, column 9)
                    1e401         | a number has more than 400 digits
                    1e2147483648  | a number has more than 400 digits
                    1e99999999999 | a number has more than 400 digits
                    1e-9999999    | a number has more than 400 digits
                    """)
    void refusesWhatIsNoInteroperableJsonAndSaysWhere(String text, String message) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[1,]", "'a'", "// x\n1", "+1", ".5", "1.", "nul", "{a:1}", "\"a\tb\"", "[1 2]", "{\"a\":[1"})
    void refusesWhatOtherReadersLetPassAndSaysNothingOfJava(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(MalformedJsonException.class)
                .message()
                .contains("(line 1, column ")
                .doesNotContain("Feature", "Source", "tools.jackson", "`");
    }

    @Test
    void refusesNestingThatCouldExhaustTheStack() {
        assertThatThrownBy(() -> parse("[".repeat(401) + "]".repeat(401)))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessageContaining("nested more than 400 levels");
        assertThatThrownBy(() -> parse("[".repeat(100_000) + "]".repeat(100_000)))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessageContaining("nesting depth");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32BE", "UTF-32LE"})
    void refusesEveryEncodingButUtf8(String encoding) {
        byte[] text = "{\"a\":1}".getBytes(Charset.forName(encoding));
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(MalformedJsonException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"22c0af22", "22ff22", "22eda0bdedb88022", "22f490808022", "22c3"})
    void refusesMalformedUtf8(String bytes) {
        assertThatThrownBy(() -> Json.parse(HexFormat.of().parseHex(bytes)))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessage("the text is no UTF-8");
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
    void givesOneFingerprintToOneValue(String one, String other) throws Exception {
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
    void givesDifferentFingerprintsToDifferentValues(String one, String other) throws Exception {
        assertThat(Json.fingerprint(parse(one))).isNotEqualTo(Json.fingerprint(parse(other)));
    }

    @Test
    void writesAFingerprintAs64HexadecimalDigits() throws Exception {
        assertThat(Json.fingerprint(parse("{}"))).matches("[0-9a-f]{64}");
    }

    @Test
    void refusesUnknownPropertiesOfRecords() {
        assertThatThrownBy(() -> Json.mapper().readValue("{\"left\":1,\"right\":2}", Left.class))
                .isInstanceOf(UnrecognizedPropertyException.class);
    }

    @Test
    void keepsNumbersExactly() throws Exception {
        String text = "{\"price\":0.10000000000000000000001}";
        assertThat(Json.write(parse(text))).isEqualTo(text);
    }

    @Test
    void writesTimesByRfc3339() {
        assertThat(Json.write(Map.of("at", java.time.Instant.ofEpochSecond(0))))
                .isEqualTo("{\"at\":\"1970-01-01T00:00:00Z\"}");
    }

    record Left(int left) {}
}
