package azukari.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.time.Duration;

/**
 * Reads the server's own OpenAPI document once a second in its first minutes: a GET request with a long response that costs
 * the database nothing (the metrics would begin to poll it). The JVM compiles a hot method for what it has seen so
 * far: had it seen nothing but POST requests, the first GET request would throw away the compiled code of the whole HTTP
 * stack, and under full load on two processors the server would have half its rate for ten seconds until that is compiled
 * again.
 */
final class FirstMinutes {
    private static final Duration LENGTH = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int PATIENCE_MILLIS = 5_000;

    private FirstMinutes() {}

    /** @param api the address of the API of a server that is ready */
    static void begin(String api) {
        Thread thread = new Thread(() -> run(URI.create(api + "/openapi")), "azukari-first-minutes");
        thread.setDaemon(true);
        thread.start();
    }

    private static void run(URI document) {
        long end = System.nanoTime() + LENGTH.toNanos();
        try {
            URL url = document.toURL();
            while (System.nanoTime() < end) {
                read(url);
                Thread.sleep(PAUSE.toMillis());
            }
        } catch (IOException e) {
            Logging.debug("The server's own OpenAPI document is no longer read: " + e); // As during a stop.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void read(URL url) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        try (InputStream body = connection.getInputStream()) {
            body.readAllBytes();
        }
    }
}
