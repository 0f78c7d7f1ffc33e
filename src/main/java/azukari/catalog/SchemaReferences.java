package azukari.catalog;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Finds whatever in a schema points outside the document: references and other drafts. */
final class SchemaReferences {
    /** Keywords whose values are data, not schemas. */
    private static final Set<String> DATA = Set.of("const", "enum", "default", "examples");
    /** Keywords whose member names are chosen by the author and whose member values are schemas. */
    private static final Set<String> NAMED_SCHEMAS =
            Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas");

    private SchemaReferences() {}

    static void check(JsonNode schema, String pointer, Report report) {
        if (schema.isArray()) {
            for (int i = 0; i < schema.size(); i++) {
                check(schema.get(i), Pointers.element(pointer, i), report);
            }
            return;
        }
        schema.properties()
                .forEach(member ->
                        keyword(member.getKey(), member.getValue(), Pointers.member(pointer, member.getKey()), report));
    }

    private static void keyword(String name, JsonNode value, String pointer, Report report) {
        if (NAMED_SCHEMAS.contains(name)) {
            value.properties()
                    .forEach(member -> check(member.getValue(), Pointers.member(pointer, member.getKey()), report));
        } else if (value.isString()) {
            text(name, value.stringValue(), pointer, report);
        } else if (!DATA.contains(name)) {
            check(value, pointer, report);
        }
    }

    private static void text(String name, String value, String pointer, Report report) {
        if ((name.equals("$ref") || name.equals("$dynamicRef")) && !value.startsWith("#")) {
            report.refuse(
                    pointer,
                    "refers to '" + value
                            + "', but nothing outside the document is loaded: use a local reference such as #/$defs/…");
        } else if (name.equals("$schema") && !value.equals(BodySchema.DIALECT)) {
            report.refuse(pointer, "must be " + BodySchema.DIALECT + " or omitted");
        }
    }
}
