package azukari.node;

import azukari.platform.Ids;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * This process's hold on its data folder: a locked file that contains the instance's id. A process that holds the lock
 * and finds its own id in the node's row knows that the process that wrote the row is dead (rule 5).
 */
final class InstanceFolder implements AutoCloseable {
    private static final String FILE = "instance";
    private static final int UUID_LENGTH = 36;

    private final FileChannel channel;
    private final UUID instance;

    private InstanceFolder(FileChannel channel, UUID instance) {
        this.channel = channel;
        this.instance = instance;
    }

    /**
     * Locks the folder's file until this process ends or the lock is closed; a new folder gets a new id.
     *
     * @throws IllegalStateException if another process holds the lock, or the folder can't be written to
     */
    static InstanceFolder lock(Path folder) {
        try {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(
                    folder.resolve(FILE), StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
            if (!locked(channel)) {
                channel.close();
                throw new IllegalStateException("another process is using the data folder " + folder.toAbsolutePath());
            }
            try {
                return new InstanceFolder(channel, instanceIn(channel));
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the data folder " + folder.toAbsolutePath() + " can't be used: " + e.getMessage(), e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock(); // Held until the channel is closed.
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static UUID instanceIn(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(UUID_LENGTH);
        channel.read(text, 0);
        if (text.position() == UUID_LENGTH) {
            return parsed(new String(text.array(), StandardCharsets.US_ASCII));
        }
        UUID fresh = Ids.next();
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(fresh.toString().getBytes(StandardCharsets.US_ASCII)), 0);
        channel.force(true);
        return fresh;
    }

    private static UUID parsed(String text) throws IOException {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new IOException("the file " + FILE + " does not contain an id; delete it to get a new one", e);
        }
    }

    UUID instance() {
        return instance;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
