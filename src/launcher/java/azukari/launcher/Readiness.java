package azukari.launcher;

import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.time.Duration;

/** Asks the application itself whether it is ready: that the server is up does not prove it. */
final class Readiness {
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(15);
    /** How long nobody may be listening: as long as a busy machine may need to open a socket. */
    private static final Duration LONGEST_REFUSED = Duration.ofSeconds(30);

    private static final int PATIENCE_MILLIS = 5_000;

    private final URL health;

    Readiness(String api) throws StartException {
        try {
            this.health = URI.create(api + "/health/ready").toURL();
        } catch (IOException | IllegalArgumentException e) {
            throw new StartException("'" + api + "' is not a valid address; set AZUKARI_HTTP_HOST", e);
        }
    }

    /**
     * Returns when the application reports that it is ready, however long a database takes to come back.
     *
     * @throws StartException if the application gave up, or HTTP was not opened
     */
    void await() throws StartException, InterruptedException {
        long reportedAt = System.nanoTime();
        long listenedAt = reportedAt;
        while (true) {
            String answer = ask();
            if (answer.startsWith("200")) {
                return;
            }
            StartFailure.check();
            if (!answer.startsWith(ConnectException.class.getName())) {
                listenedAt = System.nanoTime();
            } else if (System.nanoTime() - listenedAt > LONGEST_REFUSED.toNanos()) {
                throw new StartException(
                        "HTTP was not opened: " + health + " answers " + answer + "; see the log above");
            }
            if (System.nanoTime() - reportedAt > REPORT_INTERVAL.toNanos()) {
                Logging.info("Not ready yet: " + health + " answers " + answer);
                reportedAt = System.nanoTime();
            }
            Thread.sleep(PAUSE.toMillis());
        }
    }

    private String ask() {
        try {
            HttpURLConnection connection = (HttpURLConnection) health.openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            connection.setUseCaches(false);
            try {
                return connection.getResponseCode() + " " + connection.getResponseMessage();
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return e.toString();
        }
    }
}
