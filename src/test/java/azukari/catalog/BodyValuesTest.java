package azukari.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.platform.Json;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a value of the body is as a key. */
class BodyValuesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1|1",
                "1.0|1",
                "1e0|1",
                "\"1\"|1",
                "\"1.0\"|1.0",
                "100|100",
                "1e2|100",
                "-0.50|-0.5",
                "12345678901234567890123|12345678901234567890123",
                "1e300|1E+300",
                "10e299|1E+300",
                "1e101|1E+101",
                "100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000|1E+101",
                "true|true"
            })
    void equal_numbers_are_one_key(String value, String key) {
        assertThat(BodyValues.keyAt(Json.read("{\"id\":" + value + "}"), "/id")).isEqualTo(Optional.of(key));
    }
}
