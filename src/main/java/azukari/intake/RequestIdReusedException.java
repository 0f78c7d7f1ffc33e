package azukari.intake;

import java.util.UUID;

/** The {@code requestId} names another event already; nothing was stored. Checked: an ordinary case, to be answered. */
public final class RequestIdReusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RequestIdReusedException(String requestId, UUID job) {
        super("requestId '" + requestId + "' was used for job " + job
                + " with another code, body, priority, notBefore or submitter");
    }
}
