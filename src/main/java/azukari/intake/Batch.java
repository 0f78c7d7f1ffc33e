package azukari.intake;

import azukari.platform.Json;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events that a client posts together.
 *
 * @param requestId the client's own identifier for all of them; null for none
 * @param submitter who is told when all of them have ended
 * @param items 1 to 10,000 events
 */
public record Batch(String requestId, String submitter, List<Submission> items) {
    public Batch {
        items = List.copyOf(items);
    }

    /** Digest of everything that must be the same when the same {@code requestId} is posted again. */
    String fingerprint() {
        ObjectNode all = Json.object();
        all.put("submitter", submitter);
        ArrayNode fingerprints = all.putArray("items");
        items.forEach(item -> fingerprints.add(item.requestId() + " " + item.fingerprint()));
        return Json.fingerprint(all);
    }
}
