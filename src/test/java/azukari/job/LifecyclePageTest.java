package azukari.job;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.job.Transitions.Transition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/job-lifecycle.md}: what stands between its marks is generated from the table of transitions. {@code mvn test
 * -Dtest=LifecyclePageTest -Ddocs.write} writes it anew; without that, a page that is stale fails.
 */
class LifecyclePageTest {
    private static final Path PAGE = Path.of("docs", "job-lifecycle.md");
    private static final String BEGIN = "<!-- generated from the table of transitions -->\n";
    private static final String END = "<!-- end of what is generated -->\n";

    @Test
    void the_page_shows_the_table_as_it_is() throws IOException {
        String page = Files.readString(PAGE);
        String fresh = page.substring(0, page.indexOf(BEGIN) + BEGIN.length())
                + generated()
                + page.substring(page.indexOf(END));
        if (System.getProperty("docs.write") != null) {
            Files.writeString(PAGE, fresh);
        }

        assertThat(Files.readString(PAGE))
                .as("docs/job-lifecycle.md is stale: mvn test -Dtest=LifecyclePageTest -Ddocs.write")
                .isEqualTo(fresh);
    }

    private static String generated() {
        StringBuilder text = new StringBuilder("\n```mermaid\nstateDiagram-v2\n");
        for (Transition row : Transitions.all()) {
            text.append("    ")
                    .append(row.from() == null ? "[*]" : row.from())
                    .append(" --> ")
                    .append(row.to())
                    .append(": ")
                    .append(row.event())
                    .append('\n');
        }
        for (JobState state : JobState.values()) {
            if (state.ended() && Transitions.all().stream().anyMatch(row -> row.to() == state)) {
                text.append("    ").append(state).append(" --> [*]\n");
            }
        }
        text.append("```\n\n| from | event | to | cause |\n| --- | --- | --- | --- |\n");
        for (Transition row : Transitions.all()) {
            text.append("| ")
                    .append(row.from() == null ? "" : "`" + row.from() + "`")
                    .append(" | `")
                    .append(row.event())
                    .append("` | `")
                    .append(row.to())
                    .append("` | ")
                    .append(row.event().cause())
                    .append(" |\n");
        }
        return text.append('\n').toString();
    }
}
