package azukari.catalog;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Documents for tests, and the problems that the loader reports for them. */
final class Documents {
    static final String FILE = "shop.yaml";

    private static final Map<String, String> VALID = Map.of(
            "code", "SHOP",
            "title", "Sell",
            "description", "Sells one thing.",
            "owner", "shop team",
            "body", "{type: object, properties: {n: {type: integer}}}",
            "examples", "[{n: 1}]",
            "handler", "{bean: sell}");

    private Documents() {}

    /** A valid document. */
    static String valid() {
        return with();
    }

    /** A valid document in which fields (name, value, name, value, …) are replaced; a null value leaves the field out. */
    static String with(String... fields) {
        Map<String, String> document = new LinkedHashMap<>(VALID);
        for (int i = 0; i < fields.length; i += 2) {
            document.put(fields[i], fields[i + 1]);
        }
        StringBuilder yaml = new StringBuilder();
        document.forEach((name, value) -> {
            if (value != null) {
                yaml.append(name).append(": ").append(value).append('\n');
            }
        });
        return yaml.toString();
    }

    static EventType load(String document) {
        Catalog catalog = CatalogLoader.parse(Map.of(FILE, document));
        return catalog.items().stream()
                .filter(type -> type.source().equals(FILE))
                .findFirst()
                .orElseThrow();
    }

    static List<Problem> problemsOf(Map<String, String> documents) {
        return catchThrowableOfType(CatalogException.class, () -> CatalogLoader.parse(documents))
                .problems();
    }

    static List<Problem> problemsOf(String document) {
        return problemsOf(Map.of(FILE, document));
    }
}
