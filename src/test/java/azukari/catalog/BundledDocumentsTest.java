package azukari.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.jar.JarInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** Where a server keeps its WARs neither unpacked nor in a jar. */
class BundledDocumentsTest {
    /** As WildFly does: opening a folder gives its files, as an archive's entries. */
    @Test
    void a_folder_presented_as_an_archive_is_read() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("b.yaml"));
            zip.write("two".getBytes(UTF_8));
            zip.putNextEntry(new ZipEntry("sub/"));
            zip.putNextEntry(new ZipEntry("a.yaml"));
            zip.write("one".getBytes(UTF_8));
        }

        var documents =
                BundledDocuments.inStream(folder(new JarInputStream(new ByteArrayInputStream(bytes.toByteArray()))));

        assertThat(documents).containsOnlyKeys("a.yaml", "b.yaml");
        assertThat(documents.get("a.yaml")).asString(UTF_8).isEqualTo("one");
        assertThat(documents.get("b.yaml")).asString(UTF_8).isEqualTo("two");
    }

    @Test
    void a_folder_that_cannot_be_listed_is_reported() throws IOException {
        URL folder = folder(InputStream.nullInputStream());

        assertThatThrownBy(() -> BundledDocuments.inStream(folder))
                .isInstanceOf(IOException.class)
                .hasMessage("this server cannot list vfs:/classes/event-types/");
    }

    private static URL folder(InputStream opened) throws MalformedURLException {
        return new URL(null, "vfs:/classes/event-types/", new URLStreamHandler() {
            @Override
            protected URLConnection openConnection(URL url) {
                return new URLConnection(url) {
                    @Override
                    public void connect() {
                        // Nothing to connect to.
                    }

                    @Override
                    public InputStream getInputStream() {
                        return opened;
                    }
                };
            }
        });
    }
}
