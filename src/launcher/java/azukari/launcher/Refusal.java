package azukari.launcher;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.util.Header;
import org.glassfish.grizzly.http.util.HttpStatus;
import org.glassfish.grizzly.memory.Buffers;

/**
 * An answer that the door itself gives, as the application would: a problem document (RFC 9457), and the last on its
 * connection.
 *
 * @param type the last part of the problem's URI
 * @param title what it is called, without a character that JSON would escape, as in the detail
 */
record Refusal(HttpStatus status, String type, String title, String detail) {
    private static final int RETRY_AFTER_SECONDS = 2;

    /** Answers the request with it. */
    void send(Connection<?> connection, HttpRequestPacket request) {
        byte[] document = ("{\"type\":\"urn:azukari:problem:" + type + "\",\"title\":\"" + title + "\",\"status\":"
                        + status.getStatusCode() + ",\"detail\":\"" + detail + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        HttpResponsePacket response = request.getResponse();
        response.setStatus(status);
        response.setContentType("application/problem+json");
        response.setContentLength(document.length);
        if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
            response.setHeader(Header.RetryAfter, Integer.toString(RETRY_AFTER_SECONDS));
        }
        request.getProcessingState().setKeepAlive(false);
        Future<?> unused = connection.write(HttpContent.builder(response)
                .content(Buffers.wrap(connection.getMemoryManager(), document))
                .last(true)
                .build());
    }
}
