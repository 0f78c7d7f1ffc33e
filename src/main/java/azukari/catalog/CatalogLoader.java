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
 * Loads the catalogue: the bundled event types and those in a folder. Either all documents are valid, or a {@link
 * CatalogException} lists every problem in all of them.
 */
public final class CatalogLoader {
    private static final int LARGEST_FILE = 1024 * 1024;

    private final List<Problem> problems = new ArrayList<>();
    /** The file that defines each code. */
    private final Map<String, String> files = new HashMap<>();

    private final Map<String, EventType> types = new TreeMap<>();
    private final Map<String, Channel> channels = new TreeMap<>();

    private CatalogLoader() {}

    /**
     * Loads the bundled event types (Azukari's own and those added by an overlay) and those in a folder.
     *
     * @param folder every {@code *.yaml} and {@code *.yml} file directly in it is an event type, except {@code channels.yaml};
     *     empty for the bundled ones only
     * @throws CatalogException if the folder or a document is invalid
     */
    public static Catalog load(Optional<Path> folder) {
        CatalogLoader loader = new CatalogLoader();
        loader.addBundled();
        folder.ifPresent(loader::addFolder);
        return loader.catalog();
    }

    /**
     * Loads the bundled event types and additional ones; for tools and tests.
     *
     * @param documents YAML texts by file name
     * @throws CatalogException if a document is invalid
     */
    public static Catalog parse(Map<String, String> documents) {
        CatalogLoader loader = new CatalogLoader();
        loader.addBundled();
        new TreeMap<>(documents).forEach((name, text) -> loader.add(name, name, text));
        return loader.catalog();
    }

    private Catalog catalog() {
        new CatalogRules(types, channels.keySet(), files.keySet(), code -> reportTo(files.get(code))).check();
        if (!problems.isEmpty()) {
            throw new CatalogException(problems);
        }
        return new Catalog(types.values(), channels.values());
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
                            "AZUKARI_CATALOG_DIR must name a folder, but this path "
                                    + (Files.exists(folder) ? "is not a folder" : "does not exist"));
            return;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            entries.filter(entry -> isDocument(entry.getFileName().toString()))
                    .sorted(Comparator.comparing(Path::toString))
                    .forEach(this::addFile);
        } catch (IOException e) {
            reportTo(folder.toString()).refuse("", "cannot read the folder that AZUKARI_CATALOG_DIR names: " + e);
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
                report.refuse("", "is not a regular file");
            } else if (Files.size(file) > LARGEST_FILE) {
                report.refuse("", "is larger than 1 MiB");
            } else {
                add(file.toString(), file.getFileName().toString(), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            report.refuse("", "cannot be read: " + e);
        }
    }

    private void add(String file, String name, byte[] bytes) {
        try {
            add(file, name, decode(bytes));
        } catch (CharacterCodingException e) {
            reportTo(file).refuse("", "is not valid UTF-8");
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
        JsonNode document;
        try {
            document = YamlReader.read(text);
        } catch (UnreadableYamlException e) {
            report.refuse("", e.getMessage());
            return;
        }
        if (name.equalsIgnoreCase("channels.yaml") || name.equalsIgnoreCase("channels.yml")) {
            addChannels(file, document);
            return;
        }
        Optional<String> code = EventTypeReader.codeOf(document);
        Optional<EventType> type = new EventTypeReader(name, report).read(document);
        String other = code.map(found -> files.putIfAbsent(found, file)).orElse(null);
        if (other != null) {
            report.refuse("/code", code.get() + " is already defined in " + other);
        } else {
            type.ifPresent(found -> types.put(found.code(), found));
        }
    }

    private void addChannels(String file, JsonNode document) {
        for (Channel channel : new ChannelsReader(reportTo(file)).read(document)) {
            Channel other = channels.putIfAbsent(channel.name(), channel);
            if (other != null) {
                reportTo(file)
                        .refuse("/channels", "channel " + channel.name() + " is already declared in another file");
            }
        }
    }
}
