package azukari.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A folder owned by one process, which holds an exclusive lock on it from before anything is touched until the process
 * ends.
 *
 * <p>The operating system releases the lock when the process dies, however it dies.
 */
final class DataFolder {
    /** A lock lives as long as its channel is reachable; these are to live as long as the process. */
    private static final Set<FileLock> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;

    private DataFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Creates the folder if necessary and locks it.
     *
     * @throws StartException if another process has it, or it can't be written to
     */
    static DataFolder lock(Path folder) throws StartException {
        try {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(
                    folder.resolve("server.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new StartException("the data folder " + folder
                        + " is in use by another Azukari process; stop it, or set AZUKARI_DATA_DIR to another folder");
            }
            HELD.add(lock);
            return new DataFolder(folder);
        } catch (IOException e) {
            throw new StartException(
                    "the data folder " + folder + " cannot be written to (" + e
                            + "); set AZUKARI_DATA_DIR to one that can",
                    e);
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** The folder of the broker's journal. */
    Path journal() {
        return folder.resolve("broker");
    }

    /**
     * An empty folder for what Payara Micro unpacks: in that of an earlier start it would find its resources already
     * configured, and refuse to configure them.
     */
    Path emptyServerRoot() throws StartException {
        Path root = folder.resolve("payara");
        try {
            deleteAll(root);
            Files.createDirectories(root);
            return root;
        } catch (IOException e) {
            throw new StartException("the folder " + root + " cannot be emptied (" + e + "); delete it", e);
        }
    }

    static void deleteAll(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> found = Files.walk(root)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
