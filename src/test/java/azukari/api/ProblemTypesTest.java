package azukari.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a client may be refused with is in the documents that clients read. */
class ProblemTypesTest {
    private static final Pattern PROBLEM =
            Pattern.compile("(?:new Problem|Problem\\.of)\\(\\s*(\\d{3}),\\s*\"([a-z-]+)\"");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d{3}) \\| `([a-z-]+)` \\|");

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1) + " " + match.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void every_type_of_problem_is_documented() throws IOException {
        Set<String> types = new TreeSet<>();
        try (Stream<Path> sources = Files.list(Path.of("src", "main", "java", "azukari", "api"))) {
            for (Path source : sources.toList()) {
                types.addAll(found(PROBLEM, Files.readString(source)));
            }
        }

        assertThat(types).contains("422 invalid-limits", "422 invalid-event").hasSizeGreaterThan(5);
        assertThat(found(ROW, Files.readString(Path.of("docs", "api.md")))).containsAll(types);
    }

    @Test
    void the_open_api_document_shows_an_invalid_limit() throws IOException {
        assertThat(Files.readString(Path.of("src", "main", "resources", "openapi.yaml")))
                .contains("urn:azukari:problem:invalid-limits");
    }
}
