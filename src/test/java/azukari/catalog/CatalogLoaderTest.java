package azukari.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import azukari.platform.Json;
import azukari.platform.Lane;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogLoaderTest {
    private static final Pattern YAML_BLOCK = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    private List<Problem> problems() {
        return catchThrowableOfType(CatalogException.class, () -> CatalogLoader.load(Optional.of(folder)))
                .problems();
    }

    @Test
    void the_bundled_event_types_are_loaded() {
        Catalog catalog = CatalogLoader.load(Optional.empty());
        assertThat(catalog.codes()).containsExactly("CREATE_ALARM", "NOOP", "START_EC2");
        assertThat(catalog.items()).extracting(EventType::code).containsExactly("CREATE_ALARM", "NOOP", "START_EC2");
        assertThat(catalog.find("NONE")).isEmpty();

        EventType noop = catalog.find("NOOP").orElseThrow();
        assertThat(noop.handler()).isEqualTo(new HandlerSpec.BeanHandler("noop"));
        assertThat(noop.lane()).isEqualTo(Lane.DEFAULT);
        for (String any : List.of("null", "1", "\"x\"", "[]", "{\"a\":{}}")) {
            assertThat(noop.validate(Json.read(any))).isEmpty();
        }

        EventType alarm = catalog.find("CREATE_ALARM").orElseThrow();
        assertThat(alarm.handler()).isEqualTo(new HandlerSpec.BeanHandler("createAlarm"));
        assertThat(alarm.lane()).isEqualTo(Lane.NOTIFY);
        assertThat(alarm.source()).isEqualTo("CREATE_ALARM.yaml");
    }

    @Test
    void the_simulated_start_of_a_machine_is_bundled() {
        EventType start = CatalogLoader.load(Optional.empty()).find("START_EC2").orElseThrow();
        assertThat(start.handler()).isEqualTo(new HandlerSpec.BeanHandler("startEc2"));
        assertThat(start.lane()).isEqualTo(Lane.LONG);
        assertThat(start.timeout()).isEqualTo(Duration.ofMinutes(15));
        assertThat(start.onSucceeded()).containsExactly("CREATE_ALARM");
        assertThat(start.onFailed()).containsExactly("CREATE_ALARM");
        assertThat(start.validate(Json.read("{\"instanceId\":\"i\",\"seconds\":600,\"fail\":true}")))
                .isEmpty();
        assertThat(start.validate(Json.read("{\"instanceId\":\"\",\"seconds\":601,\"fail\":1,\"x\":1}")))
                .extracting(Violation::pointer)
                .containsExactlyInAnyOrder("/instanceId", "/seconds", "/fail", "/x");
        assertThat(start.validate(Json.read("{}")))
                .containsExactly(new Violation("", "required property 'instanceId' not found"));
    }

    /** As on the class path of handler authors. */
    @Test
    void the_bundled_event_types_are_loaded_from_a_jar() throws Exception {
        Path jar = folder.resolve("with a space.jar");
        Path classes = Path.of("target", "classes");
        try (FileSystem archive = FileSystems.newFileSystem(jar, Map.of("create", "true"));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = archive.getPath(classes.relativize(file).toString());
                Files.createDirectories(archive.getPath("/").resolve(copy).getParent());
                Files.copy(file, copy);
            }
        }
        URL[] path = Stream.concat(
                        Stream.of(jar),
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                                .filter(entry -> entry.endsWith(".jar"))
                                .map(Path::of))
                .map(CatalogLoaderTest::url)
                .toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
            Class<?> theirs = loader.loadClass(CatalogLoader.class.getName());
            for (int i = 0; i < 2; i++) {
                Object catalog = theirs.getMethod("load", Optional.class).invoke(null, Optional.empty());
                assertThat(catalog.getClass().getMethod("codes").invoke(catalog))
                        .asInstanceOf(InstanceOfAssertFactories.collection(String.class))
                        .containsExactly("CREATE_ALARM", "NOOP", "START_EC2");
            }
        }
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void the_documents_of_a_folder_are_added() throws Exception {
        Files.writeString(folder.resolve("b.yml"), Documents.with("code", "B"));
        Files.writeString(folder.resolve("a.YAML"), "\ufeff" + Documents.with("code", "A"));
        Files.writeString(folder.resolve(".hidden.yaml"), "[");
        Files.writeString(folder.resolve("readme.txt"), "[");
        Files.writeString(Files.createDirectory(folder.resolve("sub")).resolve("c.yaml"), "[");
        assertThat(CatalogLoader.load(Optional.of(folder)).codes())
                .containsExactly("A", "B", "CREATE_ALARM", "NOOP", "START_EC2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"channels.yaml", "channels.yml"})
    void channels_stand_in_a_file_of_their_own(String name) throws Exception {
        Files.writeString(folder.resolve(name), """
                channels:
                  - {name: north, rate: 2/s, concurrency: 20}
                  - {name: south, rate: 90/m}
                  - {name: east}
                """);
        assertThat(CatalogLoader.load(Optional.of(folder)).channels())
                .containsExactly(
                        new Channel("east", Optional.empty(), Optional.empty()),
                        new Channel("north", Optional.of(new Rate(2, 's')), Optional.of(20)),
                        new Channel("south", Optional.of(new Rate(90, 'm')), Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    channels: 7                               | /channels | must be a list of channels, such as [{name: north, rate: 2/s}]
                    channels: [{rate: 2/s}]                   | /channels/0/name | is required
                    channels: [{name: North}]                 | /channels/0/name | must be a small letter followed by up to 63 small letters, digits and -
                    channels: [{name: a}, {name: a}]          | /channels/1/name | channel a is declared twice
                    channels: [{name: a, rate: 0/s}]          | /channels/0/rate | '0/s' is not a valid rate: write a whole number from 1 up to 10,000 a second and one of /s, /m, /h, such as 2/s
                    channels: [{name: a, rate: 2 per second}] | /channels/0/rate | '2 per second' is not a valid rate: write a whole number from 1 up to 10,000 a second and one of /s, /m, /h, such as 2/s
                    channels: [{name: a, rate: 10001/s}]      | /channels/0/rate | a rate must be at least one call in the period, and at most 10,000 a second
                    channels: [{name: a, concurrency: 0}]     | /channels/0/concurrency | must be a whole number from 1 to 100000
                    channels: [{name: a, burst: 3}]           | /channels/0/burst | is not a known field; expected one of: name, rate, concurrency
                    """)
    void wrong_channels_are_refused(String text, String pointer, String reason) throws Exception {
        Path file = Files.writeString(folder.resolve("channels.yaml"), text);
        assertThat(problems()).containsExactly(new Problem(file.toString(), pointer, reason));
    }

    @Test
    void files_that_are_not_readable_text_are_refused() throws Exception {
        Files.write(folder.resolve("a.yaml"), new byte[] {'a', ':', ' ', (byte) 0xff});
        Files.writeString(folder.resolve("b.yaml"), "#".repeat(1024 * 1024 + 1));
        Files.createDirectory(folder.resolve("c.yaml"));
        assertThat(problems())
                .containsExactly(
                        new Problem(folder.resolve("a.yaml").toString(), "", "is not valid UTF-8"),
                        new Problem(folder.resolve("b.yaml").toString(), "", "is larger than 1 MiB"),
                        new Problem(folder.resolve("c.yaml").toString(), "", "is not a regular file"));
    }

    @Test
    void a_missing_folder_is_refused() {
        Path none = folder.resolve("none");
        assertThatThrownBy(() -> CatalogLoader.load(Optional.of(none)))
                .isInstanceOf(CatalogException.class)
                .hasMessage("The catalogue of event types has a problem:\n  " + none
                        + ": AZUKARI_CATALOG_DIR must name a folder, but this path does not exist");
    }

    @Test
    void a_file_instead_of_the_folder_is_refused() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> CatalogLoader.load(Optional.of(file)))
                .hasMessageEndingWith("AZUKARI_CATALOG_DIR must name a folder, but this path is not a folder");
    }

    @Test
    void the_examples_in_the_manual_are_valid() throws Exception {
        Matcher block = YAML_BLOCK.matcher(Files.readString(Path.of("docs/event-types.md")));
        int count = 0;
        while (block.find()) {
            count++;
            CatalogLoader.parse(Map.of("block-" + count + ".yaml", block.group(1)));
        }
        assertThat(count).isEqualTo(2);
    }

    @Test
    void the_example_of_three_marketplaces_is_valid() {
        Catalog catalog = CatalogLoader.load(Optional.of(Path.of("examples/marketplaces/catalog")));

        assertThat(catalog.find("PUBLISH_PRODUCT").orElseThrow().fanOut()).hasSize(3);
        assertThat(catalog.channels()).hasSize(3);
    }

    @Test
    void the_outcome_document_in_the_manual_is_accepted() throws Exception {
        String manual = Files.readString(Path.of("docs/event-types.md"));
        String outcome = manual.substring(manual.indexOf("```json") + 7, manual.lastIndexOf("```"));
        EventType alarm =
                CatalogLoader.load(Optional.empty()).find("CREATE_ALARM").orElseThrow();
        assertThat(alarm.validate(Json.read(outcome))).isEmpty();
    }
}
