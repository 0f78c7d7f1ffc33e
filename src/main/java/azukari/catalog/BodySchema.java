package azukari.catalog;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.dialect.BasicDialectRegistry;
import com.networknt.schema.dialect.Dialect;
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
 * A compiled JSON Schema (draft 2020-12), safe for concurrent use. {@code format} is asserted. Nothing is ever loaded except
 * the draft's own meta-schema, which is part of the library.
 */
public final class BodySchema {
    static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

    private static final String DIALECT_FAMILY = "https://json-schema.org/draft/2020-12/";
    /** Only this many violations of a body are reported. */
    private static final int MAX_VIOLATIONS = 100;
    /** How deeply evaluation may nest; bounds the stack that a body can use. */
    private static final int MAX_DEPTH = 400;
    /** A guard against schemas that take exponential time; a body of the maximum size needs fewer steps. */
    private static final long MAX_STEPS = 100_000_000L;
    /** Keywords whose violations point to one member rather than to its object. */
    private static final Set<String> OF_A_MEMBER =
            Set.of("additionalProperties", "unevaluatedProperties", "propertyNames");

    private static final SchemaRegistry REGISTRY = registry();
    private static final Schema META = REGISTRY.getSchema(SchemaLocation.of(DIALECT));

    private final Schema compiled;

    private BodySchema(Schema compiled) {
        this.compiled = compiled;
    }

    /**
     * Compiles a schema in which {@link #faultsOf} found nothing wrong.
     *
     * @throws IllegalArgumentException if it cannot be compiled, for example because a reference cannot be resolved
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

    /** Validates a schema against the draft's meta-schema. */
    static List<Violation> faultsOf(JsonNode schema) {
        return violations(META, schema);
    }

    /**
     * Validates a body.
     *
     * @param body a tree as returned by {@code Json.parse}; not modified
     * @return the violations, at most 100; empty if the body is valid
     */
    List<Violation> validate(JsonNode body) {
        return violations(compiled, body);
    }

    private static List<Violation> violations(Schema schema, JsonNode body) {
        List<Error> errors;
        try {
            errors = evaluate(schema, body);
        } catch (ValidationLimitExceededException e) {
            return List.of(new Violation("", "is too deeply nested or too complex to be validated"));
        }
        if (errors.isEmpty()) {
            return List.of();
        }
        return errors.stream()
                .map(BodySchema::violation)
                .distinct()
                .limit(MAX_VIOLATIONS)
                .toList();
    }

    private static List<Error> evaluate(Schema schema, JsonNode body) {
        try {
            return schema.validate(body);
        } catch (JsonNodeException e) {
            // The library cannot compare 1e20 with the bounds of an integer, but it can compare 100000000000000000000.
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
                        execution -> execution.maxEvaluationDepth(MAX_DEPTH).maxEvaluationSteps(MAX_STEPS)))
                .build();
        return SchemaRegistry.builder()
                .defaultDialectId(DIALECT)
                .dialectRegistry(new BasicDialectRegistry(Dialect.builder(Dialects.getDraft202012())
                        .formats(List.of(MailboxFormat.email(), MailboxFormat.idnEmail()))
                        .build()))
                .schemaLoader(SchemaLoader.builder()
                        .allow(address -> address.toString().startsWith(DIALECT_FAMILY))
                        .build())
                .schemaCacheEnabled(false)
                .schemaRegistryConfig(config)
                .build();
    }
}
