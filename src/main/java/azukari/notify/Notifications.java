package azukari.notify;

import azukari.database.Tx;
import azukari.platform.Ids;
import azukari.platform.Json;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** SQL statements for notifications and their feed. */
public final class Notifications {
    private static final String INSERT = """
            INSERT INTO notification (id, teller, generation, ordinal, job, code, request_id, submitter, outcome, result,
                                      error, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String LOCK_FEED = """
            SELECT last_place FROM feed WHERE name = 'notification' FOR UPDATE
            """;

    private static final String UNPLACED = """
            SELECT id FROM notification WHERE place IS NULL ORDER BY id LIMIT ?
            """;

    private static final String PLACE = """
            UPDATE notification SET place = ? WHERE id = ?
            """;

    private static final String ADVANCE_FEED = """
            UPDATE feed SET last_place = ? WHERE name = 'notification'
            """;

    private static final String DELETE_TOLD_BY = """
            DELETE FROM notification WHERE teller = ANY(?)
            """;

    private static final String LAST_PLACE = """
            SELECT last_place FROM feed WHERE name = 'notification'
            """;

    private Notifications() {}

    /**
     * The notifications of one run; (teller, generation, ordinal) is unique.
     *
     * @param teller the job whose run stores them
     */
    public record Told(List<Notice> notices, UUID teller, int generation, Instant now) {}

    /** Inserts the notifications of runs in the transaction that ends them. */
    public static void add(Tx tx, List<Told> all) {
        List<Object[]> rows = new ArrayList<>();
        for (Told told : all) {
            for (int ordinal = 0; ordinal < told.notices().size(); ordinal++) {
                rows.add(row(told, ordinal));
            }
        }
        tx.batch(INSERT, rows);
    }

    private static Object[] row(Told told, int ordinal) {
        Notice notice = told.notices().get(ordinal);
        return new Object[] {
            Ids.next(),
            told.teller(),
            told.generation(),
            ordinal,
            notice.job(),
            notice.code(),
            notice.requestId(),
            notice.submitter(),
            notice.outcome(),
            text(notice.result()),
            text(notice.error()),
            told.now()
        };
    }

    private static String text(JsonNode node) {
        return node == null || node.isNull() ? null : Json.write(node);
    }

    /**
     * Assigns places in the feed to committed notifications, one node at a time: once a reader has seen place <i>n</i>,
     * no lower place will appear later (rule 19).
     *
     * @return the number of notifications placed
     */
    static int place(Tx tx, int limit) {
        long last = tx.query(LOCK_FEED, row -> row.getLong(1)).get(0);
        List<UUID> unplaced = tx.query(UNPLACED, row -> row.getObject(1, UUID.class), limit);
        List<Object[]> rows = new ArrayList<>(unplaced.size());
        for (UUID id : unplaced) {
            rows.add(new Object[] {++last, id});
        }
        tx.batch(PLACE, rows);
        if (!rows.isEmpty()) {
            tx.update(ADVANCE_FEED, last);
        }
        return rows.size();
    }

    /** Deletes the notifications that these jobs stored; all others keep their places. */
    public static void deleteToldBy(Tx tx, List<UUID> tellers) {
        if (!tellers.isEmpty()) {
            tx.updateAll(DELETE_TOLD_BY, tellers);
        }
    }

    /**
     * Reads the next notifications in the feed.
     *
     * @param submitter whose notifications; null for all
     * @param after the place to continue after; 0 for the beginning
     */
    public static List<Notification> page(EntityManager em, String submitter, long after, int limit) {
        String bySubmitter = submitter == null ? "" : "n.submitter = :submitter AND ";
        TypedQuery<Notification> query = em.createQuery(
                "SELECT n FROM Notification n WHERE " + bySubmitter + "n.place > :after ORDER BY n.place",
                Notification.class);
        if (submitter != null) {
            query.setParameter("submitter", submitter);
        }
        return query.setParameter("after", after).setMaxResults(limit).getResultList();
    }

    /** The last place assigned in the feed. */
    public static long lastPlace(EntityManager em) {
        return ((Number) em.createNativeQuery(LAST_PLACE).getSingleResult()).longValue();
    }
}
