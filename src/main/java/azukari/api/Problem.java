package azukari.api;

import azukari.catalog.Violation;
import azukari.platform.Json;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A problem document (RFC 9457).
 *
 * @param type the last part of its URI, {@code urn:azukari:problem:…}
 * @param errors where the posted document is invalid; may be empty
 * @param index of the first event of a batch that is invalid, from 0; null if no single one is
 */
record Problem(int status, String type, String title, String detail, List<Violation> errors, Integer index) {
    private static final int UNAVAILABLE = 503;
    private static final int RETRY_AFTER_SECONDS = 2;
    static final String MEDIA_TYPE = "application/problem+json";
    private static final String TYPES = "urn:azukari:problem:";

    Problem(int status, String type, String title, String detail, List<Violation> errors) {
        this(status, type, title, detail, errors, null);
    }

    static Problem of(int status, String type, String title, String detail) {
        return new Problem(status, type, title, detail, List.of());
    }

    /** Builds the response and counts the problem. */
    Response.ResponseBuilder response() {
        ProblemMeters.count(type);
        Response.ResponseBuilder response =
                Response.status(status).type(MEDIA_TYPE).entity(text());
        return status == UNAVAILABLE ? response.header("Retry-After", RETRY_AFTER_SECONDS) : response;
    }

    /** Answers with it, outside JAX-RS, and counts the problem. */
    void send(HttpServletResponse to) throws IOException {
        ProblemMeters.count(type);
        byte[] text = text().getBytes(StandardCharsets.UTF_8);
        to.setStatus(status);
        to.setContentType(MEDIA_TYPE);
        to.setContentLength(text.length);
        to.getOutputStream().write(text);
    }

    /** The document as JSON. */
    String text() {
        ObjectNode document = Json.object();
        document.put("type", TYPES + type);
        document.put("title", title);
        document.put("status", status);
        document.put("detail", detail);
        if (index != null) {
            document.put("index", index);
        }
        if (!errors.isEmpty()) {
            ArrayNode list = document.putArray("errors");
            errors.forEach(
                    error -> list.addObject().put("pointer", error.pointer()).put("detail", error.detail()));
        }
        return Json.write(document);
    }
}
