package azukari.platform;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON object with one long list, whose elements are only located: each of them is parsed by itself, so that not all of them are
 * trees at the same time. Of other members, only strings, numbers, booleans and null are read; an object or a list is empty here.
 *
 * @param rest the other members; not an object if the text is none
 * @param elements where the list's elements are; empty if there is no such list
 */
public record LongList(JsonNode rest, List<Range> elements) {

    /**
     * A part of a text.
     *
     * @param begin the index of its first byte
     * @param end the index after its last byte; {@code begin} for a value that is neither an object nor a list
     */
    public record Range(int begin, int end) {}

    /**
     * Locates the elements.
     *
     * @param list the name of the list
     * @param most locates one element more than this, and no further ones
     * @throws MalformedJsonException as {@link Json#parse(byte[])} does
     */
    public static LongList locate(byte[] text, String list, int most) throws MalformedJsonException {
        List<Range> elements = new ArrayList<>();
        JsonNode rest = Json.parse(text, parser -> {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                return Json.mapper().getNodeFactory().booleanNode(false);
            }
            ObjectNode members = Json.object();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals(list) && value == JsonToken.START_ARRAY) {
                    locate(parser, elements, most);
                } else if (value.isStructStart()) {
                    parser.skipChildren();
                    members.putObject(name);
                } else {
                    members.set(name, parser.readValueAsTree());
                }
            }
            return members;
        });
        return new LongList(rest, elements);
    }

    private static void locate(JsonParser parser, List<Range> elements, int most) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int begin = (int) parser.currentTokenLocation().getByteOffset();
            boolean container = parser.currentToken().isStructStart();
            parser.skipChildren();
            if (elements.size() <= most) {
                int end = container ? (int) parser.currentLocation().getByteOffset() : begin;
                elements.add(new Range(begin, end));
            }
        }
    }
}
