package azukari.catalog;

import azukari.platform.Lane;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A documented kind of work, with all defaults applied. Nothing is null; the trees must not be modified.
 *
 * @param code its name in events, {@code [A-Z][A-Z0-9_]{0,63}}
 * @param title a one-line title
 * @param description what it does, for clients that post it
 * @param owner the responsible team
 * @param body the JSON Schema (draft 2020-12) of the body
 * @param examples example bodies, each valid against the schema; at least one
 * @param handler what does the work
 * @param lane the lane in which its jobs run
 * @param channels the channels that its calls go through
 * @param lockKey a JSON Pointer into the body: of the jobs with the same value there, one runs at a time; empty for none
 * @param retry how often and after what delays a failed run is retried
 * @param timeout how long one run may take, positive
 * @param expireAfter how long after acceptance a job fails if it has not ended, positive
 * @param onCrash what happens to a job whose process died during a run
 * @param packs whether its jobs may share a message with others while their runs are short
 * @param emits the codes that the handler may emit
 * @param onSucceeded the codes that follow {@code SUCCEEDED}, with the outcome document as body
 * @param onFailed the codes that follow {@code FAILED}, {@code CANCELLED} and {@code UNCERTAIN}, with the same body
 * @param source the name of the file that defines it, without its folder
 * @param schema the compiled {@code body}
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
        List<ChannelUse> channels,
        Optional<String> lockKey,
        RetryPolicy retry,
        Duration timeout,
        Duration expireAfter,
        OnCrash onCrash,
        boolean packs,
        Set<String> emits,
        List<String> onSucceeded,
        List<String> onFailed,
        String source,
        BodySchema schema) {

    /** The code of the parent jobs of batches: no document may define it, and no event may have it. */
    public static final String BATCH = "BATCH";

    public EventType {
        examples = List.copyOf(examples);
        channels = List.copyOf(channels);
        emits = Collections.unmodifiableSet(new LinkedHashSet<>(emits));
        onSucceeded = List.copyOf(onSucceeded);
        onFailed = List.copyOf(onFailed);
    }

    /**
     * Validates a body against the schema, and then whether it has the values by which its jobs are limited and those that its target's
     * request needs; safe for concurrent use.
     *
     * @param body not null: an event without a body has JSON null
     * @return the violations, at most 100, in the order in which they were found; empty if the body is valid
     */
    public List<Violation> validate(JsonNode body) {
        List<Violation> violations = schema.validate(body);
        return violations.isEmpty() ? BodyValues.missing(this, body) : violations;
    }

    /** Whether its jobs wait for a channel or a lock key before they are put on the wire. */
    public boolean limited() {
        return !channels.isEmpty() || lockKey.isPresent();
    }

    /** The event types of its children; empty unless it fans out. */
    public List<String> fanOut() {
        return handler instanceof HandlerSpec.FanOut spread ? spread.codes() : List.of();
    }

    /** A new JSON view for clients: the document with all defaults, durations as text, and header values masked. */
    public ObjectNode toJson() {
        return EventTypeJson.of(this);
    }

    static Builder builder() {
        return new Builder();
    }

    /** Builds an event type part by part; all of them are needed. */
    static final class Builder {
        private String code;
        private String title;
        private String description;
        private String owner;
        private JsonNode body;
        private List<JsonNode> examples;
        private HandlerSpec handler;
        private Lane lane;
        private List<ChannelUse> channels = List.of();
        private Optional<String> lockKey = Optional.empty();
        private RetryPolicy retry;
        private Duration timeout;
        private Duration expireAfter;
        private OnCrash onCrash;
        private boolean packs;
        private Set<String> emits;
        private List<String> onSucceeded;
        private List<String> onFailed;
        private String source;
        private BodySchema schema;

        private Builder() {}

        Builder code(String value) {
            code = value;
            return this;
        }

        Builder title(String value) {
            title = value;
            return this;
        }

        Builder description(String value) {
            description = value;
            return this;
        }

        Builder owner(String value) {
            owner = value;
            return this;
        }

        Builder body(JsonNode value) {
            body = value;
            return this;
        }

        Builder examples(List<JsonNode> value) {
            examples = value;
            return this;
        }

        Builder handler(HandlerSpec value) {
            handler = value;
            return this;
        }

        Builder lane(Lane value) {
            lane = value;
            return this;
        }

        Builder channels(List<ChannelUse> value) {
            channels = value;
            return this;
        }

        Builder lockKey(Optional<String> value) {
            lockKey = value;
            return this;
        }

        Builder retry(RetryPolicy value) {
            retry = value;
            return this;
        }

        Builder timeout(Duration value) {
            timeout = value;
            return this;
        }

        Builder expireAfter(Duration value) {
            expireAfter = value;
            return this;
        }

        Builder onCrash(OnCrash value) {
            onCrash = value;
            return this;
        }

        Builder packs(boolean value) {
            packs = value;
            return this;
        }

        Builder emits(Set<String> value) {
            emits = value;
            return this;
        }

        Builder onSucceeded(List<String> value) {
            onSucceeded = value;
            return this;
        }

        Builder onFailed(List<String> value) {
            onFailed = value;
            return this;
        }

        Builder source(String value) {
            source = value;
            return this;
        }

        Builder schema(BodySchema value) {
            schema = value;
            return this;
        }

        EventType build() {
            return new EventType(
                    code,
                    title,
                    description,
                    owner,
                    body,
                    examples,
                    handler,
                    lane,
                    channels,
                    lockKey,
                    retry,
                    timeout,
                    expireAfter,
                    onCrash,
                    packs,
                    emits,
                    onSucceeded,
                    onFailed,
                    source,
                    schema);
        }
    }
}
