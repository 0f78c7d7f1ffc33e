package azukari.notify;

import azukari.platform.Ids;
import azukari.platform.Json;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** A stored notification. */
@Entity
@Table(name = "notification")
@SuppressWarnings("unused") // some fields are read by the persistence provider alone
public class Notification {
    @Id
    private UUID id;

    private Long place;
    private UUID teller;
    private int generation;
    private int ordinal;
    private UUID job;
    private String code;

    @Column(name = "request_id")
    private String requestId;

    private String submitter;
    private String outcome;
    private String result;
    private String error;

    @Column(name = "created_at")
    private Instant createdAt;

    /** For the persistence provider. */
    protected Notification() {}

    Notification(Notice notice, UUID teller, int generation, int ordinal, Instant createdAt) {
        this.id = Ids.next();
        this.teller = teller;
        this.generation = generation;
        this.ordinal = ordinal;
        this.job = notice.job();
        this.code = notice.code();
        this.requestId = notice.requestId();
        this.submitter = notice.submitter();
        this.outcome = notice.outcome();
        this.result = text(notice.result());
        this.error = text(notice.error());
        this.createdAt = createdAt;
    }

    private static String text(JsonNode node) {
        return node == null || node.isNull() ? null : Json.write(node);
    }

    public UUID id() {
        return id;
    }

    /** Its place in the feed; null until it has one. */
    public Long place() {
        return place;
    }

    /** The job that told it (an alarm). */
    public UUID teller() {
        return teller;
    }

    /** The job that it is about. */
    public UUID job() {
        return job;
    }

    /** That job's event type. */
    public String code() {
        return code;
    }

    /** Null when the client gave none. */
    public String requestId() {
        return requestId;
    }

    public String submitter() {
        return submitter;
    }

    public String outcome() {
        return outcome;
    }

    /** A JSON text; null without one. */
    public String result() {
        return result;
    }

    /** A JSON text; null when nothing went wrong. */
    public String error() {
        return error;
    }

    public Instant createdAt() {
        return createdAt;
    }
}
