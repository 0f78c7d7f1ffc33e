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
 * <p>Documents are read, the body is validated, the handler is called and its outcome is evaluated by the same code as in the
 * server. Whatever needs a server is missing: the database (which stores the outcome), CDI (the test creates the handler), and
 * the runs that would follow. Immutable and safe for concurrent use; best kept in a constant.
 */
public final class HandlerKit {
    private final Catalog catalog;
    private final EventType type;

    private HandlerKit(Catalog catalog, String code) {
        this.catalog = catalog;
        this.type = catalog.find(code)
                .orElseThrow(() -> new IllegalArgumentException("event type " + code
                        + " does not exist; the event types are " + String.join(", ", catalog.codes())));
    }

    /**
     * A kit for an event type in a folder.
     *
     * @param code the event type's code
     * @param folder contains its document and those of the event types listed in its {@code emits}, {@code onSucceeded} and
     *     {@code onFailed}, except the ones bundled with Azukari
     * @throws CatalogException if a document would fail the server's startup; lists file, location and reason
     * @throws IllegalArgumentException if the folder, or an event type with this code, does not exist
     */
    public static HandlerKit eventType(String code, Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("folder " + folder.toAbsolutePath() + " does not exist");
        }
        return new HandlerKit(CatalogLoader.load(Optional.of(folder)), code);
    }

    /**
     * A kit for an event type bundled with Azukari.
     *
     * @throws IllegalArgumentException if there is no bundled event type with this code
     */
    public static HandlerKit bundled(String code) {
        return new HandlerKit(CatalogLoader.load(Optional.empty()), code);
    }

    /**
     * Prepares an event: by default posted just now by {@code anonymous} and run for the first time; the returned object
     * changes that.
     *
     * @param body JSON text
     * @throws InvalidBodyException if {@code POST /api/events} would refuse the body
     */
    public EventRun event(String body) {
        return new EventRun(catalog, type, body);
    }

    /**
     * Runs an event for the first time; a shorthand for {@code event(body).handledBy(handler)}.
     *
     * @param handler created by the test; its class determines what the body is mapped to
     * @param body JSON text
     * @throws InvalidBodyException if {@code POST /api/events} would refuse the body
     * @throws IllegalArgumentException if the document names another handler
     */
    public <B> RunReport run(Handler<B> handler, String body) {
        return event(body).handledBy(handler);
    }
}
