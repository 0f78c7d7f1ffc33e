package azukari.outbox;

import azukari.platform.Ids;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A row that says: the message for this job with this fence is still to be sent. */
@Entity
@Table(name = "outbox")
@SuppressWarnings("unused") // the fields are read by the persistence provider
class OutboxEntry {
    @Id
    private UUID id;

    private UUID job;
    private long fence;

    @Column(name = "created_at")
    private Instant createdAt;

    /** For the persistence provider. */
    protected OutboxEntry() {}

    OutboxEntry(UUID job, long fence, Instant createdAt) {
        this.id = Ids.next();
        this.job = job;
        this.fence = fence;
        this.createdAt = createdAt;
    }

    UUID id() {
        return id;
    }
}
