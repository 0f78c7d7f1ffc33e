package azukari.testkit;

import azukari.job.JobOrder;
import azukari.platform.Json;
import tools.jackson.databind.JsonNode;

/**
 * An event that would be emitted.
 *
 * @param code its event type
 * @param body its body, valid against that event type's schema; never null
 */
public record Emitted(String code, JsonNode body) {
    static Emitted of(JobOrder order) {
        return new Emitted(order.code(), Json.read(order.body()));
    }
}
