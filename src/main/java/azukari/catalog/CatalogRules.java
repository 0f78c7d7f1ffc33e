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

/** Rules across event types: codes exist, chains end, and follow-ups accept the outcome document. */
final class CatalogRules {
    private final Map<String, EventType> types;
    private final Set<String> channels;
    private final Set<String> known;
    private final Function<String, Report> reports;
    /** The codes from the start of the chain to the current position of the search. */
    private final List<String> path = new ArrayList<>();

    private final Set<String> finished = new HashSet<>();

    /**
     * @param types the event types that are valid on their own, by code
     * @param channels the names of all channels
     * @param known all codes, including those of invalid documents, so that references to them are not reported
     * @param reports returns the report for a code's document
     */
    CatalogRules(
            Map<String, EventType> types, Set<String> channels, Set<String> known, Function<String, Report> reports) {
        this.types = types;
        this.channels = channels;
        this.known = known;
        this.reports = reports;
    }

    void check() {
        for (EventType type : types.values()) {
            Report report = reports.apply(type.code());
            checkChannels(type, report);
            checkExist("/emits", type.emits(), report);
            checkExist("/handler/fanOut", type.fanOut(), report);
            checkExamples(type, report);
            checkExist("/onSucceeded", type.onSucceeded(), report);
            checkExist("/onFailed", type.onFailed(), report);
            checkAccept("/onSucceeded", type.onSucceeded(), OutcomeSamples.succeeded(type.code()), report);
            checkAccept("/onFailed", type.onFailed(), OutcomeSamples.failed(type.code()), report);
            checkEnds(type);
        }
    }

    private void checkChannels(EventType type, Report report) {
        for (ChannelUse use : type.channels()) {
            if (!channels.contains(use.name())) {
                report.refuse("/channel", "channel " + use.name() + " is not declared in channels.yaml");
            }
        }
    }

    /** Those of a type that fans out must be valid for its children, too; its own schema was checked before. */
    private void checkExamples(EventType type, Report report) {
        for (int i = 0; !type.fanOut().isEmpty() && i < type.examples().size(); i++) {
            String pointer = Pointers.element("/examples", i);
            FanOuts.validate(type, type.examples().get(i), types)
                    .forEach(violation -> report.refuse(pointer + violation.pointer(), violation.detail()));
        }
    }

    private void checkExist(String pointer, Collection<String> codes, Report report) {
        int index = 0;
        for (String code : codes) {
            if (!known.contains(code)) {
                report.refuse(Pointers.element(pointer, index), "event type " + code + " does not exist");
            }
            index++;
        }
    }

    private void checkAccept(String pointer, List<String> codes, List<JsonNode> outcomes, Report report) {
        for (int i = 0; i < codes.size(); i++) {
            EventType followUp = types.get(codes.get(i));
            if (followUp != null) {
                checkAccept(Pointers.element(pointer, i), followUp, outcomes, report);
            }
        }
    }

    private void checkAccept(String pointer, EventType followUp, List<JsonNode> outcomes, Report report) {
        for (JsonNode outcome : outcomes) {
            List<Violation> violations = FanOuts.validate(followUp, outcome, types);
            if (!violations.isEmpty()) {
                Violation first = violations.get(0);
                report.refuse(
                        pointer,
                        followUp.code() + " receives the outcome document as its body, but its schema rejects "
                                + Json.write(outcome) + ": "
                                + (first.pointer().isEmpty() ? "" : first.pointer() + " ") + first.detail());
                return;
            }
        }
    }

    /** Follows the chain from a type; a step back onto the current path means that the chain is endless. */
    private void checkEnds(EventType type) {
        if (!finished.add(type.code())) {
            return;
        }
        path.add(type.code());
        follow(type, "/handler/fanOut", type.fanOut());
        follow(type, "/onSucceeded", type.onSucceeded());
        follow(type, "/onFailed", type.onFailed());
        path.remove(path.size() - 1);
    }

    private void follow(EventType type, String pointer, List<String> codes) {
        for (int i = 0; i < codes.size(); i++) {
            String next = codes.get(i);
            int start = path.indexOf(next);
            if (start >= 0) {
                String cycle = String.join(" → ", path.subList(start, path.size())) + " → " + next;
                reports.apply(type.code()).refuse(Pointers.element(pointer, i), "the chain would never end: " + cycle);
            } else if (types.containsKey(next)) {
                checkEnds(types.get(next));
            }
        }
    }
}
