package azukari.testing;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.BasicDialectRegistry;
import com.networknt.schema.dialect.Dialects;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schemas of an OpenAPI document, stricter than they are written: a member that the document does not name is a
 * violation here, where a client is to ignore it.
 */
final class OpenApiSchemas {
    private static final String WRITTEN = "#/components/schemas/";
    private static final String HERE = "#/$defs/";
    private static final SchemaRegistry REGISTRY = SchemaRegistry.builder()
            .defaultDialectId("https://json-schema.org/draft/2020-12/schema")
            .dialectRegistry(new BasicDialectRegistry(Dialects.getDraft202012()))
            .schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build())
            .build();

    private final JsonNode definitions;
    private final Map<JsonNode, Schema> compiled = new ConcurrentHashMap<>();

    OpenApiSchemas(JsonNode document) {
        definitions = closed(document.path("components").path("schemas"), true);
    }

    List<String> violations(JsonNode schema, JsonNode value) {
        return compiled.computeIfAbsent(schema, this::compile).validate(value).stream()
                .map(Error::toString)
                .toList();
    }

    private Schema compile(JsonNode schema) {
        ObjectNode whole = (ObjectNode) closed(schema, false);
        whole.set("$defs", definitions);
        return REGISTRY.getSchema(whole);
    }

    /** A copy in which references lead to the definitions, and objects with named members have no others. */
    private static JsonNode closed(JsonNode schema, boolean members) {
        if (schema instanceof ArrayNode list) {
            ArrayNode copy = list.arrayNode();
            list.forEach(each -> copy.add(closed(each, false)));
            return copy;
        }
        if (!(schema instanceof ObjectNode object)) {
            return schema;
        }
        ObjectNode copy = object.objectNode();
        object.properties().forEach(keyword -> {
            JsonNode value = keyword.getValue();
            if (members) {
                copy.set(keyword.getKey(), closed(value, false));
                return;
            }
            copy.set(
                    keyword.getKey(),
                    switch (keyword.getKey()) {
                        case "$ref" -> object.stringNode(value.asString().replace(WRITTEN, HERE));
                        case "properties" -> closed(value, true);
                        case "items", "anyOf", "oneOf", "additionalProperties" -> closed(value, false);
                        default -> value;
                    });
        });
        if (!members && copy.has("properties") && !copy.has("additionalProperties")) {
            copy.put("additionalProperties", false);
        }
        return copy;
    }
}
