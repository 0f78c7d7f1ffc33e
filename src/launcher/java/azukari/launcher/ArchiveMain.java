package azukari.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Makes the archive of loaded classes that the start script uses, for the Java that this runs on:
 * {@code java -cp azukari.jar azukari.launcher.ArchiveMain}.
 *
 * <p>A server is started for it, with a data folder of its own and on a port that happens to be free, gets a few requests, and
 * is stopped; what it loaded is then written by another JVM. Not by the JVM's shorter way, an archive at its exit: that
 * holds classes that were generated, too; see {@link #leaveOutMethodHandles}.
 */
public final class ArchiveMain {
    private static final int FIRST_WITH_CACHE = 24;

    private ArchiveMain() {}

    /** Makes it and ends; without it a start is slower, so a failure is only said. */
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
            System.err.println("There is no archive of classes, so that starts take longer: " + e.getMessage());
            Runtime.getRuntime().exit(1);
        }
    }

    /** Also when this process is asked to stop. */
    private static void end(Path folder) {
        Trainee.endAll();
        try {
            DataFolder.deleteAll(folder);
        } catch (IOException e) {
            System.err.println("The folder " + folder + " stays behind: " + e);
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
     * The forms of method handles: the JVM archives classes that it generates for them, and Java 17 ends with SIGSEGV when it
     * loads one of those under Flight Recorder, or with an agent that changes classes. They are made at run time instead.
     */
    private static void leaveOutMethodHandles(Path list) throws IOException {
        Files.write(
                list,
                Files.readAllLines(list).stream()
                        .filter(line -> !line.startsWith("@lambda-form-invoker"))
                        .toList());
    }

    /** What the start script knows this Java by: the POSIX checksum of its file {@code release}. */
    private static String key() throws IOException {
        return Long.toString(Cksum.of(Files.readAllBytes(Path.of(System.getProperty("java.home"), "release"))));
    }
}
