package azukari.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import azukari.platform.Settings;
import azukari.testing.ItFolder;
import azukari.testing.Launch;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong settings end the start before anything is touched, with one line and nothing else. */
class SettingsFirstIT {

    /** A variable, its value, and what is said of it. */
    private record Wrong(String name, String value, String said) {}

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AZUKARI_HTTP_PROT|8081|AZUKARI_HTTP_PORT",
                "AZUKARI_RESCUE|1s|2000ms",
                "AZUKARI_RETENTION|0d|must be at least 1000ms"
            })
    void a_wrong_setting_is_one_line_and_leaves_nothing_behind(String name, String value, String said) {
        assertAllSaid(new Wrong(name, value, said));
    }

    @Test
    void all_that_cannot_be_understood_is_said_at_once() {
        assertAllSaid(
                new Wrong("AZUKARI_NOD", "one", "is not a setting of Azukari"),
                new Wrong("AZUKARI_LANE_FAST_MAX_SESSIONS", "4", "AZUKARI_LANE_NOTIFY_MAX_SESSIONS"),
                new Wrong("AZUKARI_HTTP_PORT", "http", "'http'"),
                new Wrong("AZUKARI_HTTP_ALLOWED_HOSTS", "jobs.example, http://jobs.example", "'http://jobs.example'"),
                new Wrong("AZUKARI_DATA_DIR", "${x}", "'${'"),
                new Wrong("AZUKARI_DB_URL", "mysql:x", "jdbc:postgresql:"),
                new Wrong("AZUKARI_BROKER_URL", "localhost", "tcp://host:port"),
                new Wrong("AZUKARI_LANE_OUTSIDE_MAX_SESSIONS", "many", "'many'"),
                new Wrong("AZUKARI_MAX_BODY", "much", "'much'"),
                new Wrong("AZUKARI_DRAIN", "soon", "'soon'"),
                new Wrong("AZUKARI_LOG", "verbose", "debug"));
    }

    @Test
    void all_that_is_not_allowed_is_said_at_once() {
        assertAllSaid(
                new Wrong("AZUKARI_HTTP_PORT", "65536", "'65536'"),
                new Wrong("AZUKARI_HTTP_HOST", "192.0.2.1", "'192.0.2.1'"),
                new Wrong("AZUKARI_HTTP_ALLOWED_HOSTS", "jobs.example,", "commas"),
                new Wrong("AZUKARI_CATALOG_DIR", "no-such-folder", "'no-such-folder'"),
                new Wrong("AZUKARI_DATA_DIR", "what?", "question mark"),
                new Wrong("AZUKARI_DB_URL", "jdbc:mysql:x", "jdbc:postgresql:"),
                new Wrong("AZUKARI_BROKER_PORT", "0", "'0'"),
                new Wrong("AZUKARI_LANE_LONG_MAX_SESSIONS", "0", "'0'"),
                new Wrong("AZUKARI_LANE_NOTIFY_MAX_SESSIONS", "-1", "'-1'"),
                new Wrong("AZUKARI_MAX_BODY", "2MiB", "1048576"),
                new Wrong("AZUKARI_DRAIN", "25h", "1d"),
                new Wrong("AZUKARI_RESCUE", "999999999999d", "1d"),
                new Wrong("AZUKARI_RETENTION", "999999999999d", "36500d"));
    }

    @Test
    void a_data_folder_that_is_a_file_is_left_as_it_is() {
        assertThat(Launch.ofServer("settings-first-file", Map.of("AZUKARI_DATA_DIR", "out.txt"))
                        .err())
                .contains("AZUKARI_DATA_DIR='out.txt' is not a folder");
    }

    /** The application checks the same once more, on servers without the launcher: both have to know the same. */
    @Test
    void launcher_and_application_say_the_same() {
        Map<String, String> wrong = Map.of(
                "AZUKARI_HTTP_PROT",
                "8081",
                "AZUKARI_LOG",
                "verbose",
                "AZUKARI_HTTP_ALLOWED_HOSTS",
                "a b",
                "AZUKARI_MAX_BODY",
                "much",
                "AZUKARI_DRAIN",
                "soon",
                "AZUKARI_RESCUE",
                "1s",
                "AZUKARI_RETENTION",
                "999999999999d");
        Throwable refused = catchThrowable(() -> Settings.read(
                wrong,
                key -> Optional.ofNullable(
                        wrong.get(key.toUpperCase(Locale.ROOT).replace('.', '_')))));
        assertThat(sorted(refusal(wrong))).isEqualTo(sorted(refused.getMessage()));
    }

    /** Starts a server with all of them: there is one problem for each, with its reason, and no other. */
    private static void assertAllSaid(Wrong... all) {
        Map<String, String> environment = Arrays.stream(all).collect(Collectors.toMap(Wrong::name, Wrong::value));
        List<String> problems = List.of(refusal(environment).split("; (?=AZUKARI_)", -1));
        assertThat(problems).hasSize(all.length);
        for (Wrong wrong : all) {
            assertThat(problems)
                    .filteredOn(problem -> problem.matches(wrong.name() + "[ =:].*"))
                    .singleElement()
                    .asString()
                    .contains(wrong.said());
        }
    }

    private static String sorted(String problems) {
        return problems.lines()
                .flatMap(line -> Arrays.stream(line.split("; ", -1)))
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    /** Starts a server that must refuse, and returns the reason. */
    private static String refusal(Map<String, String> environment) {
        String name = "settings-first";
        Launch launch = Launch.ofServer(name, environment);
        assertThat(launch.status()).isEqualTo(1);
        assertThat(launch.out()).isEmpty();
        assertThat(launch.err().lines()).hasSize(1);
        assertThat(launch.err()).startsWith("Azukari did not start: ").doesNotContain("Exception", "\tat ");
        assertThat(ItFolder.of(name).toFile().list()).containsExactlyInAnyOrder("out.txt", "err.txt");
        return launch.err().strip().substring("Azukari did not start: ".length());
    }
}
