package azukari.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Creates the archive of loaded classes that the start script uses, for the Java runtime that this runs on: {@code java
 * -cp azukari.jar azukari.launcher.ArchiveMain}.
 *
 * <p>It starts a server for this purpose, with a data folder of its own and on a free port, sends it a few requests,
 * and stops it; another JVM then writes an archive of what the server loaded. The JVM's shortcut, an archive at exit,
 * is not used: that contains generated classes, too; see {@link #leaveOutMethodHandles}.
 */
public final class ArchiveMain {
    private static final int FIRST_WITH_CACHE = 24;

    private ArchiveMain() {}

    /** Creates the archive and exits; without it a start is only slower, so a failure is merely reported. */
    public static void main(String... args) {
        try {
            Installation installation =
                    new Installation(Installation.find().home().toRealPath());
            Path target = installation.file("archive").resolve(key());
            Path folder = target.resolveSibling("making");
            DataFolder unused = DataFolder.lock(folder);
            Thread end = new Thread(() -> end(folder), "azukari-archive-end");
            Runtime.getRuntime().addShutdownHook(end);
            make(installation, folder, target);
        } catch (StartException | IOException | InterruptedException e) {
            System.err.println("No class archive was created, so starts take longer: " + e.getMessage());
            Runtime.getRuntime().exit(1);
        }
    }

    /** Cleans up, also if this process is asked to stop. */
    private static void end(Path folder) {
        Trainee.endAll();
        try {
            DataFolder.deleteAll(folder);
        } catch (IOException e) {
            System.err.println("The folder " + folder + " could not be deleted: " + e);
        }
    }

    private static void make(Installation installation, Path folder, Path target)
            throws StartException, IOException, InterruptedException {
        boolean cache = Runtime.version().feature() >= FIRST_WITH_CACHE;
        Path loaded = folder.resolve("loaded");
        Path archive = folder.resolve("archive");
        String jar = installation.file("azukari.jar").toString();
        Trainee.run(
                folder,
                cache
                        ? List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + loaded, "-jar", jar)
                        : List.of("-XX:DumpLoadedClassList=" + loaded, "-jar", jar));
        if (!cache) {
            leaveOutMethodHandles(loaded);
        }
        Trainee.writer(
                folder,
                cache
                        ? List.of(
                                "-XX:AOTMode=create",
                                "-XX:AOTConfiguration=" + loaded,
                                "-XX:AOTCache=" + archive,
                                "-cp",
                                jar)
                        : List.of(
                                "-Xshare:dump",
                                "-XX:SharedClassListFile=" + loaded,
                                "-XX:SharedArchiveFile=" + archive,
                                "-cp",
                                jar));
        Files.move(archive, target, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Leaves out the forms of method handles: the JVM archives classes that it generates for them, and Java 17 crashes
     * with SIGSEGV when it loads one of those under Flight Recorder, or with an agent that transforms classes. They are
     * generated at run time instead.
     */
    private static void leaveOutMethodHandles(Path list) throws IOException {
        Files.write(
                list,
                Files.readAllLines(list).stream()
                        .filter(line -> !line.startsWith("@lambda-form-invoker"))
                        .toList());
    }

    /**
     * The key by which the start script identifies this Java runtime: the POSIX checksum of its {@code release} file.
     */
    private static String key() throws IOException {
        return Long.toString(Cksum.of(Files.readAllBytes(Path.of(System.getProperty("java.home"), "release"))));
    }
}
