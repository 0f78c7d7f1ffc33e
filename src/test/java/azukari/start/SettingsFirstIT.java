package azukari.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import azukari.platform.Settings;
import azukari.testing.ItFolder;
import azukari.testing.Launch;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong setting ends the start before anything is touched, with one line and nothing else. */
class SettingsFirstIT {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AZUKARI_HTTP_PROT|8081|AZUKARI_HTTP_PORT",
                "AZUKARI_LANE_FAST_MAX_SESSIONS|4|AZUKARI_LANE_NOTIFY_MAX_SESSIONS",
                "AZUKARI_HTTP_PORT|65536|'65536'",
                "AZUKARI_HTTP_HOST|192.0.2.1|'192.0.2.1'",
                "AZUKARI_HTTP_ALLOWED_HOSTS|jobs.example, http://jobs.example|'http://jobs.example'",
                "AZUKARI_HTTP_ALLOWED_HOSTS|jobs.example,|commas",
                "AZUKARI_CATALOG_DIR|no-such-folder|'no-such-folder'",
                "AZUKARI_DB_URL|jdbc:mysql:x|jdbc:postgresql:",
                "AZUKARI_BROKER_URL|localhost|tcp://host:port",
                "AZUKARI_BROKER_PORT|0|'0'",
                "AZUKARI_LANE_LONG_MAX_SESSIONS|0|'0'",
                "AZUKARI_LANE_NOTIFY_MAX_SESSIONS|-1|'-1'",
                "AZUKARI_LANE_OUTSIDE_MAX_SESSIONS|many|'many'",
                "AZUKARI_MAX_BODY|2MiB|1048576",
                "AZUKARI_MAX_BODY|much|'much'",
                "AZUKARI_DRAIN|soon|'soon'",
                "AZUKARI_RESCUE|1s|2000ms",
                "AZUKARI_RETENTION|0d|1000ms",
                "AZUKARI_RETENTION|999999999999d|36500d",
                "AZUKARI_RESCUE|999999999999d|1d",
                "AZUKARI_DRAIN|25h|1d",
                "AZUKARI_DATA_DIR|what?|question mark",
                "AZUKARI_DATA_DIR|${x}|'${'",
                "AZUKARI_LOG|verbose|debug"
            })
    void a_wrong_setting_is_one_line_and_leaves_nothing_behind(String name, String value, String said) {
        assertThat(refusal(Map.of(name, value))).contains(name, said);
    }

    @Test
    void all_that_is_wrong_is_said_at_once() {
        assertThat(refusal(Map.of("AZUKARI_DRAIN", "soon", "AZUKARI_HTTP_PORT", "http", "AZUKARI_NOD", "one")))
                .contains("AZUKARI_DRAIN", "AZUKARI_HTTP_PORT", "AZUKARI_NOD ");
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

    private static String sorted(String problems) {
        return problems.lines()
                .flatMap(line -> java.util.Arrays.stream(line.split("; ", -1)))
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
        assertThat(launch.err()).startsWith("Azukari did not start: ");
        assertThat(ItFolder.of(name).resolve(Path.of("data"))).doesNotExist();
        return launch.err().strip().substring("Azukari did not start: ".length());
    }
}
