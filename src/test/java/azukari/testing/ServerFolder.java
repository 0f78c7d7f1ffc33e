package azukari.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The built product: the folder that holds the launcher's jar and the WAR; or that folder with another WAR. */
public final class ServerFolder {
    private static final Path BUILT = Path.of("target", "server");
    private static final String JAR = "azukari.jar";
    private static final String WAR = "azukari.war";
    private static final int FIRST_WITH_AOT_CACHE = 24;

    private final Path folder;
    /** What is deployed instead of the folder's own WAR; null for that one. */
    private final Path war;

    private ServerFolder(Path folder, Path war) {
        this.folder = folder;
        this.war = war;
    }

    /** As the build left it, and as a user runs it. */
    public static ServerFolder built() {
        return new ServerFolder(BUILT, null);
    }

    static ServerFolder at(Path folder) {
        return new ServerFolder(folder, null);
    }

    /**
     * What the build left, with a copy of the WAR that holds these classes as well, each with its nested ones; a class of the same name is replaced. For what only a test
     * may do, such as a CDI alternative that does the wrong thing.
     */
    public static ServerFolder changed(String name, Class<?>... added) {
        return changed(BUILT, name, added);
    }

    static ServerFolder changed(Path original, String name, Class<?>... added) {
        try {
            Path war = Files.createDirectories(ItFolder.of(name)).resolve(WAR);
            Files.copy(original.resolve(WAR), war, StandardCopyOption.REPLACE_EXISTING);
            try (FileSystem content = FileSystems.newFileSystem(war)) {
                for (Class<?> each : added) {
                    add(each, content.getPath("WEB-INF", "classes"));
                }
            }
            return new ServerFolder(original, war);
        } catch (IOException e) {
            throw new UncheckedIOException("could not change a copy of the WAR in " + original, e);
        }
    }

    /** A copy of what the build left, with another WAR in the place of its own: what a team does with its overlay. */
    public static ServerFolder deploying(String name, Path war) {
        ServerFolder copy = copy(name);
        try {
            Files.copy(war, copy.folder.resolve(WAR), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("could not put " + war + " into " + copy.folder, e);
        }
        return copy;
    }

    /** A copy of what the build left, with another {@code broker.xml}. */
    static ServerFolder withBroker(String name, String xml) {
        ServerFolder copy = copy(name);
        try {
            Files.writeString(copy.folder.resolve("broker.xml"), xml);
        } catch (IOException e) {
            throw new UncheckedIOException("could not configure the broker in " + copy.folder, e);
        }
        return copy;
    }

    private static ServerFolder copy(String name) {
        Path copy = ItFolder.of(name).resolve("server");
        try {
            Trees.delete(copy);
            Trees.copy(BUILT, copy);
        } catch (IOException e) {
            throw new UncheckedIOException("could not copy " + BUILT, e);
        }
        return at(copy);
    }

    /**
     * Rewrites a text file in the copy of the WAR.
     *
     * @param file its path in the WAR
     */
    public ServerFolder edit(String file, UnaryOperator<String> edit) {
        if (war == null) {
            throw new IllegalStateException("what the build left is not to be changed; take a changed copy");
        }
        try (FileSystem content = FileSystems.newFileSystem(war)) {
            Path path = content.getPath(file);
            Files.writeString(path, edit.apply(Files.readString(path)));
        } catch (IOException e) {
            throw new UncheckedIOException("could not edit " + file + " in " + war, e);
        }
        return this;
    }

    /** What the launcher has to be told to deploy this; null if it finds it by itself. */
    Path war() {
        return war;
    }

    Path jar() {
        Path jar = folder.resolve(JAR).toAbsolutePath();
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(jar + " is missing: build it first, with 'mvn package'");
        }
        return jar;
    }

    /**
     * The options by which a JVM uses the archive of classes that the build made; none without one. A JVM that it does not fit, as
     * after a change of the folder, leaves it aside.
     */
    List<String> archived() {
        Path archives = folder.resolve("archive");
        if (!Files.isDirectory(archives)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(archives)) {
            return files.filter(file -> file.getFileName().toString().matches("\\d+"))
                    .findFirst()
                    .map(file -> using(file.toAbsolutePath()))
                    .orElse(List.of());
        } catch (IOException e) {
            throw new UncheckedIOException("could not look for an archive in " + folder, e);
        }
    }

    private static List<String> using(Path archive) {
        return Runtime.version().feature() >= FIRST_WITH_AOT_CACHE
                ? List.of("-XX:AOTCache=" + archive, "-Xlog:aot*=off", "-Xlog:cds*=off")
                : List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + archive, "-Xlog:cds*=off");
    }

    private static void add(Class<?> type, Path classes) throws IOException {
        Path source = CodeSources.of(type)
                .resolve(type.getPackageName().replace('.', '/'))
                .toAbsolutePath();
        String outer = type.getName().substring(type.getName().lastIndexOf('.') + 1);
        List<Path> files;
        try (Stream<Path> all = Files.list(source)) {
            files = all.filter(file -> isOf(outer, file.getFileName().toString()))
                    .toList();
        }
        Path target = classes.resolve(type.getPackageName().replace('.', '/'));
        Files.createDirectories(target);
        for (Path file : files) {
            Files.copy(file, target.resolve(file.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static boolean isOf(String outer, String file) {
        return file.equals(outer + ".class") || (file.startsWith(outer + "$") && file.endsWith(".class"));
    }
}
