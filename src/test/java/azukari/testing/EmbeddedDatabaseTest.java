package azukari.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the product relies on in the embedded database: after a commit, the file contains that commit. H2 2.5.252 violates this once
 * it writes into freed space, so a new version has to pass this test before it is adopted.
 */
class EmbeddedDatabaseTest {
    private static final int COMMITS = 300;
    private static final int ROWS = 400;
    private static final int LONGEST_VALUE = 6_000;

    /** Makes H2 use freed space again after milliseconds instead of 45 s. */
    private static final String SOON_REUSED = ";RETENTION_TIME=50";

    @TempDir
    private Path folder;

    @Test
    void the_file_contains_every_acknowledged_commit() throws SQLException, IOException {
        Random random = new Random(1);
        try (Connection connection = open("db", ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE" + SOON_REUSED);
                Statement schema = connection.createStatement()) {
            schema.execute("CREATE TABLE t(id int PRIMARY KEY, n int, v varchar)");
            schema.execute("INSERT INTO t VALUES (0, 0, '')");
            connection.setAutoCommit(false);
            try (PreparedStatement count = connection.prepareStatement("UPDATE t SET n = ? WHERE id = 0");
                    PreparedStatement churn = connection.prepareStatement("MERGE INTO t VALUES (?, ?, ?)")) {
                for (int commit = 1; commit <= COMMITS; commit++) {
                    count.setInt(1, commit);
                    count.executeUpdate();
                    churn.setInt(1, 1 + random.nextInt(ROWS));
                    churn.setInt(2, commit);
                    churn.setString(3, "x".repeat(random.nextInt(LONGEST_VALUE)));
                    churn.executeUpdate();
                    connection.commit();
                    assertThat(commitsIn(copy())).isEqualTo(commit);
                }
            }
        }
    }

    /** The file as a crash at this moment would leave it. */
    private String copy() throws IOException {
        Files.copy(folder.resolve("db.mv.db"), folder.resolve("left.mv.db"), StandardCopyOption.REPLACE_EXISTING);
        return "left";
    }

    private int commitsIn(String name) throws SQLException {
        try (Connection connection = open(name, ";ACCESS_MODE_DATA=r");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT n FROM t WHERE id = 0")) {
            row.next();
            return row.getInt(1);
        }
    }

    private Connection open(String name, String settings) throws SQLException {
        return DriverManager.getConnection("jdbc:h2:file:" + folder.resolve(name) + settings, "sa", "");
    }
}
