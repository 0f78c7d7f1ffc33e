package azukari.notify;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A stored notification. Read as an entity; written by {@link Notifications}. */
@Entity
@Table(name = "notification")
@SuppressWarnings("unused") // some fields are read by the persistence provider alone
public class Notification {
    @Id
    @Column(name = "id")
    private UUID id;

    @Column(name = "place")
    private Long place;

    @Column(name = "teller")
    private UUID teller;

    @Column(name = "generation")
    private int generation;

    @Column(name = "ordinal")
    private int ordinal;

    @Column(name = "job")
    private UUID job;

    @Column(name = "code")
    private String code;

    @Column(name = "request_id")
    private String requestId;

    @Column(name = "submitter")
    private String submitter;

    @Column(name = "outcome")
    private String outcome;

    @Column(name = "result")
    private String result;

    @Column(name = "error")
    private String error;

    @Column(name = "created_at")
    private Instant createdAt;

    /** For the persistence provider. */
    protected Notification() {}

    public UUID id() {
        return id;
    }

    /** Its place in the feed; null until one is assigned. */
    public Long place() {
        return place;
    }

    /** The job that stored it (an alarm). */
    public UUID teller() {
        return teller;
    }

    /** The job that ended. */
    public UUID job() {
        return job;
    }

    /** That job's event type. */
    public String code() {
        return code;
    }

    /** Null if the client gave none. */
    public String requestId() {
        return requestId;
    }

    public String submitter() {
        return submitter;
    }

    public String outcome() {
        return outcome;
    }

    /** JSON text; null if there is none. */
    public String result() {
        return result;
    }

    /** JSON text; null if nothing went wrong. */
    public String error() {
        return error;
    }

    public Instant createdAt() {
        return createdAt;
    }
}
