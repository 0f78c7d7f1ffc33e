package azukari.dispatch;

import azukari.catalog.Catalog;
import azukari.catalog.EventType;
import azukari.catalog.Violation;
import azukari.database.Tx;
import azukari.handler.Outcome.Emit;
import azukari.intake.Insertion;
import azukari.job.Job;
import azukari.job.JobError;
import azukari.job.JobOrder;
import azukari.job.JobOrder.Emission;
import azukari.outbox.Envelope;
import azukari.outbox.Outbox.Pending;
import azukari.platform.Ids;
import azukari.platform.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The jobs that follow a job's end: what its handler emitted, then what its document lists. Their ordinals run through, so
 * that a repeated finish can't store one twice (rule 19).
 */
final class FollowUps {
    private final Catalog catalog;

    FollowUps(Catalog catalog) {
        this.catalog = catalog;
    }

    /** An emitted event that must not be stored: a defect of the handler. */
    static final class RefusedEmitException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedEmitException(String message) {
            super(message);
        }
    }

    /**
     * @param result a JSON text or null
     * @throws RefusedEmitException when an emitted event is not declared, or breaks its schema
     */
    List<JobOrder> onSucceeded(EventType type, Envelope event, List<Emit> emits, String result)
            throws RefusedEmitException {
        List<JobOrder> orders = new ArrayList<>();
        for (Emit emit : emits) {
            orders.add(order(declared(type, emit), event, body(emit), orders.size()));
        }
        ObjectNode document = document(event, "SUCCEEDED");
        if (result != null) {
            document.set("result", Json.read(result));
        }
        addListed(orders, type.onSucceeded(), event, document);
        return orders;
    }

    /**
     * @param type null when the catalogue does not have it: then nothing is known to follow
     * @param outcome FAILED, CANCELLED or UNCERTAIN
     * @param error null when nothing went wrong
     */
    List<JobOrder> onFailed(EventType type, Envelope event, String outcome, JobError error) {
        List<JobOrder> orders = new ArrayList<>();
        if (type != null) {
            ObjectNode document = document(event, outcome);
            if (error != null) {
                document.putObject("error").put("kind", error.kind().name()).put("message", error.message());
            }
            addListed(orders, type.onFailed(), event, document);
        }
        return orders;
    }

    /** Stores what follows, in the transaction that ends the job; returns the messages to relay after its commit. */
    static List<Pending> store(Tx tx, List<JobOrder> follows, Instant now) {
        if (follows.isEmpty()) {
            return List.of();
        }
        List<Job> jobs = follows.stream().map(order -> Job.accepted(order, now)).toList();
        return Insertion.insert(tx, jobs, now).stream()
                .map(Insertion.Inserted::pending)
                .filter(Objects::nonNull)
                .toList();
    }

    private void addListed(List<JobOrder> orders, List<String> codes, Envelope event, JsonNode document) {
        for (String code : codes) {
            EventType next = catalog.find(code)
                    .orElseThrow(() -> new IllegalStateException("the catalogue let an unknown code through: " + code));
            orders.add(order(next, event, document, orders.size()));
        }
    }

    private EventType declared(EventType type, Emit emit) throws RefusedEmitException {
        if (!type.emits().contains(emit.code())) {
            throw new RefusedEmitException("the handler emitted " + emit.code() + ", which " + type.code()
                    + " does not declare under 'emits'");
        }
        return catalog.find(emit.code())
                .orElseThrow(() -> new RefusedEmitException("there is no event type " + emit.code()));
    }

    private JsonNode body(Emit emit) throws RefusedEmitException {
        JsonNode body = Json.mapper().valueToTree(emit.body());
        List<Violation> violations =
                catalog.find(emit.code()).map(type -> type.validate(body)).orElse(List.of());
        if (!violations.isEmpty()) {
            throw new RefusedEmitException("the handler emitted " + emit.code()
                    + " with a body that breaks its schema: "
                    + violations.get(0).pointer() + " " + violations.get(0).detail());
        }
        return body;
    }

    private static JobOrder order(EventType next, Envelope event, JsonNode body, int ordinal) {
        return new JobOrder(
                Ids.next(),
                next.code(),
                null,
                null,
                event.submitter(),
                event.priority(),
                Json.write(body),
                next.lane().written(),
                next.retry().maxAttempts(),
                null,
                next.expireAfter(),
                new Emission(event.job(), event.generation(), ordinal, event.root()),
                null);
    }

    /** The outcome document, as the contract gives it. */
    private static ObjectNode document(Envelope event, String outcome) {
        ObjectNode document = Json.object();
        document.put("job", event.job().toString());
        document.put("code", event.code());
        document.put("requestId", event.requestId());
        document.put("submitter", event.submitter());
        document.put("outcome", outcome);
        return document;
    }
}
