package azukari.api;

import azukari.catalog.Violation;
import azukari.dispatch.Operations.Decision;
import azukari.platform.Json;
import azukari.platform.MalformedJsonException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * What an operator decides about an UNCERTAIN job.
 *
 * @param result null for none
 */
record Resolution(Decision decision, JsonNode result) {
    private static final String OUTCOME = "outcome";
    private static final String RESULT = "result";
    private static final Set<String> FIELDS = Set.of(OUTCOME, RESULT);

    /**
     * Reads one.
     *
     * @throws ProblemException 400 if the text is not a JSON object, 422 if it is not a decision
     */
    static Resolution read(byte[] text) {
        JsonNode body = object(text);
        List<Violation> violations = new ArrayList<>();
        body.propertyNames().stream()
                .filter(name -> !FIELDS.contains(name))
                .forEach(name -> violations.add(new Violation("/" + name, "is not a field of a decision")));
        Optional<Decision> decision = Arrays.stream(Decision.values())
                .filter(known -> known.name().equals(body.path(OUTCOME).asString("")))
                .findFirst();
        if (decision.isEmpty()) {
            violations.add(new Violation(
                    "/" + OUTCOME,
                    "must be one of "
                            + Arrays.stream(Decision.values()).map(Enum::name).collect(Collectors.joining(", "))));
        }
        JsonNode result = body.hasNonNull(RESULT) ? body.get(RESULT) : null;
        if (result != null && decision.filter(Decision.SUCCEEDED::equals).isEmpty()) {
            violations.add(new Violation("/" + RESULT, "belongs to SUCCEEDED only"));
        }
        if (!violations.isEmpty()) {
            throw new ProblemException(new Problem(
                    422, "invalid-decision", "Invalid decision", "the job can't be resolved so", violations));
        }
        return new Resolution(decision.orElseThrow(), result);
    }

    private static JsonNode object(byte[] text) {
        try {
            JsonNode body = Json.parse(text);
            if (body.isObject()) {
                return body;
            }
        } catch (MalformedJsonException e) {
            throw ProblemException.malformedJson(e);
        }
        throw ProblemException.badRequest("the body must be an object with outcome and, for SUCCEEDED, result");
    }
}
