package azukari.catalog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads the fields {@code channel} and {@code lockKey}; whether a channel exists is checked once all files have been read. */
final class LimitsReader {
    static final String CHANNEL = "channel";
    static final String LOCK_KEY = "lockKey";

    private final Report report;

    LimitsReader(Report report) {
        this.report = report;
    }

    List<ChannelUse> channels(Fields fields) {
        List<ChannelUse> uses = new ArrayList<>();
        Optional<JsonNode> field = fields.optional(CHANNEL);
        if (field.isEmpty()) {
            return uses;
        }
        String pointer = fields.at(CHANNEL);
        if (!field.get().isArray()) {
            use(field.get(), pointer).ifPresent(uses::add);
            return uses;
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < field.get().size(); i++) {
            String place = Pointers.element(pointer, i);
            use(field.get().get(i), place).ifPresent(use -> {
                if (names.add(use.name())) {
                    uses.add(use);
                } else {
                    report.refuse(place, "channel " + use.name() + " is listed twice");
                }
            });
        }
        return uses;
    }

    private Optional<ChannelUse> use(JsonNode node, String pointer) {
        if (node.isString()) {
            return Optional.of(new ChannelUse(node.stringValue().strip(), Optional.empty()));
        }
        if (!node.isObject()) {
            report.refuse(pointer, "must be a channel's name, {name: north, per: /sellerId}, or a list of those");
            return Optional.empty();
        }
        return Fields.of(node, pointer, report, List.of("name", "per")).flatMap(this::keyed);
    }

    private Optional<ChannelUse> keyed(Fields fields) {
        Optional<String> name = fields.requiredText("name", 64);
        Optional<String> per = fields.pointer("per");
        return name.map(found -> new ChannelUse(found, per));
    }

    Optional<String> lockKey(Fields fields) {
        return fields.pointer(LOCK_KEY);
    }
}
