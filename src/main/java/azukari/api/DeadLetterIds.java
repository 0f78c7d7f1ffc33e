package azukari.api;

import azukari.platform.Json;
import azukari.platform.MalformedJsonException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads which dead letters to retry: {@code {"ids": [...]}}, or an empty body for all. */
final class DeadLetterIds {
    private static final int MAX_BYTES = 1024 * 1024;
    private static final int MAX_IDS = 500;

    private DeadLetterIds() {}

    /**
     * Returns the ids without duplicates; empty means all.
     *
     * @throws ProblemException 400, 413, 415 or 422 if there is a body of any other form
     */
    static List<String> read(InputStream body, HttpHeaders headers) {
        if (headers.getMediaType() == null && isEmpty(body)) {
            return List.of();
        }
        if (headers.getMediaType() == null || !headers.getMediaType().isCompatible(MediaType.APPLICATION_JSON_TYPE)) {
            throw new ProblemException(FailureMapper.unsupportedMediaType("send Content-Type: application/json"));
        }
        byte[] text = RequestBody.read(body, headers, MAX_BYTES);
        return text.length == 0 ? List.of() : ids(parse(text));
    }

    private static boolean isEmpty(InputStream body) {
        try {
            return body.read() < 0;
        } catch (IOException e) {
            throw ProblemException.badRequest("the body ended early: " + e.getMessage());
        }
    }

    private static JsonNode parse(byte[] text) {
        try {
            return Json.parse(text);
        } catch (MalformedJsonException e) {
            throw ProblemException.malformedJson(e);
        }
    }

    private static List<String> ids(JsonNode document) {
        boolean known = document.isObject()
                && document.size() == 1
                && document.path("ids").isArray();
        if (!known || document.path("ids").isEmpty() || document.path("ids").size() > MAX_IDS) {
            throw invalid("send {\"ids\": […]} with 1 to " + MAX_IDS + " ids, or no body to retry all");
        }
        Set<String> ids = new LinkedHashSet<>();
        for (JsonNode id : document.path("ids")) {
            if (!id.isString()) {
                throw invalid("each id must be a string from the list of dead letters");
            }
            ids.add(id.asString());
        }
        return List.copyOf(ids);
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(Problem.of(422, "invalid-request", "Invalid request", detail));
    }
}
