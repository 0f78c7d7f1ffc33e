package azukari.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The code in docs/handlers.md is that of the example, which {@code OverlayIT} builds and runs. */
class HandlersPageTest {
    private static final Path EXAMPLE = Path.of("examples", "overlay");
    private static final Pattern VERSION = Pattern.compile("<version(?:\\.azukari)?>([^<]*)</");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "src/main/resources/event-types/WELCOME_CUSTOMER.yaml",
                "src/main/java/shop/welcome/WelcomeCustomerHandler.java",
                "src/test/java/shop/welcome/WelcomeCustomerHandlerTest.java"
            })
    void the_page_shows_the_example_verbatim(String file) throws IOException {
        String page = Files.readString(Path.of("docs", "handlers.md"));

        String shown = Files.readString(EXAMPLE.resolve(file)).replaceFirst("(?s)^package .*?;\n\n(?!import)", "");

        assertThat(page).contains("```" + (file.endsWith(".java") ? "java" : "yaml") + "\n" + shown + "```");
    }

    @Test
    void the_example_overlays_this_version() throws IOException {
        assertThat(version(EXAMPLE.resolve("pom.xml"), "<version.azukari>"))
                .isEqualTo(version(Path.of("pom.xml"), "<version>"));
    }

    private static String version(Path pom, String element) throws IOException {
        String text = Files.readString(pom);
        Matcher matcher = VERSION.matcher(text.substring(text.indexOf(element)));
        assertThat(matcher.lookingAt()).as(element + " in " + pom).isTrue();
        return matcher.group(1);
    }
}
