package azukari.platform;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON as Azukari reads and writes it: strict on the way in (I-JSON, RFC 7493), UTF-8, times in RFC 3339. */
public final class Json {
    /** Numbers beyond this many digits before or after the point are refused; a double has at most 309 and 324. */
    private static final int MAX_SCALE = 400;
    /** How deep a value may be nested that comes from outside, or that a handler makes. */
    private static final int MAX_DEPTH = 400;
    /** What Azukari's own documents and messages may have: such a value, and what is put around it. */
    private static final int MAX_OWN_DEPTH = 1000;
    /** What Jackson's messages say about Jackson, which is nothing to the client who sent the text. */
    private static final Pattern JAVA_TERMS =
            Pattern.compile(" \\(start marker at \\[[^\\]]*\\]\\)|: enable `[^`]*` to allow"
                    + "|: maybe a \\(non-standard\\) comment\\?.*|, from `[^`]*`");

    /** The server's threads are pooled; a pool of buffers that they share would only be one more place to meet. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_OWN_DEPTH)
                    .build())
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(MAX_OWN_DEPTH)
                    .build())
            .build();

    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .build();

    private Json() {}

    /** The one mapper: records and trees to JSON and back; unknown properties are refused. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /** An empty object to fill. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /**
     * Parses one JSON text in UTF-8.
     *
     * @throws MalformedJsonException when it is not JSON, is in another encoding, has a duplicate name, or is no I-JSON (a
     *     lone surrogate, a number out of all proportion); the message says what and where, in the words of JSON
     */
    public static JsonNode parse(byte[] text) throws MalformedJsonException {
        requireUtf8(text);
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (MismatchedInputException e) {
            throw new MalformedJsonException("something follows the JSON value" + position(e.getLocation()), e);
        } catch (JacksonException e) {
            String message = JAVA_TERMS.matcher(e.getOriginalMessage()).replaceAll("");
            throw new MalformedJsonException(message + position(e.getLocation()), e);
        } catch (NumberFormatException e) {
            // An exponent that BigDecimal can't hold; Jackson lets this one through as it is.
            throw new MalformedJsonException("a number has more than " + MAX_SCALE + " digits", e);
        }
        if (node == null || node.isMissingNode()) {
            throw new MalformedJsonException("the text is empty", null);
        }
        if (isTooDeep(node)) {
            throw new MalformedJsonException("the value is nested more than " + MAX_DEPTH + " levels deep", null);
        }
        requireInteroperable(node);
        return node;
    }

    /** Whether a value is nested deeper than what is kept may be, so that whatever holds it can be read (rule 24). */
    public static boolean isTooDeep(JsonNode value) {
        return isDeeper(value, MAX_DEPTH);
    }

    private static boolean isDeeper(JsonNode value, int depth) {
        if (!value.isContainer()) {
            return false;
        }
        if (depth == 0) {
            return true;
        }
        for (JsonNode inner : value) {
            if (isDeeper(inner, depth - 1)) {
                return true;
            }
        }
        return false;
    }

    /** Parses a text that Azukari itself has written. */
    public static JsonNode read(String text) {
        return MAPPER.readTree(text);
    }

    /** The JSON text of a tree or a record. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /**
     * The SHA-256, in hexadecimal, of the canonical form of a value: members sorted by name, no white space, numbers by
     * their value ({@code 1}, {@code 1.0} and {@code 1e0} are the same). Close to RFC 8785, but exact for numbers that a
     * double can't hold.
     */
    public static String fingerprint(JsonNode value) {
        StringWriter text = new StringWriter(); // A writer takes half of a surrogate pair, which UTF-8 does not have.
        try (JsonGenerator out = MAPPER.createGenerator(text)) {
            canonical(value, out);
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
    }

    private static void canonical(JsonNode node, JsonGenerator out) {
        if (node.isObject()) {
            Map<String, JsonNode> sorted = new TreeMap<>();
            node.properties().forEach(member -> sorted.put(member.getKey(), member.getValue()));
            out.writeStartObject();
            sorted.forEach((name, value) -> {
                out.writeName(name);
                canonical(value, out);
            });
            out.writeEndObject();
        } else if (node.isArray()) {
            out.writeStartArray();
            node.forEach(element -> canonical(element, out));
            out.writeEndArray();
        } else if (node.isNumber()) {
            BigDecimal number = node.decimalValue().stripTrailingZeros();
            out.writeRawValue(number.unscaledValue() + "e" + -number.scale());
        } else {
            out.writeTree(node);
        }
    }

    /** Jackson guesses UTF-16 and UTF-32 and lets overlong forms pass, by which one text would have many encodings. */
    private static void requireUtf8(byte[] text) throws MalformedJsonException {
        boolean ascii = true;
        for (byte b : text) {
            if (b == 0) {
                throw new MalformedJsonException("the text holds a zero byte: it is no JSON in UTF-8", null);
            }
            ascii &= b > 0;
        }
        if (!ascii) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            } catch (CharacterCodingException e) {
                throw new MalformedJsonException("the text is no UTF-8", e);
            }
        }
    }

    private static void requireInteroperable(JsonNode node) throws MalformedJsonException {
        if (node.isString()) {
            requireWholeCharacters(node.stringValue());
        } else if (node.isBigDecimal() || node.isBigInteger()) {
            BigDecimal number = node.decimalValue();
            if (Math.abs(number.scale()) > MAX_SCALE || number.precision() > MAX_SCALE) {
                throw new MalformedJsonException("a number has more than " + MAX_SCALE + " digits", null);
            }
        } else if (node.isObject()) {
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                requireWholeCharacters(member.getKey());
                requireInteroperable(member.getValue());
            }
        } else {
            for (JsonNode element : node) {
                requireInteroperable(element);
            }
        }
    }

    private static void requireWholeCharacters(String text) throws MalformedJsonException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new MalformedJsonException(
                        "a string holds half a surrogate pair, which is no Unicode character", null);
            }
        }
    }

    private static String position(TokenStreamLocation at) {
        return at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }
}
