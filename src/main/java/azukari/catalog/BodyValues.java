package azukari.catalog;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/** The values in a body by which its job is limited, or which stand in the request to its target. */
public final class BodyValues {
    /** Beyond that many zeros a number is written with an exponent. */
    private static final int MOST_DIGITS = 100;

    private BodyValues() {}

    /**
     * The value at a pointer, as text; empty if there is none, or it is not a string, a number or a boolean.
     *
     * @param pointer a JSON Pointer (RFC 6901)
     */
    public static Optional<String> at(JsonNode body, String pointer) {
        JsonNode value = body.at(JsonPointer.compile(pointer));
        return value.isValueNode() && !value.isNull() ? Optional.of(value.asString()) : Optional.empty();
    }

    /** The value at a pointer as a key, as {@link #at} gives it; equal numbers are one key, however they are written. */
    public static Optional<String> keyAt(JsonNode body, String pointer) {
        JsonNode value = body.at(JsonPointer.compile(pointer));
        return value.isNumber() ? Optional.of(shortest(value.decimalValue())) : at(body, pointer);
    }

    private static String shortest(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return Math.abs(stripped.scale()) > MOST_DIGITS ? stripped.toString() : stripped.toPlainString();
    }

    static List<Violation> missing(EventType type, JsonNode body) {
        List<Violation> missing = new ArrayList<>();
        type.lockKey()
                .filter(pointer -> at(body, pointer).isEmpty())
                .ifPresent(pointer -> missing.add(violation(pointer, "it is the lock key of " + type.code())));
        for (ChannelUse use : type.channels()) {
            use.per()
                    .filter(pointer -> at(body, pointer).isEmpty())
                    .ifPresent(pointer -> missing.add(
                            violation(pointer, "channel " + use.name() + " is limited for each value of it")));
        }
        if (type.handler() instanceof HandlerSpec.HttpHandler target) {
            target.pointers().stream()
                    .distinct()
                    .filter(pointer ->
                            at(body, pointer).filter(BodyValues::staysInPlace).isEmpty())
                    .forEach(pointer -> missing.add(new Violation(
                            pointer,
                            "must be a string, a number or a boolean, and not '', '.' or '..': it is part of the request to the"
                                    + " target")));
        }
        return missing;
    }

    /** What the path of a URL would lose or follow, however it is encoded (RFC 3986, section 5.2.4). */
    private static boolean staysInPlace(String value) {
        return !value.isEmpty() && !value.equals(".") && !value.equals("..");
    }

    private static Violation violation(String pointer, String why) {
        return new Violation(pointer, "must be a string, a number or a boolean: " + why);
    }
}
