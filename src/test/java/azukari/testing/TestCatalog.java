package azukari.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A folder of event types whose work is a call of the test's {@link HttpTarget}, and which end in an alarm. */
public final class TestCatalog {
    private final Path folder;

    private TestCatalog(Path folder) {
        this.folder = folder;
    }

    /** A new, empty folder in {@code target/it/<name>}. */
    public static TestCatalog named(String name) {
        return new TestCatalog(ItFolder.fresh(name));
    }

    /** Adds an event type with these limits. */
    public TestCatalog outside(String code, URI url, String limits) {
        return write(code, """
                code: %s
                title: Call the outside
                description: Work that is done by an HTTP target in the test.
                owner: tests
                body: {type: object}
                examples: [{}]
                handler: {http: {method: POST, url: "%s", timeout: 60s}}
                lane: outside
                onSucceeded: [CREATE_ALARM]
                onFailed: [CREATE_ALARM]
                %s
                """.formatted(code, url, limits.strip()));
    }

    /** Adds an event type with these limits that is only a call, and tells nobody of its success. */
    public TestCatalog calling(String code, URI url, String limits) {
        return write(code, """
                code: %s
                title: Call the outside
                description: One call of an HTTP target in the test.
                owner: tests
                body: {type: object}
                examples: [{key: k, number: 1}]
                handler: {http: {method: POST, url: "%s", timeout: 30s}}
                lane: outside
                %s
                """.formatted(code, url, limits.strip()));
    }

    private TestCatalog write(String code, String type) {
        try {
            Files.writeString(folder.resolve(code.toLowerCase(Locale.ROOT) + ".yaml"), type);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("could not write the catalogue", e);
        }
    }

    public Path folder() {
        return folder;
    }
}
