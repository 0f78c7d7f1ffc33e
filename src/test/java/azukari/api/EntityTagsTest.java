package azukari.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagsTest {
    private static final String TAG = EntityTags.of("a document");

    @Test
    void another_document_has_another_tag() {
        assertThat(EntityTags.of("a document")).isEqualTo(TAG).isNotEqualTo(EntityTags.of("a document "));
        assertThat(TAG).matches("[A-Za-z0-9_-]{16}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "\"TAG\"", "W/\"TAG\"", "\"x\", \"TAG\"", " \"x\" , W/\"y\",\"TAG\" "})
    void a_listed_tag_matches(String line) {
        assertThat(EntityTags.anyMatches(List.of(line.replace("TAG", TAG)), TAG))
                .isTrue();
        assertThat(EntityTags.anyMatches(List.of("\"x\"", line.replace("TAG", TAG)), TAG))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "TAG", "\"TAG", "\"x\"", "\"x TAG\"", "x, \"TAG\"", "\"TAG\"x"})
    void an_unlisted_tag_does_not_match(String line) {
        assertThat(EntityTags.anyMatches(List.of(line.replace("TAG", TAG)), TAG))
                .isFalse();
        assertThat(EntityTags.anyMatches(null, TAG)).isFalse();
    }
}
