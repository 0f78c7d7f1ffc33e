package azukari.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of one stream of server-sent events, as the HTML standard has them (section 9.2). */
public final class EventSource implements AutoCloseable {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final HttpResponse<InputStream> response;
    private final List<Event> events = new ArrayList<>();
    private boolean over;
    private int comments;

    /** One event; its data is JSON. */
    public record Event(String id, String name, JsonNode data) {}

    private EventSource(HttpResponse<InputStream> response) {
        this.response = response;
    }

    /**
     * Opens a stream under {@code /api/}; returns when its head is there.
     *
     * @param lastEventId null for none
     */
    public static EventSource open(URI server, String path, String lastEventId) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.resolve("/api/").resolve(path)).header("Accept", "text/event-stream");
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        try {
            EventSource source = new EventSource(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
            Thread reader = new Thread(source::read, "event-source");
            reader.setDaemon(true);
            reader.start();
            return source;
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + path, e);
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String id = null;
            String name = "message";
            String data = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    add(id, name, data);
                    name = "message";
                    data = "";
                } else if (line.startsWith(":")) {
                    countComment();
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data += line.substring(6);
                }
            }
        } catch (IOException e) {
            // The connection was cut, by us or by the server: that is the end of it.
        } finally {
            end();
        }
    }

    private synchronized void add(String id, String name, String data) {
        if (!data.isEmpty()) {
            events.add(new Event(id, name, JsonMapper.shared().readTree(data)));
        }
    }

    private synchronized void countComment() {
        comments++;
    }

    private synchronized void end() {
        over = true;
    }

    public int status() {
        return response.statusCode();
    }

    public String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** What came so far. */
    public synchronized List<Event> events() {
        return List.copyOf(events);
    }

    /** Lines that tell nothing, but that the stream goes on. */
    public synchronized int comments() {
        return comments;
    }

    /** Whether the stream has ended. */
    public synchronized boolean isOver() {
        return over;
    }

    /** Cuts the connection. */
    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
