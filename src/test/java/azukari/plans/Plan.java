package azukari.plans;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * One execution of a statement, as PostgreSQL's {@code auto_explain} reports it.
 *
 * @param statement its text, without white space and long column lists
 * @param read the rows that its scans of the large tables looked at
 * @param used the rows that were returned, changed, or locked
 * @param steps what it did to the large tables, in words
 * @param scansWhole whether it read one of them from end to end
 */
record Plan(String statement, long read, long used, String steps, boolean scansWhole) {
    private static final Set<String> LARGE = Set.of(
            "event",
            "job_state",
            "job_result",
            "large_body",
            "run",
            "outbox",
            "notification",
            "permit",
            "capacity",
            "ended_child");

    /** @param logged the JSON that was logged, or that of {@code EXPLAIN} with the query's text added */
    static Plan of(JsonNode logged) {
        List<JsonNode> scans = new ArrayList<>();
        collectScans(logged.path("Plan"), scans);
        long read = scans.stream().mapToLong(Plan::rowsRead).sum();
        String steps = scans.stream().map(Plan::words).distinct().collect(Collectors.joining("; "));
        boolean whole = scans.stream().anyMatch(scan -> type(scan).endsWith("Seq Scan"));
        return new Plan(shortened(logged.path("Query Text").asString()), read, used(logged), steps, whole);
    }

    /** Rows that were read for nothing. */
    long wasted() {
        return read - used;
    }

    private static void collectScans(JsonNode node, List<JsonNode> scans) {
        String type = type(node);
        if (type.endsWith("Scan") && LARGE.contains(node.path("Relation Name").asString(""))) {
            scans.add(node);
        }
        node.path("Plans").forEach(child -> collectScans(child, scans));
    }

    private static String type(JsonNode node) {
        return node.path("Node Type").asString("");
    }

    private static long rowsRead(JsonNode scan) {
        double each = scan.path("Actual Rows").asDouble(0)
                + scan.path("Rows Removed by Filter").asDouble(0)
                + scan.path("Rows Removed by Index Recheck").asDouble(0);
        return Math.round(each * scan.path("Actual Loops").asDouble(1));
    }

    /** A data-changing statement returns nothing: what its scan found is what it changed. */
    private static long used(JsonNode logged) {
        JsonNode top = logged.path("Plan");
        JsonNode source = type(top).equals("ModifyTable") ? top.path("Plans").path(0) : top;
        return Math.round(source.path("Actual Rows").asDouble(0)
                * source.path("Actual Loops").asDouble(1));
    }

    private static String words(JsonNode scan) {
        String index = indexes(scan);
        return type(scan).toLowerCase(Locale.ROOT) + " on "
                + scan.path("Relation Name").asString() + (index.isEmpty() ? "" : " by " + index);
    }

    private static String indexes(JsonNode scan) {
        List<String> names = new ArrayList<>();
        collectIndexes(scan, names);
        return String.join(" and ", names);
    }

    private static void collectIndexes(JsonNode node, List<String> names) {
        String name = node.path("Index Name").asString("");
        if (!name.isEmpty()) {
            names.add(name);
        }
        node.path("Plans").forEach(child -> collectIndexes(child, names));
    }

    static String shortened(String sql) {
        return sql.replaceAll("\\s+", " ")
                .strip()
                .replaceAll("(?i)^SELECT .{60,}? FROM ", "SELECT … FROM ")
                .replaceAll("(\\$\\d+(::\\w+\\[\\])?|NULL)(, ?(\\$\\d+(::\\w+\\[\\])?|NULL))+", "$1, …")
                .replaceAll("(g\\.v_\\w+)(, g\\.v_\\w+){5,}", "$1, …")
                .replaceAll("\\(\\w+(, \\w+){5,}\\)", "(…)");
    }
}
