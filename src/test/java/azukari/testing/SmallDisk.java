package azukari.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A file system of its own that can be filled up; where the tests may mount one. */
public final class SmallDisk implements AutoCloseable {
    private static final int CHUNK = 64 * 1024;
    private static final int LONGEST_SECONDS = 30;

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** A new one; empty where mounting is not permitted. */
    public static Optional<SmallDisk> mount(String name, int mebibytes) {
        Path folder = ItFolder.fresh(name);
        return run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", folder.toString())
                ? Optional.of(new SmallDisk(folder))
                : Optional.empty();
    }

    public Path folder() {
        return folder;
    }

    /** Writes until there is no space left. */
    public void fill() {
        byte[] chunk = new byte[CHUNK];
        try (OutputStream out = Files.newOutputStream(filling())) {
            while (true) {
                out.write(chunk);
            }
        } catch (IOException full) {
            if (folder.toFile().getUsableSpace() >= CHUNK) {
                throw new UncheckedIOException(full);
            }
        }
    }

    public void free() {
        try {
            Files.deleteIfExists(filling());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path filling() {
        return folder.resolve("filling");
    }

    @Override
    public void close() {
        if (!run("umount", "--lazy", folder.toString())) {
            throw new IllegalStateException("could not unmount " + folder);
        }
    }

    private static boolean run(String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .start();
            process.getInputStream().readAllBytes();
            return process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException notThere) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
