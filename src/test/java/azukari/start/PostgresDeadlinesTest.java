package azukari.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the launcher adds to {@code AZUKARI_DB_URL}; its classes are not on the tests' class path. */
class PostgresDeadlinesTest {
    private static final Path LAUNCHER = Path.of("target", "launcher-classes");
    private static final String DB = "jdbc:postgresql://h/db";

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            -                                         | connectTimeout=5&loginTimeout=5&options=-c%20statement_timeout%3D9000&socketTimeout=10&tcpKeepAlive=true
            ssl=true&connectTimeout=1                 | loginTimeout=5&options=-c%20statement_timeout%3D9000&socketTimeout=10&tcpKeepAlive=true
            options=-c%20statement_timeout%3D60000    | connectTimeout=5&loginTimeout=5&socketTimeout=10&tcpKeepAlive=true
            tcpKeepAlive=false&options=               | connectTimeout=5&loginTimeout=5&socketTimeout=10
            socketTimeout=60                          | connectTimeout=5&loginTimeout=5&tcpKeepAlive=true
            socketTimeout=60&options=-c%20work_mem%3D1 | connectTimeout=5&loginTimeout=5&tcpKeepAlive=true
            """, delimiter = '|')
    void what_the_address_sets_itself_is_left_as_it_is(String given, String added) throws Exception {
        String address = given == null ? DB : DB + "?" + given;

        assertThat(withDeadlines(address)).isEqualTo(address + (given == null ? "?" : "&") + added);
    }

    private static String withDeadlines(String address) throws IOException, ReflectiveOperationException {
        try (URLClassLoader launcher =
                new URLClassLoader(new URL[] {LAUNCHER.toUri().toURL()})) {
            Method with = launcher.loadClass("azukari.launcher.PostgresDeadlines")
                    .getDeclaredMethod("with", String.class, int.class);
            with.setAccessible(true);
            return (String) with.invoke(null, address, 10);
        }
    }
}
