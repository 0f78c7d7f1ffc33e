package azukari.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folders under {@code target/it} in which tests leave logs and data, to be looked at when a test has failed. */
public final class ItFolder {
    private ItFolder() {}

    public static Path of(String name) {
        return Path.of("target", "it", name).toAbsolutePath();
    }

    /** The folder, emptied of what an earlier run of the tests left. */
    public static Path fresh(String name) {
        Path folder = of(name);
        try {
            Trees.delete(folder);
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("could not empty " + folder, e);
        }
    }
}
