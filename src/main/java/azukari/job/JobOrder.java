package azukari.job;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * What is to become a job; everything is checked already.
 *
 * @param requestId the client's own name for it, unique over all jobs; null for none
 * @param fingerprint digest of all that was asked for under the {@code requestId}; null without one
 * @param body a JSON text
 * @param notBefore null: at once
 * @param emission null for a posted event
 * @param extensions the extension attributes of a CloudEvents event, a JSON text; null for none
 */
public record JobOrder(
        UUID id,
        String code,
        String requestId,
        String fingerprint,
        String submitter,
        int priority,
        String body,
        String lane,
        int maxAttempts,
        Instant notBefore,
        Duration expireAfter,
        Emission emission,
        String extensions) {

    /**
     * Where an emitted job comes from; (parent, generation, ordinal) is unique (rule 19).
     *
     * @param parent the emitting job
     * @param generation the emitting job's generation
     * @param ordinal its place among what that generation emitted, from 0
     * @param root the first job of the chain
     */
    public record Emission(UUID parent, int generation, int ordinal, UUID root) {}
}
