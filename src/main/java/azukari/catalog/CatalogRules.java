package azukari.catalog;

import azukari.platform.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** What must hold between event types: codes exist, chains end, follow-ups accept the outcome document. */
final class CatalogRules {
    private final Map<String, EventType> types;
    private final Set<String> known;
    private final Function<String, Report> reports;
    /** The codes from the start of the chain to where the search stands. */
    private final List<String> path = new ArrayList<>();

    private final Set<String> finished = new HashSet<>();

    /**
     * @param types the event types that are right in themselves, by code
     * @param known all codes, also of documents that were refused: what names those is not at fault
     * @param reports from a code to what takes its document's problems
     */
    CatalogRules(Map<String, EventType> types, Set<String> known, Function<String, Report> reports) {
        this.types = types;
        this.known = known;
        this.reports = reports;
    }

    void check() {
        for (EventType type : types.values()) {
            Report report = reports.apply(type.code());
            existing("/emits", type.emits(), report);
            existing("/onSucceeded", type.onSucceeded(), report);
            existing("/onFailed", type.onFailed(), report);
            accepting("/onSucceeded", type.onSucceeded(), OutcomeSamples.succeeded(type.code()), report);
            accepting("/onFailed", type.onFailed(), OutcomeSamples.failed(type.code()), report);
            ending(type);
        }
    }

    private void existing(String pointer, Collection<String> codes, Report report) {
        int index = 0;
        for (String code : codes) {
            if (!known.contains(code)) {
                report.refuse(Pointers.element(pointer, index), "there is no event type " + code);
            }
            index++;
        }
    }

    private void accepting(String pointer, List<String> codes, List<JsonNode> outcomes, Report report) {
        for (int i = 0; i < codes.size(); i++) {
            EventType followUp = types.get(codes.get(i));
            if (followUp != null) {
                accepting(Pointers.element(pointer, i), followUp, outcomes, report);
            }
        }
    }

    private static void accepting(String pointer, EventType followUp, List<JsonNode> outcomes, Report report) {
        for (JsonNode outcome : outcomes) {
            List<Violation> violations = followUp.validate(outcome);
            if (!violations.isEmpty()) {
                Violation first = violations.get(0);
                report.refuse(
                        pointer,
                        followUp.code() + " gets the outcome document as body, but its schema refuses "
                                + Json.write(outcome) + ": "
                                + (first.pointer().isEmpty() ? "" : first.pointer() + " ") + first.detail());
                return;
            }
        }
    }

    /** Walks the chain from a type on; a step back onto the path itself would go on for ever. */
    private void ending(EventType type) {
        if (!finished.add(type.code())) {
            return;
        }
        path.add(type.code());
        follow(type, "/onSucceeded", type.onSucceeded());
        follow(type, "/onFailed", type.onFailed());
        path.remove(path.size() - 1);
    }

    private void follow(EventType type, String pointer, List<String> codes) {
        for (int i = 0; i < codes.size(); i++) {
            String next = codes.get(i);
            int start = path.indexOf(next);
            if (start >= 0) {
                String circle = String.join(" → ", path.subList(start, path.size())) + " → " + next;
                reports.apply(type.code()).refuse(Pointers.element(pointer, i), "the chain would never end: " + circle);
            } else if (types.containsKey(next)) {
                ending(types.get(next));
            }
        }
    }
}
