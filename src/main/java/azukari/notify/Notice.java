package azukari.notify;

import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * What a submitter is to be told: how a job ended.
 *
 * @param job the job that ended
 * @param requestId null when the client gave none
 * @param outcome SUCCEEDED, FAILED, CANCELLED or UNCERTAIN
 * @param result null without one
 * @param error {@code kind} and {@code message}; null when nothing went wrong
 */
public record Notice(
        UUID job, String code, String requestId, String submitter, String outcome, JsonNode result, JsonNode error) {}
