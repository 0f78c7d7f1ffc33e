package azukari.catalog;

import azukari.platform.Json;
import azukari.platform.MalformedJsonException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads a YAML 1.2 document as the equivalent JSON, and refuses everything that JSON lacks: tags, aliases, merge keys,
 * duplicate keys, {@code .nan} and {@code .inf}, a second document.
 *
 * <p>Built from the parser's tokens, because Jackson's own tree drops tags and turns aliases into strings.
 */
final class YamlReader {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final Pattern NULL = Pattern.compile("~|null|Null|NULL");
    private static final Pattern TRUE_OR_FALSE = Pattern.compile("true|True|TRUE|false|False|FALSE");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9]{1,1000}");
    private static final Pattern OCTAL = Pattern.compile("0o[0-7]{1,1000}");
    private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]{1,1000}");
    private static final Pattern FLOAT =
            Pattern.compile("[-+]?(\\.[0-9]{1,1000}|[0-9]{1,1000}(\\.[0-9]{0,1000})?)([eE][-+]?[0-9]{1,9})?");
    private static final Pattern NOT_FINITE = Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

    private YamlReader() {}

    static JsonNode read(String text) throws UnreadableYamlException {
        JsonNode tree;
        try (JsonParser parser = YAML.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new UnreadableYamlException("the file is empty");
            }
            tree = value((YAMLParser) parser);
            if (parser.nextToken() != null) {
                throw new UnreadableYamlException(
                        "the file contains more than one document: use one file per document");
            }
            // Round-trip through JSON, so that values are exactly those that the same text has in a posted body.
            return Json.parse(Json.mapper().writeValueAsBytes(tree));
        } catch (JacksonException e) {
            throw new UnreadableYamlException("is not valid YAML: " + withoutQuotation(e.getOriginalMessage()), e);
        } catch (MalformedJsonException e) {
            throw new UnreadableYamlException("contains a value that JSON does not support: " + e.getMessage(), e);
        }
    }

    /** Removes the faulty line, which the parser quotes indented by four: it may contain a secret, and messages are one line. */
    private static String withoutQuotation(String message) {
        return message.lines()
                .filter(line -> !line.startsWith("    "))
                .map(line -> line.strip().replaceAll("^in reader, (line.*?):?$", "($1)"))
                .collect(Collectors.joining(" "));
    }

    private static JsonNode value(YAMLParser parser) throws UnreadableYamlException {
        if (parser.isCurrentAlias()) {
            throw refused(parser, "the alias *" + parser.getString() + " is not supported: repeat the value");
        }
        requireNoTag(parser);
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> isPlain(parser) ? scalar(parser) : NODES.stringNode(parser.getString());
            case VALUE_NUMBER_INT -> NODES.numberNode(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> number(parser);
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw refused(parser, "unexpected " + parser.currentToken());
        };
    }

    private static ObjectNode object(YAMLParser parser) throws UnreadableYamlException {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            requireNoTag(parser);
            if (name.equals("<<")) {
                throw refused(parser, "the merge key << is not part of YAML 1.2: list the members");
            }
            if (object.has(name)) {
                throw refused(parser, "the key '" + name + "' is duplicated");
            }
            parser.nextToken();
            object.set(name, value(parser));
        }
        return object;
    }

    private static ArrayNode array(YAMLParser parser) throws UnreadableYamlException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser));
        }
        return array;
    }

    /** Whether a scalar stands there without quotation marks or any other indicator: exactly as it reads. */
    private static boolean isPlain(YAMLParser parser) {
        String text = parser.getString();
        long length = parser.currentLocation().getCharOffset()
                - parser.currentTokenLocation().getCharOffset();
        return length == text.codePointCount(0, text.length());
    }

    /**
     * What the core schema makes of a plain scalar (YAML 1.2.2, section 10.3.2); Jackson knows only the forms that JSON has
     * as well.
     */
    private static JsonNode scalar(YAMLParser parser) throws UnreadableYamlException {
        String text = parser.getString();
        if (NULL.matcher(text).matches()) {
            return NODES.nullNode();
        }
        if (TRUE_OR_FALSE.matcher(text).matches()) {
            return NODES.booleanNode(text.toLowerCase(Locale.ROOT).equals("true"));
        }
        if (DECIMAL.matcher(text).matches()) {
            return NODES.numberNode(new BigInteger(text));
        }
        if (OCTAL.matcher(text).matches()) {
            return NODES.numberNode(new BigInteger(text.substring(2), 8));
        }
        if (HEXADECIMAL.matcher(text).matches()) {
            return NODES.numberNode(new BigInteger(text.substring(2), 16));
        }
        if (FLOAT.matcher(text).matches()) {
            return NODES.numberNode(new BigDecimal(text));
        }
        if (NOT_FINITE.matcher(text).matches()) {
            throw refused(parser, text + " is not a number in JSON");
        }
        return NODES.stringNode(text);
    }

    private static JsonNode number(YAMLParser parser) throws UnreadableYamlException {
        if (parser.isNaN()) {
            throw refused(parser, parser.getString() + " is not a number in JSON");
        }
        return NODES.numberNode(parser.getDecimalValue());
    }

    private static void requireNoTag(YAMLParser parser) throws UnreadableYamlException {
        if (parser.getRawTag() != null) {
            throw refused(parser, "the tag " + parser.getRawTag() + " is not supported: remove it");
        }
    }

    private static UnreadableYamlException refused(YAMLParser parser, String reason) {
        return new UnreadableYamlException(
                reason + " (line " + parser.currentTokenLocation().getLineNr() + ")");
    }
}
