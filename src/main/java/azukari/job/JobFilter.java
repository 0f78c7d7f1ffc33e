package azukari.job;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Which jobs to list; null in a field means any.
 *
 * <p>However many jobs there are, a page is cheap: one of the criteria leads, through the index that begins with its
 * column, and only a limited number of the jobs that match it are examined for the other criteria.
 *
 * @param after only jobs older than this one
 */
public record JobFilter(
        JobState state, String code, UUID root, UUID parent, String requestId, String submitter, UUID after) {

    /** How many candidates one page examines. */
    private static final int MOST_LOOKED_AT = 5_000;

    /**
     * Ordering by both columns, and bounds instead of {@code =}, leave the planner no choice: by its statistics on the
     * column's values alone it might walk the primary key instead, in vain if all old jobs are in another state.
     */
    private static final String LED = """
            FROM %2$s WHERE %1$s >= ? AND %1$s <= ?
            """;

    private static final String LED_AFTER = """
            FROM %2$s WHERE %1$s >= ? AND %1$s <= ? AND %3$s < ? AND (%1$s, %3$s) < (?, ?)
            """;

    private static final String NEWEST_FIRST = """
            ORDER BY %1$s DESC, %3$s DESC LIMIT ?
            """;

    /** Reads by id the jobs that were found along an index. */
    private static final String READ = """
            SELECT e.id, e.code, e.request_id, e.fingerprint, e.submitter, e.priority, e.max_attempts, e.parent,
                   e.parent_generation, e.parent_ordinal, e.root, e.extensions, e.created_at, e.not_before, s.*
              FROM (%s) AS found (id)
              JOIN event e ON e.id = found.id
              JOIN job_state s ON s.job = found.id
            """;

    /**
     * Forces a sort: with the bare id, the planner, which is told to follow an index rather than sort, would walk the
     * primary key, and thus all jobs.
     */
    private static final String FOUND_NEWEST_FIRST = "ORDER BY COALESCE(found.id, e.id) DESC";

    /** A criterion, and where its column is found. */
    private record Criterion(String column, String table, String key, Object value) {
        static Criterion ofEvent(String column, Object value) {
            return new Criterion(column, "event", "id", value);
        }

        String fill(String sql) {
            return sql.formatted(column, table, key);
        }

        String qualified() {
            return (table.equals("event") ? "e." : "s.") + column;
        }
    }

    /** At most {@code limit} matching jobs, newest first; fewer if their results are large. */
    public JobPage page(EntityManager em, int limit) {
        List<Criterion> criteria = criteria();
        if (criteria.size() > 1) {
            return ofSeveral(em, criteria, limit);
        }
        List<Object> parameters = new ArrayList<>();
        String sql;
        if (criteria.isEmpty()) {
            String found =
                    "SELECT id FROM event" + (after == null ? "" : " WHERE id < ?") + " ORDER BY id DESC LIMIT ?";
            parameters.addAll(after == null ? List.of() : List.of(after));
            sql = READ.formatted(found) + "ORDER BY e.id DESC";
        } else {
            sql = READ.formatted(ledBy(criteria.get(0), parameters)) + FOUND_NEWEST_FIRST;
        }
        parameters.add(limit);
        return page(em, sql, parameters, limit, null);
    }

    private List<Criterion> criteria() {
        return Stream.of(
                        Criterion.ofEvent("request_id", requestId),
                        Criterion.ofEvent("parent", parent),
                        Criterion.ofEvent("root", root),
                        Criterion.ofEvent("submitter", submitter),
                        Criterion.ofEvent("code", code),
                        new Criterion("state", "job_state", "job", state == null ? null : state.name()))
                .filter(criterion -> criterion.value() != null)
                .toList();
    }

    /** The criterion whose candidates are exhausted first, or reach back the farthest, leads. */
    private JobPage ofSeveral(EntityManager em, List<Criterion> criteria, int limit) {
        record Lead(Criterion criterion, UUID last) {}
        Lead lead = null;
        for (Criterion criterion : criteria) {
            UUID last = lastLookedAt(em, criterion);
            if (lead == null || last == null || last.compareTo(lead.last()) < 0) {
                lead = new Lead(criterion, last);
            }
            if (last == null) {
                break;
            }
        }
        Criterion leading = lead.criterion();
        List<Object> parameters = new ArrayList<>();
        StringBuilder sql = new StringBuilder(READ.formatted(ledBy(leading, parameters))).append("WHERE TRUE");
        parameters.add(MOST_LOOKED_AT);
        for (Criterion other : criteria) {
            if (!other.equals(leading)) {
                sql.append(" AND ").append(other.qualified()).append(" = ?");
                parameters.add(other.value());
            }
        }
        sql.append(' ').append(FOUND_NEWEST_FIRST).append(" LIMIT ?");
        parameters.add(limit);
        return page(em, sql.toString(), parameters, limit, lead.last());
    }

    /** The oldest job that a page led by this criterion examines; null if it examines all that match. */
    private UUID lastLookedAt(EntityManager em, Criterion criterion) {
        List<Object> parameters = new ArrayList<>();
        String sql = ledBy(criterion, parameters) + " OFFSET ?";
        parameters.add(1);
        parameters.add(MOST_LOOKED_AT - 1);
        List<?> found = query(em.createNativeQuery(sql), parameters).getResultList();
        return found.isEmpty() ? null : UUID.fromString(found.get(0).toString());
    }

    /** The ids along the criterion's index, newest first. */
    private String ledBy(Criterion criterion, List<Object> parameters) {
        parameters.add(criterion.value());
        parameters.add(criterion.value());
        if (after != null) {
            parameters.addAll(List.of(after, criterion.value(), after));
        }
        return criterion.fill("SELECT %3$s " + (after == null ? LED : LED_AFTER) + NEWEST_FIRST);
    }

    /** @param next where to continue if all jobs that were found are on this page; null: nowhere */
    private static JobPage page(EntityManager em, String sql, List<Object> parameters, int limit, UUID next) {
        List<Job> jobs = jobs(em, sql, parameters);
        long results = 0;
        int shown = 0;
        while (shown < jobs.size()) {
            Integer size = jobs.get(shown).resultSize();
            results += size == null ? 0 : size;
            if (shown > 0 && size != null && results > JobTable.MOST_RESULTS) {
                break;
            }
            shown++;
        }
        List<Job> page = JobTable.withResults(em, jobs.subList(0, shown));
        return new JobPage(
                page,
                shown < jobs.size() || shown == limit ? page.get(shown - 1).id() : next);
    }

    @SuppressWarnings("unchecked") // a native query with a result class returns that class
    private static List<Job> jobs(EntityManager em, String sql, List<Object> parameters) {
        return query(em.createNativeQuery(sql, Job.class), parameters).getResultList();
    }

    private static Query query(Query query, List<Object> parameters) {
        for (int i = 0; i < parameters.size(); i++) {
            query.setParameter(i + 1, parameters.get(i));
        }
        return query;
    }
}
