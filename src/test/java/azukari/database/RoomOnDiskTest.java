package azukari.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import azukari.testing.Store;
import java.io.File;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoomOnDiskTest {
    @TempDir
    private Path folder;

    private File database() {
        return folder.resolve("not yet there").resolve("azukari").toFile();
    }

    @Test
    void a_database_whose_disk_is_nearly_full_is_left_alone_and_says_so() {
        try (Store.Opened opened = Store.H2.open();
                Database database = new Database(new RoomOnDisk(database(), Long.MAX_VALUE).guard(opened.source()))) {
            assertThatThrownBy(() -> database.inTransaction(tx -> 1))
                    .isInstanceOf(DatabaseUnavailableException.class)
                    .hasStackTraceContaining("nearly full")
                    .hasStackTraceContaining(folder.toString());
            assertThatThrownBy(() ->
                            database.read(em -> em.createNativeQuery("SELECT 1").getResultList()))
                    .isInstanceOf(DatabaseUnavailableException.class)
                    .hasStackTraceContaining("nearly full");
        }
    }

    @Test
    void a_database_with_room_is_used() {
        try (Store.Opened opened = Store.H2.open();
                Database database = new Database(new RoomOnDisk(database(), 1).guard(opened.source()))) {
            assertThat(database.<Integer>inTransaction(tx -> 1)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "jdbc:postgresql://localhost/azukari",
                "jdbc:h2:mem:x",
                "jdbc:h2:tcp://localhost/x",
                "jdbc:h2:ssl://h/x"
            })
    void the_disk_of_another_machine_is_its_own_affair(String url) {
        assertThat(RoomOnDisk.of(url)).isSameAs(RoomOnDisk.NOT_OURS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:h2:file:/tmp/db/azukari;WRITE_DELAY=0", "jdbc:h2:./db/azukari", "jdbc:h2:~/azukari"})
    void the_disk_of_an_embedded_database_is_ours(String url) {
        assertThat(RoomOnDisk.of(url)).isNotSameAs(RoomOnDisk.NOT_OURS);
    }
}
