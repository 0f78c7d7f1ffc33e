package azukari.notify;

import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * A notification to be stored: how a job ended.
 *
 * @param job the job that ended
 * @param requestId null if the client gave none
 * @param outcome SUCCEEDED, FAILED, CANCELLED or UNCERTAIN
 * @param result null if there is none
 * @param error {@code kind} and {@code message}; null if nothing went wrong
 */
public record Notice(
        UUID job, String code, String requestId, String submitter, String outcome, JsonNode result, JsonNode error) {}
