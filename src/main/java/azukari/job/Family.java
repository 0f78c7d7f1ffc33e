package azukari.job;

import java.util.UUID;

/**
 * A job's children, as far as their ends were counted.
 *
 * @param failed how many ended without success, whether FAILED, CANCELLED or UNCERTAIN
 */
public record Family(UUID parent, int total, int succeeded, int failed) {
    /** How many are not known to have ended. */
    public int open() {
        return total - succeeded - failed;
    }
}
