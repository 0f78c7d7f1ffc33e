package azukari.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * A text with places for values: <code>{/pointer}</code> for one of the body, <code>${env:NAME}</code> and
 * <code>${file:PATH}</code> for a secret. A value of the body is percent-encoded but for unreserved characters (RFC 3986, section
 * 2.3), so that it can't leave its place.
 */
public final class Template {
    private static final Pattern PLACE = Pattern.compile("\\$\\{(env|file):([^}]*)}|\\{(/[^}]*)}|[{}]");

    private static final String UNRESERVED = "-._~";
    private static final int HALF = 4;
    private static final int LOW = 0xf;

    private final String written;
    private final List<Part> parts;

    private enum Kind {
        TEXT,
        POINTER,
        ENV,
        FILE
    }

    private record Part(Kind kind, String text) {}

    private Template(String written, List<Part> parts) {
        this.written = written;
        this.parts = List.copyOf(parts);
    }

    /**
     * Parses a text.
     *
     * @throws IllegalArgumentException if a place has another form, or a secret does not exist; the message never has a secret
     */
    static Template parse(String text) {
        List<Part> parts = new ArrayList<>();
        Matcher places = PLACE.matcher(text);
        int end = 0;
        while (places.find()) {
            parts.add(new Part(Kind.TEXT, text.substring(end, places.start())));
            parts.add(place(places));
            end = places.end();
        }
        parts.add(new Part(Kind.TEXT, text.substring(end)));
        Template template = new Template(
                text,
                parts.stream()
                        .filter(part -> part.kind() != Kind.TEXT || !part.text().isEmpty())
                        .toList());
        template.parts.forEach(Template::checkSecret);
        return template;
    }

    private static Part place(Matcher place) {
        if (place.group(3) != null) {
            JsonPointer.compile(place.group(3));
            return new Part(Kind.POINTER, place.group(3));
        }
        if (place.group(1) == null) {
            throw new IllegalArgumentException(
                    "has a brace that is not one of {/pointer}, ${env:NAME} and ${file:PATH}");
        }
        return new Part(place.group(1).equals("env") ? Kind.ENV : Kind.FILE, place.group(2));
    }

    private static void checkSecret(Part part) {
        if (part.kind() == Kind.ENV && System.getenv(part.text()) == null) {
            throw new IllegalArgumentException("the environment variable " + part.text() + " is not set");
        }
        if (part.kind() == Kind.FILE) {
            try {
                secret(part);
            } catch (UncheckedIOException | InvalidPathException e) {
                throw new IllegalArgumentException("the file " + part.text() + " can't be read", e);
            }
        }
    }

    /** The pointers into the body, in order. */
    List<String> pointers() {
        return parts.stream()
                .filter(part -> part.kind() == Kind.POINTER)
                .map(Part::text)
                .toList();
    }

    boolean hasSecrets() {
        return parts.stream().anyMatch(part -> part.kind() == Kind.ENV || part.kind() == Kind.FILE);
    }

    /** The text with something harmless in each place. */
    String sample() {
        StringBuilder text = new StringBuilder();
        parts.forEach(part -> text.append(part.kind() == Kind.TEXT ? part.text() : "x"));
        return text.toString();
    }

    /**
     * The text with all values in their places. A secret from a file is read each time, so that it can be replaced.
     *
     * @param body valid for the event type, so that it has all values
     */
    public String fill(JsonNode body) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append(
                    switch (part.kind()) {
                        case TEXT -> part.text();
                        case POINTER ->
                            encoded(BodyValues.at(body, part.text())
                                    .orElseThrow(() ->
                                            new IllegalArgumentException("the body has no value at " + part.text())));
                        case ENV, FILE -> secret(part);
                    });
        }
        return text.toString();
    }

    /** As it was written: without the secrets themselves. */
    @Override
    public String toString() {
        return written;
    }

    private static String secret(Part part) {
        if (part.kind() == Kind.ENV) {
            return System.getenv(part.text());
        }
        try {
            return Files.readString(Path.of(part.text())).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("the file " + part.text() + " can't be read", e);
        }
    }

    private static String encoded(String value) {
        StringBuilder text = new StringBuilder();
        for (byte each : value.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (each & 0xff);
            if (character < 0x80 && (Character.isLetterOrDigit(character) || UNRESERVED.indexOf(character) >= 0)) {
                text.append(character);
            } else {
                text.append('%')
                        .append(Character.toUpperCase(Character.forDigit(character >> HALF, 16)))
                        .append(Character.toUpperCase(Character.forDigit(character & LOW, 16)));
            }
        }
        return text.toString();
    }
}
