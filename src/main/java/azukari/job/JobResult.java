package azukari.job;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

/** The result of a job that succeeded with one, separate from what changes. Written by {@link ExitTable}. */
@Entity
@Table(name = "job_result")
public class JobResult {
    @Id
    @Column(name = "job")
    private UUID job;

    @Column(name = "result")
    private String result;

    /** For the persistence provider. */
    protected JobResult() {}

    UUID job() {
        return job;
    }

    /** JSON text. */
    String result() {
        return result;
    }
}
