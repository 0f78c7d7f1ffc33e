package azukari.job;

import azukari.limit.Need;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A job that is to be created; everything has been validated.
 *
 * @param requestId the client's own identifier for it, unique over all jobs; null for none
 * @param fingerprint digest of everything that was requested under the {@code requestId}; null without one
 * @param body JSON text
 * @param notBefore null: at once
 * @param emission null for a posted event
 * @param children how many children are stored with it, for which it waits; 0 for none
 * @param needs the capacities that it needs before it is put on the wire; empty if it is not limited
 * @param extensions the extension attributes of a CloudEvents event as JSON text; null for none
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
        int children,
        List<Need> needs,
        String extensions) {

    public JobOrder {
        needs = List.copyOf(needs);
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Where an emitted job or a child comes from; (parent, generation, ordinal) is unique (rule 19).
     *
     * @param parent the emitting job, or whose child it is
     * @param generation that job's generation
     * @param ordinal its position among what that generation emitted, from 0; children from -1 downwards
     * @param root the first job of the chain
     */
    public record Emission(UUID parent, int generation, int ordinal, UUID root) {

        /** The place of a parent's child, counted from 0. */
        public static Emission child(UUID parent, int generation, int index, UUID root) {
            return new Emission(parent, generation, -1 - index, root);
        }

        public boolean isChild() {
            return ordinal < 0;
        }
    }

    /** Builds an order part by part; parts that are not set are null or 0. */
    public static final class Builder {
        private UUID id;
        private String code;
        private String requestId;
        private String fingerprint;
        private String submitter;
        private int priority;
        private String body;
        private String lane;
        private int maxAttempts;
        private Instant notBefore;
        private Duration expireAfter;
        private Emission emission;
        private int children;
        private List<Need> needs = List.of();
        private String extensions;

        private Builder() {}

        public Builder id(UUID value) {
            id = value;
            return this;
        }

        public Builder code(String value) {
            code = value;
            return this;
        }

        public Builder requestId(String value) {
            requestId = value;
            return this;
        }

        public Builder fingerprint(String value) {
            fingerprint = value;
            return this;
        }

        public Builder submitter(String value) {
            submitter = value;
            return this;
        }

        public Builder priority(int value) {
            priority = value;
            return this;
        }

        public Builder body(String value) {
            body = value;
            return this;
        }

        public Builder lane(String value) {
            lane = value;
            return this;
        }

        public Builder maxAttempts(int value) {
            maxAttempts = value;
            return this;
        }

        public Builder notBefore(Instant value) {
            notBefore = value;
            return this;
        }

        public Builder expireAfter(Duration value) {
            expireAfter = value;
            return this;
        }

        public Builder emission(Emission value) {
            emission = value;
            return this;
        }

        public Builder children(int value) {
            children = value;
            return this;
        }

        public Builder needs(List<Need> value) {
            needs = value;
            return this;
        }

        public Builder extensions(String value) {
            extensions = value;
            return this;
        }

        public JobOrder build() {
            return new JobOrder(
                    id,
                    code,
                    requestId,
                    fingerprint,
                    submitter,
                    priority,
                    body,
                    lane,
                    maxAttempts,
                    notBefore,
                    expireAfter,
                    emission,
                    children,
                    needs,
                    extensions);
        }
    }
}
