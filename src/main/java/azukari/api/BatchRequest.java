package azukari.api;

import azukari.intake.Batch;
import azukari.intake.InvalidEventException;
import azukari.intake.Submission;
import azukari.platform.Json;
import azukari.platform.LongList;
import azukari.platform.LongList.Range;
import azukari.platform.MalformedJsonException;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ObjectNode;

/** Reads a batch, posted as one JSON document or as one event a line. Its events are only located; the intake reads each in turn. */
final class BatchRequest {
    /** Newline-delimited JSON. */
    static final String LINES = "application/x-ndjson";

    private static final int MOST_ITEMS = 10_000;
    private static final Set<String> FIELDS = Set.of("requestId", "submitter", "items");

    private final byte[] text;
    private final int longest;

    /** @param longest the length of an event, in bytes, beyond which it is refused */
    BatchRequest(byte[] text, int longest) {
        this.text = text;
        this.longest = longest;
    }

    /**
     * Reads one JSON document.
     *
     * @param idempotencyKeys the header's values; null or empty if absent
     * @throws ProblemException 400 if the text is not JSON, 422 if it is not a batch
     */
    Batch document(List<String> idempotencyKeys) {
        LongList located;
        try {
            located = LongList.locate(text, "items", MOST_ITEMS);
        } catch (MalformedJsonException e) {
            throw ProblemException.malformedJson(e);
        }
        return batch(EventFields.object(located.rest(), "items"), located.elements(), idempotencyKeys);
    }

    /**
     * Reads one event a line; empty lines are skipped.
     *
     * @param parameters may contain the batch's {@code requestId} and {@code submitter}
     * @param idempotencyKeys the header's values; null or empty if absent
     * @throws ProblemException 422 if there is no event or are too many
     */
    Batch lines(MultivaluedMap<String, String> parameters, List<String> idempotencyKeys) {
        ObjectNode envelope = Json.object();
        parameters.forEach((name, values) -> {
            if (values.size() == 1) {
                envelope.put(name, values.get(0));
            } else {
                envelope.putArray(name); // Given more than once, it is no string.
            }
        });
        return batch(EventFields.of(envelope), lineRanges(), idempotencyKeys);
    }

    private List<Range> lineRanges() {
        List<Range> lines = new ArrayList<>();
        int begin = 0;
        for (int end = 0; end <= text.length; end++) {
            if (end == text.length || text[end] == '\n') {
                if (!isBlank(begin, end) && lines.size() <= MOST_ITEMS) {
                    lines.add(new Range(begin, end));
                }
                begin = end + 1;
            }
        }
        return lines;
    }

    private boolean isBlank(int begin, int end) {
        return IntStream.range(begin, end).allMatch(i -> text[i] == ' ' || text[i] == '\t' || text[i] == '\r');
    }

    private Batch batch(EventFields envelope, List<Range> items, List<String> idempotencyKeys) {
        envelope.names().stream()
                .filter(name -> !FIELDS.contains(name))
                .forEach(name -> envelope.refuseMember(name, "is not a field of a batch"));
        if (items.isEmpty() || items.size() > MOST_ITEMS) {
            envelope.refuse("/items", "must be a list of 1 to " + MOST_ITEMS + " events");
        }
        String submitter = envelope.submitter();
        String requestId = envelope.requestId(envelope.name("requestId", null), "/requestId", idempotencyKeys);
        envelope.check();
        return new Batch(
                requestId,
                submitter,
                IntStream.range(0, items.size())
                        .<Batch.Item>mapToObj(index -> () -> item(index, items.get(index), submitter))
                        .toList());
    }

    private Submission item(int index, Range range, String submitter) throws InvalidEventException {
        if (range.end() - range.begin() > longest) {
            throw InvalidEventException.at("", "is longer than " + longest + " bytes");
        }
        if (range.begin() == range.end()) {
            throw InvalidEventException.at("", "must be an object with a member 'code'");
        }
        try {
            return EventRequest.read(Json.parse(Arrays.copyOfRange(text, range.begin(), range.end())), submitter);
        } catch (MalformedJsonException e) {
            throw new ProblemException(new Problem(
                    400,
                    "malformed-json",
                    "Malformed JSON",
                    "item " + index + ": " + e.getMessage(),
                    List.of(),
                    index));
        } catch (ProblemException e) {
            throw new InvalidEventException(e.problem().detail(), e.problem().errors());
        }
    }
}
