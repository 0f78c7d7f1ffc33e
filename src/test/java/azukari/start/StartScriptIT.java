package azukari.start;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.ItFolder;
import azukari.testing.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which Java the script runs, and how; a Java that prints its arguments and its process takes the real one's place. */
class StartScriptIT {
    private static final Path SCRIPT = Path.of("target", "server", "azukari").toAbsolutePath();

    /** JDKs that are only a file {@code release} and a program: {@code jdk17}, {@code jdk25}. */
    private Path folder;

    private Path installation;

    @BeforeEach
    void prepare() throws IOException {
        folder = ItFolder.fresh("start script");
        installation = Files.createDirectories(folder.resolve("in stallation"));
        Files.copy(SCRIPT, installation.resolve("azukari"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        for (String version : List.of("17.0.15", "25.0.3")) {
            Path jdk = folder.resolve("jdk" + version.substring(0, 2));
            Files.createDirectories(jdk.resolve("bin"));
            Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
            Path java = jdk.resolve("bin").resolve("java");
            Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\necho \"process $$\"\nexit 7\n");
            Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void it_gives_heap_and_jar_and_ends_as_java_does() {
        Launch launch = run(installation.resolve("azukari"), Map.of("JAVA_HOME", jdk(17)));
        assertThat(launch.status()).isEqualTo(7);
        assertThat(launch.err()).isEmpty();
        assertThat(launch.out().lines())
                .containsSubsequence(
                        "-Xmx1g",
                        "-Djdk.nio.maxCachedBufferSize=262144",
                        "-jar",
                        installation.resolve("azukari.jar").toString())
                .noneMatch(line -> line.contains("Archive") || line.contains("AOT"));
    }

    @Test
    void a_collector_in_java_opts_is_the_only_one() {
        Launch launch = run(
                installation.resolve("azukari"), Map.of("JAVA_HOME", jdk(17), "JAVA_OPTS", "-Xmx2g -XX:+UseSerialGC"));
        assertThat(launch.out().lines().filter(line -> line.matches("-XX:\\+Use.*GC")))
                .containsExactly("-XX:+UseSerialGC");
    }

    @Test
    void what_java_opts_say_comes_later_and_wins() {
        Launch launch =
                run(installation.resolve("azukari"), Map.of("JAVA_HOME", jdk(17), "JAVA_OPTS", "-Xmx2g -Dname=value"));
        assertThat(launch.out().lines()).containsSubsequence("-Xmx1g", "-Xmx2g", "-Dname=value", "-jar");
    }

    @Test
    void it_is_found_through_symbolic_links_relative_and_absolute() throws IOException {
        Path elsewhere = Files.createDirectories(folder.resolve("else where"));
        Path first = Files.createSymbolicLink(elsewhere.resolve("one"), Path.of("..", "in stallation", "azukari"));
        Path second = Files.createSymbolicLink(elsewhere.resolve("two"), first);
        assertThat(run(second, Map.of("JAVA_HOME", jdk(17))).out().lines())
                .contains(installation.resolve("azukari.jar").toString());
    }

    @Test
    void without_java_home_the_java_on_the_path_is_run() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("java"), Path.of(jdk(25), "bin", "java"));
        Launch launch = run(
                installation.resolve("azukari"), Map.of("JAVA_HOME", "", "PATH", bin + ":" + System.getenv("PATH")));
        assertThat(launch.out().lines()).contains("--sun-misc-unsafe-memory-access=allow", "-Xmx1g");
    }

    @Test
    void a_java_home_without_java_ends_the_start_with_one_line() {
        Launch launch = run(installation.resolve("azukari"), Map.of("JAVA_HOME", folder + "/nowhere"));
        assertThat(launch.status()).isEqualTo(1);
        assertThat(launch.out()).isEmpty();
        assertThat(launch.err().lines()).singleElement().asString().contains("JAVA_HOME", "nowhere");
    }

    /** The archive is named after the checksum of the file {@code release}. */
    @Test
    void each_java_gets_its_own_archive_and_no_other() throws IOException {
        Path archives = Files.createDirectories(installation.resolve("archive"));
        Path of17 = Files.createFile(archives.resolve(sum(jdk(17))));
        assertThat(run(installation.resolve("azukari"), Map.of("JAVA_HOME", jdk(17)))
                        .out()
                        .lines())
                .contains("-XX:SharedArchiveFile=" + of17, "-Xshare:auto");
        assertThat(run(installation.resolve("azukari"), Map.of("JAVA_HOME", jdk(25)))
                        .out())
                .doesNotContain("AOTCache", of17.toString());

        Path of25 = Files.createFile(archives.resolve(sum(jdk(25))));
        assertThat(run(installation.resolve("azukari"), Map.of("JAVA_HOME", jdk(25)))
                        .out()
                        .lines())
                .contains("-XX:AOTCache=" + of25);
    }

    @ParameterizedTest
    @CsvSource({"1, true", "4, true", "5, false", "64, false", "undefined, false"})
    void few_processors_get_more_compiler_threads(String processors, boolean more) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("processors"));
        Path getconf = Files.writeString(bin.resolve("getconf"), "#!/bin/sh\necho " + processors + "\n");
        assertThat(getconf.toFile().setExecutable(true)).isTrue();
        List<String> options = run(
                        installation.resolve("azukari"),
                        Map.of("JAVA_HOME", jdk(17), "PATH", bin + ":" + System.getenv("PATH")))
                .out()
                .lines()
                .toList();
        assertThat(options.contains("-XX:CICompilerCount=5")).isEqualTo(more);
    }

    /** So that a signal reaches the JVM: the shell's process is the JVM's. */
    @Test
    void the_shell_becomes_java() {
        Launch launch = Launch.of(
                "start script run",
                Map.of("JAVA_HOME", jdk(17)),
                List.of(
                        "sh",
                        "-c",
                        "echo \"process $$\"; exec \"$1\"",
                        "sh",
                        installation.resolve("azukari").toString()));
        List<String> processes =
                launch.out().lines().filter(line -> line.startsWith("process ")).toList();
        assertThat(processes).hasSize(2);
        assertThat(processes.get(0)).isEqualTo(processes.get(1));
    }

    private Launch run(Path script, Map<String, String> environment) {
        return Launch.of("start script run", environment, List.of(script.toString()));
    }

    private String jdk(int version) {
        return folder.resolve("jdk" + version).toString();
    }

    private static String sum(String jdk) {
        Launch sum = Launch.of("start script sum", Map.of(), List.of("sh", "-c", "cksum <\"$1/release\"", "sh", jdk));
        return sum.out().split(" ", -1)[0];
    }
}
