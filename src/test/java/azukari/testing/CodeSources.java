package azukari.testing;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where a class was loaded from. */
final class CodeSources {
    private CodeSources() {}

    /** The jar or folder that holds the class. */
    static Path of(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(type + " does not come from a file", e);
        }
    }
}
