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
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON as Azukari reads and writes it: strict on input (I-JSON, RFC 7493), UTF-8, times as in RFC 3339. */
public final class Json {
    /** Numbers beyond this many digits before or after the point are refused; a double has at most 309 and 324. */
    private static final int MAX_SCALE = 400;
    /** How deeply a value from outside, or from a handler, may be nested. */
    private static final int MAX_DEPTH = 400;
    /** How deeply Azukari's own documents and messages may be nested: such a value, and what surrounds it. */
    private static final int MAX_OWN_DEPTH = 1000;
    /** The parts of Jackson's messages that are about Jackson, which mean nothing to the client that sent the text. */
    private static final Pattern JAVA_TERMS =
            Pattern.compile(" \\(start marker at \\[[^\\]]*\\]\\)|: enable `[^`]*` to allow"
                    + "|: maybe a \\(non-standard\\) comment\\?.*|, from `[^`]*`");

    /**
     * The server's threads are pooled, so buffers are kept per thread: a pool that they share would only add
     * contention.
     */
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
     * @throws MalformedJsonException if it is not JSON, is in another encoding, has a duplicate name, or is not I-JSON
     *     (a lone surrogate, a number out of all proportion); the message states what is wrong and where, in JSON terms
     */
    public static JsonNode parse(byte[] text) throws MalformedJsonException {
        requireUtf8(text);
        return parse(() -> MAPPER.readTree(text));
    }

    /** Reads from one JSON text in UTF-8 what a reader makes of it; nothing may follow the value. */
    static JsonNode parse(byte[] text, Function<JsonParser, JsonNode> reader) throws MalformedJsonException {
        requireUtf8(text);
        boolean[] more = new boolean[1];
        JsonNode read = parse(() -> {
            try (JsonParser parser = MAPPER.createParser(text)) {
                JsonNode value = reader.apply(parser);
                more[0] = parser.nextToken() != null;
                return value;
            }
        });
        if (more[0]) {
            throw MalformedJsonException.notJson("something follows the JSON value", null);
        }
        return read;
    }

    /** The same of a text that has been decoded already, or of one that is to be stored and read later. */
    public static JsonNode parse(String text) throws MalformedJsonException {
        return parse(() -> MAPPER.readTree(text));
    }

    private static JsonNode parse(Supplier<JsonNode> text) throws MalformedJsonException {
        JsonNode node;
        try {
            node = text.get();
        } catch (MismatchedInputException e) {
            throw MalformedJsonException.notJson("something follows the JSON value" + position(e.getLocation()), e);
        } catch (JacksonException e) {
            String message = JAVA_TERMS.matcher(e.getOriginalMessage()).replaceAll("");
            throw e instanceof StreamConstraintsException
                    ? MalformedJsonException.beyondLimits(message + position(e.getLocation()), e)
                    : MalformedJsonException.notJson(message + position(e.getLocation()), e);
        } catch (NumberFormatException e) {
            // An exponent that BigDecimal can't represent; Jackson does not wrap this exception.
            throw MalformedJsonException.beyondLimits("a number has more than " + MAX_SCALE + " digits", e);
        }
        if (node == null || node.isMissingNode()) {
            throw MalformedJsonException.notJson("the text is empty", null);
        }
        if (isTooDeep(node)) {
            throw MalformedJsonException.beyondLimits(
                    "the value is nested more than " + MAX_DEPTH + " levels deep", null);
        }
        requireInteroperable(node);
        return node;
    }

    /**
     * Whether a value is nested more deeply than what is stored may be, so that whatever contains it can be read (rule
     * 24).
     */
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

    /** Parses a text that Azukari itself wrote. */
    public static JsonNode read(String text) {
        return MAPPER.readTree(text);
    }

    /** The JSON text of a tree or a record. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /**
     * The SHA-256, in hexadecimal, of the canonical form of a value: members sorted by name, no white space, numbers by
     * value ({@code 1}, {@code 1.0} and {@code 1e0} are the same). Close to RFC 8785, but exact for numbers that a
     * double can't represent.
     */
    public static String fingerprint(JsonNode value) {
        StringWriter text = new StringWriter(); // A writer accepts half a surrogate pair, which UTF-8 can't encode.
        try (JsonGenerator out = MAPPER.createGenerator(text)) {
            canonical(value, out);
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing, although every Java platform must provide it", e);
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

    /** Jackson detects UTF-16 and UTF-32 and accepts overlong forms, which would give one text many encodings. */
    private static void requireUtf8(byte[] text) throws MalformedJsonException {
        boolean ascii = true;
        for (byte b : text) {
            if (b == 0) {
                throw MalformedJsonException.notJson("the text contains a zero byte: it is not JSON in UTF-8", null);
            }
            ascii &= b > 0;
        }
        if (!ascii) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            } catch (CharacterCodingException e) {
                throw MalformedJsonException.notJson("the text is not valid UTF-8", e);
            }
        }
    }

    private static void requireInteroperable(JsonNode node) throws MalformedJsonException {
        if (node.isString()) {
            requireWholeCharacters(node.stringValue());
        } else if (node.isBigDecimal() || node.isBigInteger()) {
            BigDecimal number = node.decimalValue();
            if (Math.abs(number.scale()) > MAX_SCALE || number.precision() > MAX_SCALE) {
                throw MalformedJsonException.beyondLimits("a number has more than " + MAX_SCALE + " digits", null);
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
                throw MalformedJsonException.beyondLimits(
                        "a string contains half a surrogate pair, which is not a Unicode character", null);
            }
        }
    }

    private static String position(TokenStreamLocation at) {
        return at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }
}
