package azukari.dispatch;

import azukari.catalog.Catalog;
import azukari.catalog.EventType;
import azukari.catalog.Violation;
import azukari.handler.Outcome.Emit;
import azukari.job.Event;
import azukari.job.JobError;
import azukari.job.JobOrder;
import azukari.job.JobOrder.Emission;
import azukari.limit.Needs;
import azukari.platform.Ids;
import azukari.platform.Json;
import azukari.platform.MalformedJsonException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The jobs that follow a job's end: what its handler emitted, then what its event type lists. Their ordinals are
 * consecutive across both, so a repeated finish cannot store one twice (rule 19).
 */
final class FollowUps {
    /** Bundled, so it is in every catalogue. */
    private static final String ALARM = "CREATE_ALARM";

    private final Catalog catalog;

    FollowUps(Catalog catalog) {
        this.catalog = catalog;
    }

    /** An emitted event that must not be stored: a defect in the handler. */
    static final class RefusedEmitException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedEmitException(String message) {
            super(message);
        }
    }

    /**
     * @param result JSON text, or null
     * @throws RefusedEmitException if an emitted event is not declared or does not match its schema
     */
    List<JobOrder> onSucceeded(Work work, List<Emit> emits, String result) throws RefusedEmitException {
        List<JobOrder> orders = new ArrayList<>();
        for (Emit emit : emits) {
            orders.add(order(declared(work.type(), emit), work, body(emit), emission(work, orders.size())));
        }
        ObjectNode document = document(work, "SUCCEEDED");
        if (result != null) {
            document.set("result", Json.read(result));
        }
        addListed(orders, work.type().onSucceeded(), work, document);
        return orders;
    }

    /** @param result JSON text: how the children ended, all of them with success */
    List<JobOrder> onJoined(Work work, String result) {
        List<JobOrder> orders = new ArrayList<>();
        ObjectNode document = document(work, "SUCCEEDED");
        document.set("result", Json.read(result));
        addListed(orders, work.type() == null ? List.of(ALARM) : work.type().onSucceeded(), work, document);
        return orders;
    }

    /**
     * A child for each event type that the job's own fans out to.
     *
     * @throws RefusedEmitException if the body does not match a child's schema
     */
    List<JobOrder> children(Work work, JsonNode body) throws RefusedEmitException {
        List<Violation> violations = catalog.validate(work.type(), body);
        if (!violations.isEmpty()) {
            throw new RefusedEmitException("the body does not match the schema of a child: "
                    + violations.get(0).pointer() + " " + violations.get(0).detail());
        }
        List<JobOrder> orders = new ArrayList<>();
        for (String code : work.type().fanOut()) {
            Emission place = Emission.child(
                    work.id(),
                    work.ticket().generation(),
                    orders.size(),
                    work.event().root());
            orders.add(order(existing(code), work, body, place));
        }
        return orders;
    }

    private EventType existing(String code) {
        return catalog.find(code)
                .orElseThrow(() -> new IllegalStateException("the catalogue accepted an unknown code: " + code));
    }

    /**
     * If the catalogue does not contain the event type, what it says is unknown: an alarm follows, so that somebody is told.
     *
     * @param outcome FAILED, CANCELLED or UNCERTAIN
     * @param error null if nothing went wrong
     */
    List<JobOrder> onFailed(Work work, String outcome, JobError error) {
        List<JobOrder> orders = new ArrayList<>();
        ObjectNode document = document(work, outcome);
        if (error != null) {
            document.putObject("error").put("kind", error.kind().name()).put("message", error.message());
        }
        addListed(orders, work.type() == null ? List.of(ALARM) : work.type().onFailed(), work, document);
        return orders;
    }

    private void addListed(List<JobOrder> orders, List<String> codes, Work work, JsonNode document) {
        for (String code : codes) {
            orders.add(order(existing(code), work, document, emission(work, orders.size())));
        }
    }

    private EventType declared(EventType type, Emit emit) throws RefusedEmitException {
        if (!type.emits().contains(emit.code())) {
            throw new RefusedEmitException("the handler emitted " + emit.code() + ", which " + type.code()
                    + " does not declare under 'emits'");
        }
        return catalog.find(emit.code())
                .orElseThrow(() -> new RefusedEmitException("event type " + emit.code() + " does not exist"));
    }

    private JsonNode body(Emit emit) throws RefusedEmitException {
        JsonNode body = readable(emit);
        List<Violation> violations = catalog.find(emit.code())
                .map(type -> catalog.validate(type, body))
                .orElse(List.of());
        if (!violations.isEmpty()) {
            throw new RefusedEmitException("the handler emitted " + emit.code()
                    + " with a body that does not match its schema: "
                    + violations.get(0).pointer() + " " + violations.get(0).detail());
        }
        return body;
    }

    /** What is stored must be readable later, so it is held to the bounds of what a client posts. */
    private static JsonNode readable(Emit emit) throws RefusedEmitException {
        try {
            return Json.parse(Json.write(emit.body()));
        } catch (MalformedJsonException e) {
            throw new RefusedEmitException("the handler emitted " + emit.code()
                    + " with a body that could not be read again: " + e.getMessage());
        }
    }

    private static Emission emission(Work work, int ordinal) {
        return new Emission(
                work.id(), work.ticket().generation(), ordinal, work.event().root());
    }

    private static JobOrder order(EventType next, Work work, JsonNode body, Emission emission) {
        Event event = work.event();
        return JobOrder.builder()
                .id(Ids.next())
                .code(next.code())
                .submitter(event.submitter())
                .priority(event.priority())
                .body(Json.write(body))
                .lane(next.lane().written())
                .maxAttempts(next.retry().maxAttempts())
                .expireAfter(next.expireAfter())
                .needs(Needs.of(next, body))
                .emission(emission)
                .build();
    }

    /** The outcome document, as the contract specifies it. */
    private static ObjectNode document(Work work, String outcome) {
        Event event = work.event();
        ObjectNode document = Json.object();
        document.put("job", event.job().toString());
        document.put("code", event.code());
        document.put("requestId", event.requestId());
        document.put("submitter", event.submitter());
        document.put("outcome", outcome);
        return document;
    }
}
