package azukari.intake;

import azukari.platform.Json;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An event as a client posts it.
 *
 * @param requestId the client's own identifier for it; null for none
 * @param body any JSON value
 * @param priority 0 to 9, 9 first
 * @param notBefore null: at once
 * @param extensions the extension attributes of a CloudEvents event, kept as they were the first time; null for none
 */
public record Submission(
        String code,
        String requestId,
        JsonNode body,
        String submitter,
        int priority,
        Instant notBefore,
        ObjectNode extensions) {

    /**
     * Digest of everything that must be the same when the same {@code requestId} is posted again. Extensions may
     * differ: a trace context differs each time.
     */
    String fingerprint() {
        ObjectNode all = Json.object();
        all.put("code", code);
        all.set("body", body);
        all.put("submitter", submitter);
        all.put("priority", priority);
        all.put("notBefore", notBefore == null ? null : notBefore.toString());
        return Json.fingerprint(all);
    }
}
