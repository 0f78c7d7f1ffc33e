package azukari.database;

import org.eclipse.persistence.sessions.Session;
import org.eclipse.persistence.sessions.SessionCustomizer;

/**
 * Has a query fail at once when the database is away. By default EclipseLink tries it three times more, 5 s apart, and whoever
 * asked (a request, the health check) hangs meanwhile. Named in persistence.xml.
 */
public final class ReadsAreTriedOnce implements SessionCustomizer {
    @Override
    public void customize(Session session) {
        session.getLogin().setQueryRetryAttemptCount(0);
    }
}
