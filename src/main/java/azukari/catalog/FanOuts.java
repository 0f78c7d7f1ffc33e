package azukari.catalog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Finds out whether a body is valid for an event type and for all that it fans out to. */
final class FanOuts {
    private final JsonNode body;
    private final Map<String, EventType> types;
    /** The codes from the first type to the current one; a catalogue in which one comes twice is refused elsewhere. */
    private final Deque<String> path = new ArrayDeque<>();

    private FanOuts(JsonNode body, Map<String, EventType> types) {
        this.body = body;
        this.types = types;
    }

    /** The violations of the type's own schema; if there are none, those of its children's, each with the child's code. */
    static List<Violation> validate(EventType type, JsonNode body, Map<String, EventType> types) {
        return new FanOuts(body, types).validate(type);
    }

    private List<Violation> validate(EventType type) {
        List<Violation> violations = new ArrayList<>(type.validate(body));
        if (!violations.isEmpty()) {
            return violations;
        }
        path.push(type.code());
        for (String code : type.fanOut()) {
            EventType child = types.get(code);
            if (child != null && !path.contains(code)) {
                validate(child).stream()
                        .map(found -> new Violation(found.pointer(), found.detail() + " (for " + code + ")"))
                        .forEach(violations::add);
            }
        }
        path.pop();
        return violations;
    }
}
