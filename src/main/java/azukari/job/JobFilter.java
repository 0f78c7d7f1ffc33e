package azukari.job;

import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Which jobs to list; null in a field means any.
 *
 * @param after only jobs older than this one
 */
public record JobFilter(
        JobState state, String code, UUID root, UUID parent, String requestId, String submitter, UUID after) {

    /** At most {@code limit} matching jobs, newest first. */
    public List<Job> page(EntityManager em, int limit) {
        Map<String, Object> criteria = new LinkedHashMap<>();
        criteria.put("state", state);
        criteria.put("code", code);
        criteria.put("root", root);
        criteria.put("parent", parent);
        criteria.put("requestId", requestId);
        criteria.put("submitter", submitter);
        criteria.values().removeIf(java.util.Objects::isNull);

        List<String> conditions = new ArrayList<>();
        criteria.keySet().forEach(name -> conditions.add("j." + name + " = :" + name));
        if (after != null) {
            conditions.add("j.id < :after");
            criteria.put("after", after);
        }
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        TypedQuery<Job> query = em.createQuery("SELECT j FROM Job j" + where + " ORDER BY j.id DESC", Job.class);
        criteria.forEach(query::setParameter);
        return query.setMaxResults(limit).getResultList();
    }
}
