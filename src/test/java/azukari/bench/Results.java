package azukari.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Where the figures go: one JSON line a measure, on standard output and in {@code target/bench/results.jsonl}. */
final class Results {
    private static final Path FILE = Path.of("target", "bench", "results.jsonl");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String database;

    Results(String database) {
        this.database = database;
    }

    Line line(String measure) {
        return new Line(measure);
    }

    /** One measure; {@link #print} ends it. */
    final class Line {
        private final Map<String, Object> fields = new LinkedHashMap<>();

        private Line(String measure) {
            fields.put("measure", measure);
            fields.put("database", database);
        }

        Line put(String name, Object value) {
            fields.put(name, value);
            return this;
        }

        /** To three digits after the point at the most. */
        Line figure(String name, double value) {
            fields.put(name, Math.round(value * 1000) / 1000.0);
            return this;
        }

        /** A figure that is to be reached. */
        Line ratio(double value, double target) {
            return figure("ratio", value).put("target", target).put("reached", value >= target);
        }

        void print() {
            String text = JSON.writeValueAsString(fields);
            System.out.println(text);
            try {
                Files.createDirectories(FILE.getParent());
                Files.writeString(
                        FILE, text + System.lineSeparator(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException("a result could not be kept", e);
            }
        }
    }
}
