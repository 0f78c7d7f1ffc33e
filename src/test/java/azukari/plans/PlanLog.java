package azukari.plans;

import azukari.testing.Postgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** PostgreSQL's log of the plans that it has executed, by {@code auto_explain}. */
final class PlanLog {
    /** Settings under which PostgreSQL logs every plan with its counts. */
    static final String[] SETTINGS = {
        "session_preload_libraries=auto_explain",
        "auto_explain.log_min_duration=0",
        "auto_explain.log_analyze=on",
        "auto_explain.log_timing=off",
        "auto_explain.log_format=json",
        // The data is discarded.
        "fsync=off",
        "synchronous_commit=off",
        "max_wal_size=4GB"
    };

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern ENTRY = Pattern.compile("LOG: +duration: [0-9.]+ ms +plan:\\R((?:\\t.*\\R)+)");

    private final Postgres postgres;
    private final int from;

    /** What is logged from now on. */
    PlanLog(Postgres postgres) throws IOException {
        this.postgres = postgres;
        this.from = Math.toIntExact(Files.size(postgres.log()));
    }

    /** The worst execution of each statement, by its text. */
    Map<String, Plan> worst() throws IOException {
        Map<String, Plan> worst = new TreeMap<>();
        for (JsonNode entry : entries()) {
            Plan plan = Plan.of(entry);
            worst.merge(plan.statement(), plan, PlanLog::worse);
        }
        return worst;
    }

    /**
     * For each statement, the plan that PostgreSQL keeps once it has stopped looking at the parameters, on a connection
     * that is configured like the product's.
     */
    List<Plan> generic(Postgres.Database database) throws IOException, SQLException {
        Set<String> texts = new LinkedHashSet<>();
        entries().forEach(entry -> texts.add(entry.path("Query Text").asString()));
        List<Plan> plans = new ArrayList<>();
        // Not prepared: the text has parameters, which have no values.
        String url = database.url() + "?preferQueryMode=simple";
        try (Connection connection = DriverManager.getConnection(url, database.user(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off");
            for (String text : texts) {
                try (ResultSet rows = statement.executeQuery("EXPLAIN (GENERIC_PLAN, FORMAT JSON) " + text)) {
                    rows.next();
                    ObjectNode logged =
                            (ObjectNode) JSON.readTree(rows.getString(1)).get(0);
                    plans.add(Plan.of(logged.put("Query Text", text)));
                }
            }
        }
        return plans;
    }

    private List<JsonNode> entries() throws IOException {
        byte[] all = Files.readAllBytes(postgres.log());
        Matcher matcher = ENTRY.matcher(new String(Arrays.copyOfRange(all, from, all.length), StandardCharsets.UTF_8));
        List<JsonNode> entries = new ArrayList<>();
        while (matcher.find()) {
            JsonNode entry = JSON.readTree(matcher.group(1));
            // The driver queries the catalogue of tables on its own.
            if (!entry.path("Query Text").asString().contains("pg_catalog")) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private static Plan worse(Plan one, Plan other) {
        Comparator<Plan> order = Comparator.comparing(Plan::scansWhole)
                .thenComparingLong(Plan::wasted)
                .thenComparingLong(Plan::read);
        return order.compare(one, other) >= 0 ? one : other;
    }
}
