package azukari.job;

import azukari.limit.Need;
import azukari.platform.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Builds orders for jobs in tests; what a test does not name does not matter to it. */
public final class Orders {
    private UUID id = Ids.next();
    private String code = "NOOP";
    private String submitter = "tester";
    private String requestId;
    private String fingerprint;
    private Instant notBefore;
    private Duration expireAfter = Duration.ofDays(7);
    private JobOrder.Emission emission;
    private int children;
    private List<Need> needs = List.of();
    private String extensions;
    private String body = "{}";

    private Orders() {}

    public static Orders anOrder() {
        return new Orders();
    }

    public Orders code(String value) {
        code = value;
        return this;
    }

    public Orders submitter(String value) {
        submitter = value;
        return this;
    }

    public Orders requestId(String value) {
        requestId = value;
        fingerprint = "of " + value;
        return this;
    }

    public Orders notBefore(Instant value) {
        notBefore = value;
        return this;
    }

    public Orders expireAfter(Duration value) {
        expireAfter = value;
        return this;
    }

    public Orders emittedBy(UUID parent, int ordinal) {
        emission = new JobOrder.Emission(parent, 0, ordinal, parent);
        return this;
    }

    /** A JSON text. */
    public Orders body(String value) {
        body = value;
        return this;
    }

    /** A JSON text. */
    public Orders extensions(String value) {
        extensions = value;
        return this;
    }

    public Orders needs(Need... values) {
        needs = List.of(values);
        return this;
    }

    public Orders children(int value) {
        children = value;
        return this;
    }

    public Orders childOf(UUID parent, int index) {
        emission = JobOrder.Emission.child(parent, 0, index, parent);
        return this;
    }

    public JobOrder build() {
        return new JobOrder(
                id,
                code,
                requestId,
                fingerprint,
                submitter,
                4,
                body,
                "default",
                3,
                notBefore,
                expireAfter,
                emission,
                children,
                needs,
                extensions);
    }
}
