package azukari.catalog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads {@code channels.yaml}. */
final class ChannelsReader {
    private static final String CHANNELS = "channels";

    private final Report report;
    private final Set<String> names = new HashSet<>();

    ChannelsReader(Report report) {
        this.report = report;
    }

    List<Channel> read(JsonNode document) {
        List<Channel> channels = new ArrayList<>();
        Optional<JsonNode> list =
                Fields.of(document, "", report, List.of(CHANNELS)).flatMap(fields -> fields.required(CHANNELS));
        if (list.isEmpty()) {
            return channels;
        }
        if (!list.get().isArray()) {
            report.refuse("/" + CHANNELS, "must be a list of channels, such as [{name: north, rate: 2/s}]");
            return channels;
        }
        for (int i = 0; i < list.get().size(); i++) {
            String pointer = Pointers.element("/" + CHANNELS, i);
            Fields.of(list.get().get(i), pointer, report, List.of("name", "rate", "concurrency"))
                    .flatMap(this::channel)
                    .ifPresent(channels::add);
        }
        return channels;
    }

    private Optional<Channel> channel(Fields fields) {
        Optional<String> name = fields.requiredText("name", 64);
        if (name.isPresent() && !Channel.NAME.matcher(name.get()).matches()) {
            fields.refuse("name", "must be a small letter followed by up to 63 small letters, digits and -");
            return Optional.empty();
        }
        if (name.isPresent() && !names.add(name.get())) {
            fields.refuse("name", "channel " + name.get() + " is declared twice");
            return Optional.empty();
        }
        Optional<Rate> rate = rate(fields);
        Optional<Integer> concurrency = fields.wholeNumber("concurrency", 1, Channel.MOST_CONCURRENCY);
        return name.map(found -> new Channel(found, rate, concurrency));
    }

    private static Optional<Rate> rate(Fields fields) {
        if (!fields.has("rate")) {
            return Optional.empty();
        }
        Optional<String> text = fields.requiredText("rate", 20);
        try {
            return text.map(Rate::parse);
        } catch (IllegalArgumentException e) {
            fields.refuse("rate", e.getMessage());
            return Optional.empty();
        }
    }
}
