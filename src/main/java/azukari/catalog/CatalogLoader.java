package azukari.catalog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Loads the catalogue: the bundled event types and those of a folder. Either all documents are right, or a {@link
 * CatalogException} names every problem of all of them.
 */
public final class CatalogLoader {
    private static final int LARGEST_FILE = 1024 * 1024;

    private final List<Problem> problems = new ArrayList<>();
    /** From a code to the file that defines it. */
    private final Map<String, String> files = new HashMap<>();

    private final Map<String, EventType> types = new TreeMap<>();

    private CatalogLoader() {}

    /**
     * The bundled event types (Azukari's own, and those that an overlay puts beside them) and those of a folder.
     *
     * @param folder every {@code *.yaml} and {@code *.yml} directly in it is an event type; empty: the bundled ones only
     * @throws CatalogException when the folder or a document can't be used
     */
    public static Catalog load(Optional<Path> folder) {
        CatalogLoader loader = new CatalogLoader();
        loader.addBundled();
        folder.ifPresent(loader::addFolder);
        return loader.catalog();
    }

    /**
     * The bundled event types and further ones, for tools and tests.
     *
     * @param documents YAML texts by file name
     * @throws CatalogException when a document can't be used
     */
    public static Catalog parse(Map<String, String> documents) {
        CatalogLoader loader = new CatalogLoader();
        loader.addBundled();
        new TreeMap<>(documents).forEach((name, text) -> loader.add(name, name, text));
        return loader.catalog();
    }

    private Catalog catalog() {
        new CatalogRules(types, files.keySet(), code -> reportTo(files.get(code))).check();
        if (!problems.isEmpty()) {
            throw new CatalogException(problems);
        }
        return new Catalog(types.values());
    }

    private Report reportTo(String file) {
        return (pointer, reason) -> problems.add(new Problem(file, pointer, reason));
    }

    private void addBundled() {
        BundledDocuments.read().forEach((name, bytes) -> {
            if (isDocument(name)) {
                add("bundled " + name, name, bytes);
            }
        });
    }

    private void addFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            reportTo(folder.toString())
                    .refuse(
                            "",
                            "AZUKARI_CATALOG_DIR must name a folder, but there is "
                                    + (Files.exists(folder) ? "a file" : "nothing") + " at this place");
            return;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            entries.filter(entry -> isDocument(entry.getFileName().toString()))
                    .sorted(Comparator.comparing(Path::toString))
                    .forEach(this::addFile);
        } catch (IOException e) {
            reportTo(folder.toString()).refuse("", "the folder of AZUKARI_CATALOG_DIR can't be read: " + e);
        }
    }

    private static boolean isDocument(String file) {
        String name = file.toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml"));
    }

    private void addFile(Path file) {
        Report report = reportTo(file.toString());
        try {
            if (!Files.isRegularFile(file)) {
                report.refuse("", "is no file");
            } else if (Files.size(file) > LARGEST_FILE) {
                report.refuse("", "is larger than 1 MiB");
            } else {
                add(file.toString(), file.getFileName().toString(), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            report.refuse("", "can't be read: " + e);
        }
    }

    private void add(String file, String name, byte[] bytes) {
        try {
            add(file, name, decode(bytes));
        } catch (CharacterCodingException e) {
            reportTo(file).refuse("", "is no UTF-8");
        }
    }

    private static String decode(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private void add(String file, String name, String text) {
        Report report = reportTo(file);
        if (name.equalsIgnoreCase("channels.yaml") || name.equalsIgnoreCase("channels.yml")) {
            report.refuse("", "this version has no channels yet: take the file away");
            return;
        }
        JsonNode document;
        try {
            document = YamlReader.read(text);
        } catch (UnreadableYamlException e) {
            report.refuse("", e.getMessage());
            return;
        }
        Optional<String> code = EventTypeReader.codeOf(document);
        Optional<EventType> type = new EventTypeReader(name, report).read(document);
        String other = code.map(found -> files.putIfAbsent(found, file)).orElse(null);
        if (other != null) {
            report.refuse("/code", code.get() + " is defined already, in " + other);
        } else {
            type.ifPresent(found -> types.put(found.code(), found));
        }
    }
}
