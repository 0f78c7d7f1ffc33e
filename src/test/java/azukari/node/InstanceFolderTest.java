package azukari.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceFolderTest {
    @TempDir
    private Path folder;

    @Test
    void a_file_without_an_id_is_named_and_left_unlocked() throws IOException {
        Path file = folder.resolve("instance");
        Files.writeString(file, "x".repeat(36));

        assertThatThrownBy(() -> InstanceFolder.lock(folder))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("the file instance does not contain an id");

        Files.delete(file);
        try (InstanceFolder fresh = InstanceFolder.lock(folder)) {
            assertThat(fresh.instance()).isNotNull();
        }
    }
}
