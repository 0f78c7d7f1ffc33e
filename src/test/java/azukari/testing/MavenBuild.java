package azukari.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A project built by a Maven of its own against the artifacts that this build has just made. They are put into a local
 * repository that lives as long as the build; all else in it are links to what is in the user's, so that nothing is
 * fetched twice, and nothing of this build stays there.
 */
public final class MavenBuild {
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final Path WAR = TARGET.resolve("azukari.war");
    private static final String GROUP = "azukari";
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final Path folder;

    private MavenBuild(Path folder) {
        this.folder = folder;
    }

    /**
     * Runs {@code mvn package} in a copy of a project, in {@code target/it/<name>}; returns the copy.
     *
     * @throws AssertionError with the end of its log, when it fails
     */
    public static Path packaged(String name, Path project) {
        MavenBuild build = new MavenBuild(ItFolder.fresh(name));
        try {
            build.copy(project);
            build.makeRepository();
            try {
                build.run();
            } finally {
                Trees.delete(build.repository());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not build " + project, e);
        }
        return build.project();
    }

    private Path project() {
        return folder.resolve("project");
    }

    private Path repository() {
        return folder.resolve("repository");
    }

    private void copy(Path original) throws IOException {
        Trees.copy(original, project());
        Trees.delete(project().resolve("target")); // What somebody built by hand.
    }

    private void makeRepository() throws IOException {
        Files.createDirectories(repository());
        try (Stream<Path> groups = Files.list(usersRepository())) {
            for (Path group : groups.toList()) {
                if (!group.endsWith(GROUP)) {
                    Files.createSymbolicLink(repository().resolve(group.getFileName()), group.toAbsolutePath());
                }
            }
        }
        String version = version();
        Path artifacts = Files.createDirectories(
                repository().resolve(GROUP).resolve("azukari").resolve(version));
        Files.copy(Path.of("pom.xml"), artifacts.resolve("azukari-" + version + ".pom"));
        Files.copy(WAR, artifacts.resolve("azukari-" + version + ".war"));
        Files.copy(TARGET.resolve("azukari-classes.jar"), artifacts.resolve("azukari-" + version + "-classes.jar"));
    }

    private static String version() throws IOException {
        Properties properties = new Properties();
        try (FileSystem war = FileSystems.newFileSystem(WAR);
                InputStream in = Files.newInputStream(war.getPath("META-INF/maven/azukari/azukari/pom.properties"))) {
            properties.load(in);
        }
        return properties.getProperty("version");
    }

    private void run() {
        OsProcess maven = new OsProcess("Maven", folder.resolve("maven.log"));
        List<String> command = new ArrayList<>(List.of(
                mavenCommand(),
                "-B",
                "-f",
                project().resolve("pom.xml").toString(),
                "-Dmaven.repo.local=" + repository(),
                // The links are as good as files, whichever repository of the settings they came from.
                "-Dmaven.legacyLocalRepo=true"));
        String settings = System.getProperty("it.maven.settings", "");
        if (!settings.isEmpty() && Files.exists(Path.of(settings))) {
            command.addAll(List.of("-s", settings));
        }
        command.add("package");
        maven.start(command, Map.of());
        if (!maven.endedWithin(TIMEOUT)) {
            maven.kill9();
            throw new AssertionError("Maven did not end within " + TIMEOUT + ". " + maven.tail());
        }
        if (maven.exitCode() != 0) {
            throw new AssertionError("Maven ended with status " + maven.exitCode() + ". " + maven.tail());
        }
    }

    /** The Maven that runs this build; in an IDE, the one on the path. */
    private static String mavenCommand() {
        String home = System.getProperty("it.maven.home", "");
        return home.isEmpty() ? "mvn" : Path.of(home, "bin", "mvn").toString();
    }

    private static Path usersRepository() {
        String repository = System.getProperty("it.maven.repository", "");
        return repository.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".m2", "repository")
                : Path.of(repository);
    }
}
