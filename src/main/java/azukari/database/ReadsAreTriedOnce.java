package azukari.database;

import org.eclipse.persistence.sessions.Session;
import org.eclipse.persistence.sessions.SessionCustomizer;

/**
 * Makes a query fail at once if the database is unavailable. By default, EclipseLink retries it three times, 5 s apart,
 * and the caller (a request, the health check) hangs meanwhile. Named in persistence.xml.
 */
public final class ReadsAreTriedOnce implements SessionCustomizer {
    @Override
    public void customize(Session session) {
        session.getLogin().setQueryRetryAttemptCount(0);
    }
}
