package azukari.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import azukari.platform.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What scalars mean: the core schema of YAML 1.2. */
class YamlReaderTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            010      | 10
            +5       | 5
            -0       | 0
            0x1F     | 31
            0o17     | 15
            .5       | 0.5
            -.5e1    | -5
            5.       | 5
            1.10     | 1.10
            1e3      | 1E+3
            TRUE     | true
            False    | false
            ~        | null
            NULL     | null
            &x 010   | "010"
            '010'    | "010"
            "TRUE"   | "TRUE"
            '~'      | "~"
            yes      | "yes"
            1_000    | "1_000"
            0b1      | "0b1"
            1:30     | "1:30"
            +        | "+"
            .        | "."
            """)
    void a_plain_scalar_means_what_the_core_schema_says(String written, String json) throws Exception {
        assertThat(YamlReader.read("é😀: x\nvalue: " + written + "\n")
                        .path("value")
                        .toString())
                .isEqualTo(Json.read(json).toString());
        assertThat(YamlReader.read("[é, " + written + "]").path(1).toString())
                .isEqualTo(Json.read(json).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {".inf", "-.Inf", ".NaN", ".nan"})
    void what_json_has_no_number_for_is_refused(String written) {
        assertThatThrownBy(() -> YamlReader.read("value: " + written))
                .isInstanceOf(UnreadableYamlException.class)
                .hasMessageContaining("not a number in JSON");
    }

    @Test
    void a_block_is_a_string_whatever_it_says() throws Exception {
        assertThat(YamlReader.read("value: |-\n  010\n").path("value").asString())
                .isEqualTo("010");
        assertThat(YamlReader.read("value: |-\n  010\n").path("value").isString())
                .isTrue();
    }
}
