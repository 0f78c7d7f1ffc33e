package azukari.intake;

import azukari.catalog.EventType;
import azukari.catalog.Violation;
import azukari.job.JobOrder;
import azukari.job.JobOrder.Emission;
import azukari.limit.Needs;
import azukari.platform.Ids;
import azukari.platform.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The orders for a batch: a job that waits, and the jobs that it waits for. */
record BatchOrder(JobOrder parent, List<JobOrder> children) {
    private static final int PRIORITY = 4;
    private static final int MOST_VIOLATIONS = 100;

    /** @throws InvalidItemException if an event is invalid */
    static BatchOrder of(Batch batch, Orders orders) throws InvalidItemException {
        UUID id = Ids.next();
        int size = batch.items().size();
        UUID together = size > Needs.MOST_CHILDREN_AT_ONCE ? id : null;
        List<JobOrder> children = new ArrayList<>(size);
        ObjectNode same = Json.object();
        same.put("submitter", batch.submitter());
        ArrayNode fingerprints = same.putArray("items");
        List<Violation> violations = new ArrayList<>();
        int invalid = -1;
        for (int i = 0; i < size && violations.size() < MOST_VIOLATIONS; i++) {
            try {
                Submission event = batch.items().get(i).read();
                children.add(orders.of(event, together)
                        .emission(Emission.child(id, 0, i, id))
                        .build());
                if (batch.requestId() != null) {
                    fingerprints.add(event.requestId() + " " + event.fingerprint());
                }
            } catch (InvalidEventException e) {
                invalid = invalid < 0 ? i : invalid;
                violations.addAll(InvalidItemException.of(i, e));
            }
        }
        if (invalid >= 0) {
            throw InvalidItemException.invalid(invalid, violations);
        }
        EventType type = orders.batch();
        JobOrder parent = JobOrder.builder()
                .id(id)
                .code(type.code())
                .requestId(batch.requestId())
                .fingerprint(batch.requestId() == null ? null : Json.fingerprint(same))
                .submitter(batch.submitter())
                .priority(PRIORITY)
                .body(Json.write(Json.object().put("items", size)))
                .lane(type.lane().written())
                .maxAttempts(type.retry().maxAttempts())
                .expireAfter(type.expireAfter())
                .children(size)
                .build();
        return new BatchOrder(parent, children);
    }
}
