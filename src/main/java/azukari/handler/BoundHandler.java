package azukari.handler;

import azukari.platform.Json;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.Deque;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;

/** A handler together with the type of its body. */
public final class BoundHandler<B> {
    private final Handler<B> handler;
    private final ObjectReader reader;

    private BoundHandler(Handler<B> handler, Type bodyType) {
        this.handler = handler;
        this.reader = Json.mapper()
                .readerFor(Json.mapper().constructType(bodyType))
                // The schema has already decided which members are allowed.
                .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    /**
     * Binds a handler to the body type declared by its class.
     *
     * @param declaring the handler's class; the handler itself may be a proxy
     */
    public static <B> BoundHandler<B> of(Handler<B> handler, Class<?> declaring) {
        return new BoundHandler<>(handler, bodyType(declaring));
    }

    /** Runs the handler on a body. */
    public Outcome handle(JsonNode body, RunContext run) throws Exception {
        return handler.handle(typed(body), run);
    }

    /** Asks the handler whether an earlier run had its effect. */
    public Probe probe(JsonNode body, RunContext run) throws Exception {
        return handler.probe(typed(body), run);
    }

    private B typed(JsonNode body) {
        try {
            return reader.readValue(body);
        } catch (JacksonException e) {
            throw new PermanentFailureException(
                    "the body matches the schema but not the handler's Java type: " + e.getOriginalMessage(), e);
        }
    }

    /** Walks up from the class to the {@code Handler<X>} that it implements. */
    private static Type bodyType(Class<?> declaring) {
        Deque<Type> open = new ArrayDeque<>();
        open.add(declaring);
        while (!open.isEmpty()) {
            Type type = open.poll();
            if (type instanceof ParameterizedType parameterized && parameterized.getRawType() == Handler.class) {
                return parameterized.getActualTypeArguments()[0];
            }
            Class<?> raw = type instanceof ParameterizedType p ? (Class<?>) p.getRawType() : (Class<?>) type;
            if (raw.getGenericSuperclass() != null) {
                open.add(raw.getGenericSuperclass());
            }
            open.addAll(java.util.Arrays.asList(raw.getGenericInterfaces()));
        }
        return JsonNode.class;
    }
}
