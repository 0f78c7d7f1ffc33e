package azukari.plans;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** The page in {@code docs} that keeps the plans; written by {@code mvn -Pplans verify}. */
final class PlansPage {
    private static final Path PAGE = Path.of("docs", "query-plans.md");

    private final long jobs;
    private final Map<String, Plan> worst;

    PlansPage(long jobs, Map<String, Plan> worst) {
        this.jobs = jobs;
        this.worst = worst;
    }

    void writeIfAsked() throws IOException {
        if (Boolean.getBoolean("plans.write")) {
            Files.writeString(PAGE, text());
        }
    }

    private String text() {
        StringBuilder page = new StringBuilder(String.format(Locale.ROOT, """
            # Query plans

            Written by `mvn -Pplans verify` (`QueryPlansIT`): PostgreSQL with %,d jobs, nine in ten ended, the newest \
            tenth waiting or queued. The server runs and receives events and queries; `auto_explain` logs what each of \
            its statements did. For each statement, the table shows the worst execution: the rows that its scans of \
            the large tables (jobs, runs, outbox, notifications) looked at, and the rows that it used. The test fails \
            if a statement reads more than 5,000 rows that it does not use (a list by several criteria: 5,000 jobs, \
            each in an index and two tables), or a whole table; every `mvn verify` runs it with fewer jobs.

            | statement | plan | rows read | rows used |
            | --- | --- | ---: | ---: |
            """, jobs));
        worst.values().stream().filter(plan -> !plan.steps().isEmpty()).forEach(plan -> page.append("| `")
                .append(plan.statement().replace("|", "\\|"))
                .append("` | ")
                .append(plan.steps())
                .append(" | ")
                .append(plan.read())
                .append(" | ")
                .append(plan.used())
                .append(" |\n"));
        return page.toString();
    }
}
