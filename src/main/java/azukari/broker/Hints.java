package azukari.broker;

import azukari.broker.Hint.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Hints as the text of a message, one per line: kind, space, subject. */
final class Hints {
    private static final Map<String, Kind> KINDS =
            Arrays.stream(Kind.values()).collect(Collectors.toMap(Kind::name, Function.identity()));

    private Hints() {}

    static String write(Collection<Hint> hints) {
        return hints.stream().map(hint -> hint.kind() + " " + hint.subject()).collect(Collectors.joining("\n"));
    }

    /** Skips what this version does not know. */
    static List<Hint> read(String text) {
        List<Hint> hints = new ArrayList<>();
        text.lines().forEach(line -> {
            int blank = line.indexOf(' ');
            Kind kind = blank < 0 ? null : KINDS.get(line.substring(0, blank));
            if (kind != null) {
                hints.add(new Hint(kind, line.substring(blank + 1)));
            }
        });
        return hints;
    }
}
