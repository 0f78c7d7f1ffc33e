package azukari.job;

import java.time.Instant;
import java.util.UUID;

/**
 * What was posted or emitted, without its body: written once, and the same in every run.
 *
 * @param job the job's id, which is also the event's
 * @param priority 0 to 9, 9 first
 * @param requestId null if the client gave none
 * @param parent the job that emitted it, or whose child it is; null for a posted event
 * @param child whether its parent waits for its end
 * @param root the first job of the chain
 * @param notBefore null if none was requested
 * @param limited whether the job waits for a channel or a lock before it is put on the wire
 */
public record Event(
        UUID job,
        String code,
        String lane,
        int priority,
        int maxAttempts,
        String submitter,
        String requestId,
        UUID parent,
        boolean child,
        UUID root,
        Instant createdAt,
        Instant notBefore,
        boolean limited) {

    /** The event of a job that was read. */
    public static Event of(Job job) {
        return builder()
                .job(job.id())
                .code(job.code())
                .lane(job.lane())
                .priority(job.priority())
                .maxAttempts(job.maxAttempts())
                .submitter(job.submitter())
                .requestId(job.requestId())
                .parent(job.parent())
                .child(job.child())
                .root(job.root())
                .createdAt(job.createdAt())
                .notBefore(job.notBefore())
                .limited(job.limited())
                .build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Builds an event part by part; parts that are not set are null or 0. */
    public static final class Builder {
        private UUID job;
        private String code;
        private String lane;
        private int priority;
        private int maxAttempts;
        private String submitter;
        private String requestId;
        private UUID parent;
        private boolean child;
        private UUID root;
        private Instant createdAt;
        private Instant notBefore;
        private boolean limited;

        private Builder() {}

        public Builder job(UUID value) {
            job = value;
            return this;
        }

        public Builder code(String value) {
            code = value;
            return this;
        }

        public Builder lane(String value) {
            lane = value;
            return this;
        }

        public Builder priority(int value) {
            priority = value;
            return this;
        }

        public Builder maxAttempts(int value) {
            maxAttempts = value;
            return this;
        }

        public Builder submitter(String value) {
            submitter = value;
            return this;
        }

        public Builder requestId(String value) {
            requestId = value;
            return this;
        }

        public Builder parent(UUID value) {
            parent = value;
            return this;
        }

        public Builder child(boolean value) {
            child = value;
            return this;
        }

        public Builder root(UUID value) {
            root = value;
            return this;
        }

        public Builder createdAt(Instant value) {
            createdAt = value;
            return this;
        }

        public Builder notBefore(Instant value) {
            notBefore = value;
            return this;
        }

        public Builder limited(boolean value) {
            limited = value;
            return this;
        }

        public Event build() {
            return new Event(
                    job,
                    code,
                    lane,
                    priority,
                    maxAttempts,
                    submitter,
                    requestId,
                    parent,
                    child,
                    root,
                    createdAt,
                    notBefore,
                    limited);
        }
    }
}
