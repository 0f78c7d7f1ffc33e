package azukari.job;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Which jobs to list; null in a field means any.
 *
 * <p>However many jobs there are, a page costs little: one of the criteria leads, by the index that its column begins, and of the
 * jobs that fit it only so many are looked at for the other criteria.
 *
 * @param after only jobs older than this one
 */
public record JobFilter(
        JobState state, String code, UUID root, UUID parent, String requestId, String submitter, UUID after) {

    /** Candidates that one page looks at. */
    private static final int MOST_LOOKED_AT = 5_000;

    /**
     * The order by both columns, and the bounds in the place of {@code =}, leave the planner no choice: by what it knows of the
     * column's values alone it might walk the primary key instead, in vain where all old jobs are in another state.
     */
    private static final String LED = """
            FROM job WHERE %1$s >= ? AND %1$s <= ?
            """;

    private static final String LED_AFTER = """
            FROM job WHERE %1$s >= ? AND %1$s <= ? AND id < ? AND (%1$s, id) < (?, ?)
            """;

    private static final String NEWEST_FIRST = """
            ORDER BY %1$s DESC, id DESC LIMIT ?
            """;

    /** At most {@code limit} matching jobs, newest first. */
    public JobPage page(EntityManager em, int limit) {
        Map<String, Object> criteria = criteria();
        if (criteria.size() > 1) {
            return ofSeveral(em, criteria, limit);
        }
        List<Job> jobs = criteria.isEmpty()
                ? all(em, limit)
                : led(em, criteria.keySet().iterator().next(), criteria, limit);
        return new JobPage(
                jobs, jobs.size() < limit ? null : jobs.get(limit - 1).id());
    }

    private Map<String, Object> criteria() {
        Map<String, Object> criteria = new LinkedHashMap<>();
        criteria.put("request_id", requestId);
        criteria.put("parent", parent);
        criteria.put("root", root);
        criteria.put("submitter", submitter);
        criteria.put("code", code);
        criteria.put("state", state == null ? null : state.name());
        criteria.values().removeIf(java.util.Objects::isNull);
        return criteria;
    }

    private List<Job> all(EntityManager em, int limit) {
        String older = after == null ? "" : " WHERE id < ?";
        List<Object> parameters = new ArrayList<>(after == null ? List.of() : List.of(after));
        parameters.add(limit);
        return jobs(em, "SELECT * FROM job" + older + " ORDER BY id DESC LIMIT ?", parameters);
    }

    private List<Job> led(EntityManager em, String column, Map<String, Object> criteria, int limit) {
        List<Object> parameters = new ArrayList<>();
        String sql = "SELECT * " + ledBy(column, criteria, parameters) + NEWEST_FIRST.formatted(column);
        parameters.add(limit);
        return jobs(em, sql, parameters);
    }

    /** The criterion leads whose candidates come to an end first, or reach back the farthest. */
    private JobPage ofSeveral(EntityManager em, Map<String, Object> criteria, int limit) {
        record Lead(String column, UUID last) {}
        Lead lead = null;
        for (String column : criteria.keySet()) {
            UUID last = lastLookedAt(em, column, criteria);
            if (lead == null || last == null || last.compareTo(lead.last()) < 0) {
                lead = new Lead(column, last);
            }
            if (last == null) {
                break;
            }
        }
        List<Job> jobs = looked(em, lead.column(), criteria, limit);
        return new JobPage(
                jobs, jobs.size() < limit ? lead.last() : jobs.get(limit - 1).id());
    }

    /** The oldest job that a page led by this column looks at; null when it looks at all that fit. */
    private UUID lastLookedAt(EntityManager em, String column, Map<String, Object> criteria) {
        List<Object> parameters = new ArrayList<>();
        String sql = "SELECT id " + ledBy(column, criteria, parameters) + NEWEST_FIRST.formatted(column) + " OFFSET ?";
        parameters.add(1);
        parameters.add(MOST_LOOKED_AT - 1);
        List<?> found = query(em.createNativeQuery(sql), parameters).getResultList();
        return found.isEmpty() ? null : UUID.fromString(found.get(0).toString());
    }

    private List<Job> looked(EntityManager em, String column, Map<String, Object> criteria, int limit) {
        List<Object> parameters = new ArrayList<>();
        StringBuilder sql = new StringBuilder("SELECT * FROM (SELECT * ")
                .append(ledBy(column, criteria, parameters))
                .append(NEWEST_FIRST.formatted(column))
                .append(") looked_at WHERE TRUE");
        parameters.add(MOST_LOOKED_AT);
        criteria.forEach((other, value) -> {
            if (!other.equals(column)) {
                sql.append(" AND ").append(other).append(" = ?");
                parameters.add(value);
            }
        });
        sql.append(' ').append(NEWEST_FIRST.formatted(column));
        parameters.add(limit);
        return jobs(em, sql.toString(), parameters);
    }

    private String ledBy(String column, Map<String, Object> criteria, List<Object> parameters) {
        Object value = criteria.get(column);
        parameters.add(value);
        parameters.add(value);
        if (after == null) {
            return LED.formatted(column);
        }
        parameters.addAll(List.of(after, value, after));
        return LED_AFTER.formatted(column);
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
