package azukari.intake;

import azukari.catalog.EventType;
import azukari.catalog.Violation;
import azukari.job.JobOrder;
import azukari.job.JobOrder.Emission;
import azukari.limit.Need;
import azukari.limit.Needs;
import azukari.platform.Ids;
import azukari.platform.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The orders for a batch: a job that waits, and the jobs that it waits for. */
record BatchOrder(JobOrder parent, List<JobOrder> children) {
    private static final int DEFAULT_PRIORITY = 4;
    private static final int MOST_VIOLATIONS = 100;

    /** @throws InvalidItemException if an event is invalid */
    static BatchOrder of(Batch batch, Orders orders) throws InvalidItemException {
        UUID id = Ids.next();
        int size = batch.items().size();
        UUID together = size > Needs.MOST_CHILDREN_AT_ONCE ? id : null;
        List<JobOrder> children = new ArrayList<>(size);
        List<Violation> violations = new ArrayList<>();
        int invalid = -1;
        for (int i = 0; i < size && violations.size() < MOST_VIOLATIONS; i++) {
            try {
                JobOrder.Builder child = orders.of(batch.items().get(i));
                List<Need> needs = Needs.withBatch(child.build().needs(), together);
                children.add(child.needs(needs)
                        .emission(Emission.child(id, 0, i, id))
                        .build());
            } catch (InvalidEventException e) {
                invalid = invalid < 0 ? i : invalid;
                violations.addAll(InvalidItemException.of(i, e));
            }
        }
        if (invalid >= 0) {
            throw new InvalidItemException(
                    invalid, "item " + invalid + " is invalid; see 'errors'. Nothing was stored", violations);
        }
        EventType type = orders.batch();
        JobOrder parent = JobOrder.builder()
                .id(id)
                .code(type.code())
                .requestId(batch.requestId())
                .fingerprint(batch.requestId() == null ? null : batch.fingerprint())
                .submitter(batch.submitter())
                .priority(DEFAULT_PRIORITY)
                .body(Json.write(Json.object().put("items", size)))
                .lane(type.lane().written())
                .maxAttempts(type.retry().maxAttempts())
                .expireAfter(type.expireAfter())
                .children(size)
                .build();
        return new BatchOrder(parent, children);
    }
}
