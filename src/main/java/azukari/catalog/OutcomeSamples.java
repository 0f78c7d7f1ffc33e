package azukari.catalog;

import azukari.platform.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Outcome documents of every shape that a job can end with. A follow-up's schema must accept all of them, or the chain would
 * break at run time.
 */
final class OutcomeSamples {
    private static final String JOB = "01890a5d-ac96-774b-bcce-b302099a8057";
    private static final List<String> FAILURES =
            List.of("HANDLER", "TIMEOUT", "REJECTED", "EXPIRED", "POISON", "CHILDREN");

    private OutcomeSamples() {}

    static List<JsonNode> succeeded(String code) {
        List<JsonNode> samples = new ArrayList<>();
        both(samples, code, "SUCCEEDED", outcome -> {});
        both(samples, code, "SUCCEEDED", outcome -> outcome.putObject("result"));
        return samples;
    }

    static List<JsonNode> failed(String code) {
        List<JsonNode> samples = new ArrayList<>();
        FAILURES.forEach(kind -> both(samples, code, "FAILED", outcome -> error(outcome, kind)));
        for (String state : List.of("CANCELLED", "UNCERTAIN")) {
            both(samples, code, state, outcome -> {});
            both(samples, code, state, outcome -> error(outcome, "HANDLER"));
        }
        return samples;
    }

    /** Adds the outcome with and without a request id. */
    private static void both(List<JsonNode> samples, String code, String state, Consumer<ObjectNode> more) {
        ObjectNode named = outcome(code, state);
        named.put("requestId", "request-1");
        more.accept(named);
        samples.add(named);
        ObjectNode nameless = outcome(code, state);
        nameless.putNull("requestId");
        more.accept(nameless);
        samples.add(nameless);
    }

    private static ObjectNode outcome(String code, String state) {
        ObjectNode outcome = Json.object();
        outcome.put("job", JOB);
        outcome.put("code", code);
        outcome.put("submitter", "anonymous");
        outcome.put("outcome", state);
        return outcome;
    }

    private static void error(ObjectNode outcome, String kind) {
        outcome.putObject("error").put("kind", kind).put("message", "what went wrong");
    }
}
