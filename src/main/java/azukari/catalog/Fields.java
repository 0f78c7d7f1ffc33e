package azukari.catalog;

import azukari.platform.Durations;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * Reads the members of one object in a document. Each method returns empty for a member that is absent or invalid; an invalid
 * one has then been reported.
 */
final class Fields {
    private static final int LONGEST_POINTER = 500;

    private final JsonNode object;
    private final String pointer;
    private final Report report;

    private Fields(JsonNode object, String pointer, Report report) {
        this.object = object;
        this.pointer = pointer;
        this.report = report;
    }

    /** The fields of a node, which must be an object with no members other than the known ones. */
    static Optional<Fields> of(JsonNode node, String pointer, Report report, Collection<String> known) {
        if (!node.isObject()) {
            report.refuse(pointer, "must be an object with members from: " + join(known));
            return Optional.empty();
        }
        node.propertyNames().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> report.refuse(
                        Pointers.member(pointer, name), "is not a known field; expected one of: " + join(known)));
        return Optional.of(new Fields(node, pointer, report));
    }

    String at(String name) {
        return Pointers.member(pointer, name);
    }

    boolean has(String name) {
        return object.has(name);
    }

    void refuse(String name, String reason) {
        report.refuse(at(name), reason);
    }

    Optional<JsonNode> optional(String name) {
        JsonNode value = object.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value.isNull()) {
            refuse(name, "has no value: set it or remove it");
            return Optional.empty();
        }
        return Optional.of(value);
    }

    Optional<JsonNode> required(String name) {
        if (!object.has(name)) {
            refuse(name, "is required");
        }
        return optional(name);
    }

    Optional<String> requiredText(String name, int longest) {
        return required(name).flatMap(value -> text(name, value, longest));
    }

    private Optional<String> text(String name, JsonNode value, int longest) {
        if (!value.isString()) {
            refuse(name, "must be a string" + (value.isValueNode() ? ": put it in quotes" : ""));
            return Optional.empty();
        }
        String text = value.stringValue().strip();
        if (text.isEmpty()) {
            refuse(name, "must not be blank");
            return Optional.empty();
        }
        if (text.length() > longest) {
            refuse(name, "must have at most " + longest + " characters, but has " + text.length());
            return Optional.empty();
        }
        return Optional.of(text);
    }

    /** A JSON Pointer (RFC 6901), not empty. */
    Optional<String> pointer(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        Optional<String> text = requiredText(name, LONGEST_POINTER);
        try {
            text.ifPresent(JsonPointer::compile);
        } catch (IllegalArgumentException e) {
            refuse(name, "must be a JSON Pointer, such as /sellerId");
            return Optional.empty();
        }
        return text;
    }

    Optional<Duration> duration(String name, Duration longest) {
        return optional(name).flatMap(value -> duration(name, value, longest));
    }

    private Optional<Duration> duration(String name, JsonNode value, Duration longest) {
        if (!value.isString()) {
            refuse(name, "must be a duration: a whole number followed by ms, s, m, h or d, such as 30s");
            return Optional.empty();
        }
        try {
            Duration duration = Durations.parse(value.stringValue());
            if (!duration.isZero() && duration.compareTo(longest) <= 0) {
                return Optional.of(duration);
            }
            refuse(
                    name,
                    "must be greater than 0 and at most " + Durations.format(longest) + ", but is "
                            + value.stringValue());
        } catch (IllegalArgumentException e) {
            refuse(name, e.getMessage());
        }
        return Optional.empty();
    }

    Optional<Integer> wholeNumber(String name, int least, int greatest) {
        Optional<JsonNode> value = optional(name);
        Optional<Integer> number = value.filter(JsonNode::isInt)
                .map(JsonNode::intValue)
                .filter(found -> found >= least && found <= greatest);
        if (value.isPresent() && number.isEmpty()) {
            refuse(name, "must be a whole number from " + least + " to " + greatest);
        }
        return number;
    }

    Optional<Double> number(String name, double least, double greatest) {
        Optional<JsonNode> value = optional(name);
        Optional<Double> number = value.filter(JsonNode::isNumber)
                .map(JsonNode::decimalValue)
                .map(BigDecimal::doubleValue)
                .filter(found -> found >= least && found <= greatest);
        if (value.isPresent() && number.isEmpty()) {
            refuse(name, "must be a number from " + plain(least) + " to " + plain(greatest));
        }
        return number;
    }

    /** A boolean. */
    Optional<Boolean> flag(String name) {
        Optional<JsonNode> value = optional(name);
        Optional<Boolean> flag = value.filter(JsonNode::isBoolean).map(JsonNode::booleanValue);
        if (value.isPresent() && flag.isEmpty()) {
            refuse(name, "must be true or false");
        }
        return flag;
    }

    /** One of an enum's constants, in lower case. */
    <E extends Enum<E>> Optional<E> oneOf(String name, Class<E> type) {
        Optional<JsonNode> value = optional(name);
        Optional<E> constant = value.filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .flatMap(text -> Arrays.stream(type.getEnumConstants())
                        .filter(candidate -> written(candidate).equals(text))
                        .findFirst());
        if (value.isPresent() && constant.isEmpty()) {
            List<String> choice =
                    Arrays.stream(type.getEnumConstants()).map(Fields::written).toList();
            refuse(name, "must be one of " + join(choice));
        }
        return constant;
    }

    /** Codes of event types; whether they exist is checked once all documents have been read. */
    Set<String> codes(String name) {
        Set<String> codes = new LinkedHashSet<>();
        Optional<JsonNode> list = optional(name);
        if (list.isEmpty()) {
            return codes;
        }
        if (!list.get().isArray()) {
            refuse(name, "must be a list of codes, such as [CREATE_ALARM]");
            return codes;
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < list.get().size(); i++) {
            JsonNode code = list.get().get(i);
            String place = Pointers.element(at(name), i);
            if (!code.isString()) {
                report.refuse(place, "must be an event type code");
            } else if (!seen.add(code.stringValue())) {
                report.refuse(place, code.stringValue() + " is listed twice");
            } else {
                codes.add(code.stringValue());
            }
        }
        return codes;
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    private static String join(Collection<String> names) {
        return names.stream().collect(Collectors.joining(", "));
    }
}
