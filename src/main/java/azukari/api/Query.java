package azukari.api;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;

/** A request's query parameters; an unknown, repeated or malformed one is answered with 400. */
final class Query {
    private static final int DEFAULT_LIMIT = 50;
    static final int LARGEST_LIMIT = 500;

    private final MultivaluedMap<String, String> parameters;

    Query(MultivaluedMap<String, String> parameters, Set<String> known) {
        this.parameters = parameters;
        parameters.forEach((name, values) -> {
            if (!known.contains(name)) {
                throw ProblemException.badRequest("'" + name + "' is not a parameter of this resource; it supports "
                        + String.join(", ", known.stream().sorted().toList()));
            }
            if (values.size() > 1) {
                throw ProblemException.badRequest("'" + name + "' must not be given more than once");
            }
        });
    }

    /** Returns null if the parameter is absent. */
    String text(String name) {
        String value = parameters.getFirst(name);
        if (value != null && value.indexOf('\u0000') >= 0) {
            throw ProblemException.badRequest("'" + name + "' must not contain a NUL character");
        }
        return value;
    }

    /** Returns null if the parameter is absent. */
    UUID id(String name) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        UUID id = uuid(value);
        if (id == null) {
            throw ProblemException.badRequest("'" + name + "' must be a job id");
        }
        return id;
    }

    /** Returns null if the parameter is absent. */
    <E extends Enum<E>> E constant(String name, Class<E> type) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equals(value))
                .findFirst()
                .orElseThrow(() -> ProblemException.badRequest(
                        "'" + name + "' must be one of " + Arrays.toString(type.getEnumConstants())));
    }

    /** The number of a run; 0 if the parameter is absent. */
    int run(String name) {
        String value = text(name);
        if (value == null) {
            return 0;
        }
        if (!value.matches("\\d{1,9}")) {
            throw ProblemException.badRequest("'" + name + "' must be the number of a run");
        }
        return Integer.parseInt(value);
    }

    int limit() {
        return limit(DEFAULT_LIMIT);
    }

    int limit(int byDefault) {
        String value = text("limit");
        if (value == null) {
            return byDefault;
        }
        if (!value.matches("\\d{1,4}") || Integer.parseInt(value) < 1 || Integer.parseInt(value) > LARGEST_LIMIT) {
            throw ProblemException.badRequest("'limit' must be a whole number from 1 to " + LARGEST_LIMIT);
        }
        return Integer.parseInt(value);
    }

    /** Returns null if the text is not a UUID in canonical form. */
    static UUID uuid(String text) {
        return text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}") ? UUID.fromString(text) : null;
    }
}
