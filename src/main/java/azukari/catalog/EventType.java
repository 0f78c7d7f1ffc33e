package azukari.catalog;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A documented kind of work, with all defaults filled in. Nothing is null; the trees must not be changed.
 *
 * @param code its name in events, {@code [A-Z][A-Z0-9_]{0,63}}
 * @param title one line
 * @param description what it does, for those who post it
 * @param owner the team that answers for it
 * @param body the JSON Schema (draft 2020-12) of the body
 * @param examples bodies, each valid by the schema; at least one
 * @param handler what does the work
 * @param lane where its jobs run
 * @param retry how often a failed run is repeated
 * @param timeout how long one run may take, positive
 * @param expireAfter how long after its acceptance a job that has not ended is given up, positive
 * @param onCrash what becomes of a job whose process died in a run
 * @param emits the codes that the handler's code may emit
 * @param onSucceeded the codes that follow on {@code SUCCEEDED}, with the outcome document as body
 * @param onFailed the codes that follow on {@code FAILED}, {@code CANCELLED} and {@code UNCERTAIN}, likewise
 * @param source the name of the file that it was read from, without its folder
 * @param schema {@code body}, compiled
 */
public record EventType(
        String code,
        String title,
        String description,
        String owner,
        JsonNode body,
        List<JsonNode> examples,
        HandlerSpec handler,
        Lane lane,
        RetryPolicy retry,
        Duration timeout,
        Duration expireAfter,
        OnCrash onCrash,
        Set<String> emits,
        List<String> onSucceeded,
        List<String> onFailed,
        String source,
        BodySchema schema) {

    public EventType {
        examples = List.copyOf(examples);
        emits = Collections.unmodifiableSet(new LinkedHashSet<>(emits));
        onSucceeded = List.copyOf(onSucceeded);
        onFailed = List.copyOf(onFailed);
    }

    /**
     * Checks a body against the schema; for many threads at a time.
     *
     * @param body not null: an event without a body has a JSON null
     * @return the violations, at most 100, in the order in which they were found; empty: the body is valid
     */
    public List<Violation> validate(JsonNode body) {
        return schema.validate(body);
    }

    /** A new JSON view for readers: the document with all defaults, durations as written, headers' values masked. */
    public ObjectNode toJson() {
        return EventTypeJson.of(this);
    }
}
