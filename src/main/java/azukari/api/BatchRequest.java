package azukari.api;

import azukari.catalog.Violation;
import azukari.intake.Batch;
import azukari.intake.Submission;
import azukari.platform.Json;
import azukari.platform.MalformedJsonException;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a batch, posted as one JSON document or as one event a line; reports everything that is wrong with its envelopes. */
final class BatchRequest {
    /** Newline-delimited JSON. */
    static final String LINES = "application/x-ndjson";

    private static final int MOST_ITEMS = 10_000;
    private static final int MOST_VIOLATIONS = 100;
    private static final Set<String> FIELDS = Set.of("requestId", "submitter", "items");

    private final String submitter;
    private final List<Submission> items = new ArrayList<>();
    private final List<Violation> violations = new ArrayList<>();
    private int invalid = -1;

    private BatchRequest(String submitter) {
        this.submitter = submitter;
    }

    /**
     * Reads one JSON document.
     *
     * @param idempotencyKeys the header's values; null or empty if absent
     * @throws ProblemException 400 if the text is not JSON, 422 if it is not a batch
     */
    static Batch read(byte[] text, List<String> idempotencyKeys) {
        EventFields batch = EventFields.parse(text, "items");
        batch.names().stream()
                .filter(name -> !FIELDS.contains(name))
                .forEach(name -> batch.refuseMember(name, "is not a field of a batch"));
        JsonNode items = batch.get("items");
        if (items == null || !items.isArray() || items.isEmpty() || items.size() > MOST_ITEMS) {
            batch.refuse("/items", "must be a list of 1 to " + MOST_ITEMS + " events");
        }
        BatchRequest request = of(batch);
        String requestId = requestId(batch, idempotencyKeys);
        for (JsonNode item : items) {
            request.add(item);
        }
        return request.batch(requestId);
    }

    /**
     * Reads one event a line; empty lines are skipped.
     *
     * @param parameters may contain the batch's {@code requestId} and {@code submitter}
     * @param idempotencyKeys the header's values; null or empty if absent
     * @throws ProblemException 400 if a line is not JSON, 422 if it is not an event
     */
    static Batch readLines(byte[] text, MultivaluedMap<String, String> parameters, List<String> idempotencyKeys) {
        ObjectNode envelope = Json.object();
        parameters.forEach((name, values) -> envelope.put(name, values.get(0)));
        EventFields batch = EventFields.of(envelope);
        batch.names().stream()
                .filter(name -> !FIELDS.contains(name) || name.equals("items"))
                .forEach(name -> batch.refuseMember(name, "is not a parameter of a batch"));
        BatchRequest request = of(batch);
        String requestId = requestId(batch, idempotencyKeys);
        int begin = 0;
        for (int end = 0; end <= text.length; end++) {
            if (end == text.length || text[end] == '\n') {
                request.addLine(text, begin, end);
                begin = end + 1;
            }
        }
        if (request.items.isEmpty() && request.invalid < 0) {
            batch.refuse("", "must have 1 to " + MOST_ITEMS + " lines, each with an event");
            batch.check();
        }
        return request.batch(requestId);
    }

    private static BatchRequest of(EventFields batch) {
        return new BatchRequest(batch.submitter());
    }

    private static String requestId(EventFields batch, List<String> idempotencyKeys) {
        String requestId = batch.requestId(batch.name("requestId", null), "/requestId", idempotencyKeys);
        batch.check();
        return requestId;
    }

    private void addLine(byte[] text, int begin, int end) {
        byte[] line = Arrays.copyOfRange(text, begin, end);
        if (isBlank(line)) {
            return;
        }
        if (index() == MOST_ITEMS) {
            throw new ProblemException(new Problem(
                    422,
                    "invalid-event",
                    "Invalid batch",
                    "a batch has at most " + MOST_ITEMS + " events",
                    List.of(new Violation("/items", "must be a list of 1 to " + MOST_ITEMS + " events"))));
        }
        try {
            add(Json.parse(line));
        } catch (MalformedJsonException e) {
            throw new ProblemException(new Problem(
                    400,
                    "malformed-json",
                    "Malformed JSON",
                    "item " + index() + ": " + e.getMessage(),
                    List.of(),
                    index()));
        }
    }

    private static boolean isBlank(byte[] line) {
        for (byte character : line) {
            if (character != ' ' && character != '\t' && character != '\r') {
                return false;
            }
        }
        return true;
    }

    private int index() {
        return items.size();
    }

    /** What is invalid is remembered in the place of its event, so that each keeps its index. */
    private void add(JsonNode item) {
        int index = index();
        Submission read = null;
        try {
            read = EventRequest.read(item, submitter);
        } catch (ProblemException e) {
            invalid = invalid < 0 ? index : invalid;
            e.problem().errors().stream()
                    .limit(MOST_VIOLATIONS - violations.size())
                    .map(found -> new Violation("/items/" + index + found.pointer(), found.detail()))
                    .forEach(violations::add);
        }
        items.add(read);
    }

    private Batch batch(String requestId) {
        if (invalid >= 0) {
            throw new ProblemException(new Problem(
                    422,
                    "invalid-event",
                    "Invalid batch",
                    "item " + invalid + " is invalid; see 'errors'. Nothing was stored",
                    violations,
                    invalid));
        }
        return new Batch(requestId, submitter, items);
    }
}
