package azukari.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.ListResourceBundle;
import java.util.UUID;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What is logged during a run names the run, whichever API logged it, on any server whose log is {@code
 * java.util.logging}.
 */
class LogContextTest {
    private static final UUID JOB = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
    private static final UUID ROOT = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8058");
    private static final String RUN = " [job=" + JOB + " root=" + ROOT + " run=3]";
    private static final String NAME = "team.of.its.own";

    private final Logger root = LogManager.getLogManager().getLogger("");
    private final Lines first = new Lines();
    private final Lines second = new Lines();

    /** A server's handler: it formats as the JDK does. */
    private static final class Lines extends Handler {
        private final List<String> lines = new ArrayList<>();

        @Override
        public void publish(LogRecord logged) {
            if (isLoggable(logged) && NAME.equals(logged.getLoggerName())) {
                lines.add(new SimpleFormatter().formatMessage(logged));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @BeforeEach
    void install() {
        root.addHandler(first);
        root.addHandler(second);
        LogContext.install();
    }

    @AfterEach
    void uninstall() {
        LogContext.leave();
        LogContext.uninstall();
        root.removeHandler(first);
        root.removeHandler(second);
    }

    @Test
    void a_record_names_its_run_whichever_api_logged_it() {
        LogContext.enter(JOB, ROOT, 3);
        System.getLogger(NAME).log(System.Logger.Level.INFO, "a {0}, it''s {1}", "system", 1);
        Logger.getLogger(NAME).log(Level.INFO, "a JDK {0}", "logger");
        Logger.getLogger(NAME).info("as it is: {}'{'");
        org.slf4j.LoggerFactory.getLogger(NAME).info("an SLF4J {}", "logger");
        Logger.getLogger(NAME).log(Level.INFO, null, new Exception("x"));

        assertThat(first.lines)
                .containsExactly(
                        "a system, it's 1" + RUN,
                        "a JDK logger" + RUN,
                        "as it is: {}'{'" + RUN,
                        "an SLF4J logger" + RUN,
                        RUN);
        assertThat(second.lines).as("added once, with several handlers").isEqualTo(first.lines);
    }

    @Test
    void outside_a_run_nothing_is_added() throws Exception {
        Logger.getLogger(NAME).info("before");
        LogContext.enter(JOB, ROOT, 3);
        Thread other = new Thread(() -> Logger.getLogger(NAME).info("elsewhere"));
        other.start();
        other.join();
        LogContext.leave();
        Logger.getLogger(NAME).info("after");

        assertThat(first.lines).containsExactly("before", "elsewhere", "after");
    }

    @Test
    void a_message_from_a_resource_bundle_is_still_found() {
        LogContext.enter(JOB, ROOT, 3);
        LogRecord logged = new LogRecord(Level.INFO, "key");
        logged.setLoggerName(NAME);
        logged.setParameters(new Object[] {"one"});
        logged.setResourceBundle(new ListResourceBundle() {
            @Override
            protected Object[][] getContents() {
                return new Object[][] {{"key", "text with {0}"}};
            }
        });
        Logger.getLogger(NAME).log(logged);

        assertThat(first.lines).containsExactly("text with one" + RUN);
    }

    @Test
    void the_servers_own_filter_still_decides_and_is_restored() {
        LogContext.uninstall();
        Filter own = logged -> !logged.getMessage().startsWith("secret");
        first.setFilter(own);
        LogContext.install();
        LogContext.enter(JOB, ROOT, 3);
        Logger.getLogger(NAME).info("secret");
        Logger.getLogger(NAME).info("open");
        assertThat(first.lines).containsExactly("open" + RUN);

        LogContext.uninstall();
        assertThat(first.getFilter()).isSameAs(own);
        Logger.getLogger(NAME).info("later");
        assertThat(first.lines).endsWith("later");
    }
}
