package azukari.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The folder {@code event-types} next to the classes: {@code WEB-INF/classes/event-types} of the WAR. Its files are listed at
 * run time, so a team's overlay can add event types by placing files there.
 */
final class BundledDocuments {
    private static final String FOLDER = "event-types";

    private BundledDocuments() {}

    /**
     * Reads all files in the folder, by name.
     *
     * @throws IllegalStateException if the folder cannot be listed
     */
    static Map<String, byte[]> read() {
        URL here = BundledDocuments.class.getResource(BundledDocuments.class.getSimpleName() + ".class");
        try {
            URL folder = new URL(here, "../../" + FOLDER + "/");
            return switch (folder.getProtocol()) {
                case "file" -> inFolder(Path.of(folder.toURI()));
                case "jar" -> inJar(folder.getPath());
                default -> inStream(folder);
            };
        } catch (URISyntaxException | IOException e) {
            throw new IllegalStateException("cannot read the bundled event types next to " + here, e);
        }
    }

    private static Map<String, byte[]> inFolder(Path folder) throws IOException {
        Map<String, byte[]> documents = new TreeMap<>();
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path file : entries.filter(Files::isRegularFile).toList()) {
                documents.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return documents;
    }

    /** Opens the jar by path, not by URI, because a file system opened by URI is shared by the whole process. */
    private static Map<String, byte[]> inJar(String address) throws IOException {
        Path jar = Path.of(URI.create(address.substring(0, address.indexOf("!/"))));
        try (FileSystem archive = FileSystems.newFileSystem(jar)) {
            return inFolder(archive.getPath(FOLDER));
        }
    }

    /** For servers that do not unpack WARs, such as WildFly ({@code vfs:}): they present a folder as an archive. */
    static Map<String, byte[]> inStream(URL folder) throws IOException {
        Map<String, byte[]> documents = new TreeMap<>();
        try (InputStream in = folder.openStream()) {
            if (!(in instanceof ZipInputStream entries)) {
                throw new IOException("this server cannot list " + folder);
            }
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                if (!entry.isDirectory()) {
                    documents.put(entry.getName(), entries.readAllBytes());
                }
            }
        }
        return documents;
    }
}
