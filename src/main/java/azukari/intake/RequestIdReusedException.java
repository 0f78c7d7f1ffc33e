package azukari.intake;

import java.util.UUID;

/**
 * The {@code requestId} is already in use for another event; nothing was stored. Checked: an ordinary case that must be
 * answered.
 */
public final class RequestIdReusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RequestIdReusedException(String requestId, UUID job) {
        super("requestId '" + requestId + "' is already in use for job " + job
                + " with a different code, body, priority, notBefore or submitter");
    }
}
