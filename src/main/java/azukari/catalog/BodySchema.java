package azukari.catalog;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.dialect.BasicDialectRegistry;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.resource.SchemaLoader;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.JsonNodeException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON Schema (draft 2020-12), compiled once; safe for use by many threads. {@code format} is asserted. Nothing is ever
 * loaded but the draft's own meta-schema, which the library brings along.
 */
public final class BodySchema {
    static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

    private static final String DIALECT_FAMILY = "https://json-schema.org/draft/2020-12/";
    /** A body with more faults than these is told the first ones. */
    private static final int MOST_VIOLATIONS = 100;
    /** Schemas within schemas being evaluated; bounds the stack that a body can ask for. */
    private static final int MOST_DEPTH = 400;
    /** Against schemas that take exponential time; a body of the greatest allowed size needs fewer. */
    private static final long MOST_STEPS = 100_000_000L;
    /** Keywords that are violated by one member, which has a place of its own. */
    private static final Set<String> OF_A_MEMBER =
            Set.of("additionalProperties", "unevaluatedProperties", "propertyNames");

    private static final SchemaRegistry REGISTRY = registry();
    private static final Schema META = REGISTRY.getSchema(SchemaLocation.of(DIALECT));

    private final Schema compiled;

    private BodySchema(Schema compiled) {
        this.compiled = compiled;
    }

    /**
     * Compiles a schema that {@link #faultsOf} finds nothing wrong with.
     *
     * @throws IllegalArgumentException when it can't be compiled, for instance for a reference to nothing
     */
    static BodySchema compile(JsonNode schema) {
        try {
            Schema compiled = REGISTRY.getSchema(schema);
            compiled.initializeValidators();
            return new BodySchema(compiled);
        } catch (SchemaException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** What the draft's meta-schema finds wrong with a schema. */
    static List<Violation> faultsOf(JsonNode schema) {
        return violations(META, schema);
    }

    /**
     * Checks a body.
     *
     * @param body a tree, as {@code Json.parse} makes it; not changed
     * @return the violations, at most 100; empty: it is valid
     */
    List<Violation> validate(JsonNode body) {
        return violations(compiled, body);
    }

    private static List<Violation> violations(Schema schema, JsonNode body) {
        List<Error> errors;
        try {
            errors = evaluate(schema, body);
        } catch (ValidationLimitExceededException e) {
            return List.of(new Violation("", "is nested too deeply, or branches too much, to be checked"));
        }
        if (errors.isEmpty()) {
            return List.of();
        }
        return errors.stream()
                .map(BodySchema::violation)
                .distinct()
                .limit(MOST_VIOLATIONS)
                .toList();
    }

    private static List<Error> evaluate(Schema schema, JsonNode body) {
        try {
            return schema.validate(body);
        } catch (JsonNodeException e) {
            // The library can't compare 1e20 with the bounds of an integer, but can compare 100000000000000000000.
            return schema.validate(withPlainIntegers(body));
        }
    }

    private static Violation violation(Error error) {
        String pointer = error.getInstanceLocation().toString();
        String member = error.getProperty();
        if (member != null && OF_A_MEMBER.contains(error.getKeyword())) {
            pointer = Pointers.member(pointer, member);
        }
        return new Violation(pointer, error.getMessage());
    }

    private static JsonNode withPlainIntegers(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            object.properties().forEach(member -> copy.set(member.getKey(), withPlainIntegers(member.getValue())));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode(array.size());
            array.forEach(element -> copy.add(withPlainIntegers(element)));
            return copy;
        }
        if (node.isBigDecimal()) {
            BigDecimal number = node.decimalValue().stripTrailingZeros();
            if (number.scale() <= 0) {
                return JsonNodeFactory.instance.numberNode(number.toBigIntegerExact());
            }
        }
        return node;
    }

    private static SchemaRegistry registry() {
        SchemaRegistryConfig config = SchemaRegistryConfig.builder()
                .locale(Locale.ENGLISH)
                .formatAssertionsEnabled(true)
                .executionContextCustomizer((context, schema) -> context.executionConfig(
                        execution -> execution.maxEvaluationDepth(MOST_DEPTH).maxEvaluationSteps(MOST_STEPS)))
                .build();
        return SchemaRegistry.builder()
                .defaultDialectId(DIALECT)
                .dialectRegistry(new BasicDialectRegistry(Dialects.getDraft202012()))
                .schemaLoader(SchemaLoader.builder()
                        .allow(address -> address.toString().startsWith(DIALECT_FAMILY))
                        .build())
                .schemaCacheEnabled(false)
                .schemaRegistryConfig(config)
                .build();
    }
}
