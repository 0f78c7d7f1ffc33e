package azukari.testkit;

import azukari.catalog.Catalog;
import azukari.catalog.CatalogException;
import azukari.catalog.CatalogLoader;
import azukari.catalog.EventType;
import azukari.handler.Handler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Tests a handler together with its event type's document, without a server:
 *
 * <pre>{@code
 * HandlerKit kit = HandlerKit.eventType("RESIZE_IMAGE", Path.of("src/main/resources/event-types"));
 *
 * RunReport report = kit.run(new ResizeImageHandler(), "{\"image\": \"cats/1.png\"}");
 *
 * assertEquals(JobState.SUCCEEDED, report.state());
 * }</pre>
 *
 * <p>The documents are read, the body is checked, the handler is called and its outcome is judged by the code that does so in
 * the server. What needs a server is not there: the database (whether it takes the outcome), CDI (the test makes the handler
 * itself), the runs that would follow. Never changes; safe for use by many threads, and best kept in a constant.
 */
public final class HandlerKit {
    private final Catalog catalog;
    private final EventType type;

    private HandlerKit(Catalog catalog, String code) {
        this.catalog = catalog;
        this.type = catalog.find(code)
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no event type " + code + ", but only " + String.join(", ", catalog.codes())));
    }

    /**
     * An event type of a folder.
     *
     * @param code the event type's code
     * @param folder where its document lies, and those of the event types that it names under {@code emits}, {@code
     *     onSucceeded} and {@code onFailed}; those that come with Azukari are known
     * @throws CatalogException when a document would be refused at the start; names file, place and reason
     * @throws IllegalArgumentException when there is no such folder, or no such event type in it
     */
    public static HandlerKit eventType(String code, Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("there is no folder " + folder.toAbsolutePath());
        }
        return new HandlerKit(CatalogLoader.load(Optional.of(folder)), code);
    }

    /**
     * An event type that comes with Azukari.
     *
     * @throws IllegalArgumentException when there is none of this code
     */
    public static HandlerKit bundled(String code) {
        return new HandlerKit(CatalogLoader.load(Optional.empty()), code);
    }

    /**
     * An event to run: posted by {@code anonymous} just now, and run for the first time. What is to be different is said on
     * what this returns.
     *
     * @param body a JSON text
     * @throws InvalidBodyException when {@code POST /api/events} would refuse the body
     */
    public EventRun event(String body) {
        return new EventRun(catalog, type, body);
    }

    /**
     * Runs an event for the first time; short for {@code event(body).handledBy(handler)}.
     *
     * @param handler made by the test; its class says what the body is mapped to
     * @param body a JSON text
     * @throws InvalidBodyException when {@code POST /api/events} would refuse the body
     * @throws IllegalArgumentException when the document names another handler
     */
    public <B> RunReport run(Handler<B> handler, String body) {
        return event(body).handledBy(handler);
    }
}
