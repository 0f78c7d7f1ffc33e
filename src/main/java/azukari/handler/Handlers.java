package azukari.handler;

import azukari.catalog.Catalog;
import azukari.catalog.EventType;
import azukari.catalog.HandlerSpec;
import azukari.catalog.OnCrash;
import azukari.handler.http.HttpTarget;
import azukari.platform.Service;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The handler of each event type, resolved and checked once at startup. */
@Service
public class Handlers {
    private final Map<String, BoundHandler<?>> byCode;

    /**
     * @throws IllegalStateException if a handler is missing; lists file, location and reason for each event type
     */
    @Inject
    public Handlers(Catalog catalog, BeanManager beans) {
        byCode = new HashMap<>();
        List<String> problems = new ArrayList<>();
        for (EventType type : catalog.items()) {
            HandlerSpec spec = type.handler();
            if (spec instanceof HandlerSpec.HttpHandler http) {
                byCode.put(type.code(), HttpTarget.bound(http, type.onCrash() == OnCrash.RERUN));
            } else if (spec instanceof HandlerSpec.BeanHandler bean) {
                bind(type, bean, beans, problems);
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalStateException(String.join("; ", problems));
        }
    }

    private Handlers(Map<String, BoundHandler<?>> byCode) {
        this.byCode = Map.copyOf(byCode);
    }

    /** The given handlers by event type code; for tests without a container. */
    public static Handlers of(Map<String, BoundHandler<?>> byCode) {
        return new Handlers(byCode);
    }

    private void bind(EventType type, HandlerSpec.BeanHandler spec, BeanManager manager, List<String> problems) {
        Set<Bean<?>> beans = manager.getBeans(spec.name());
        Bean<?> bean = beans.isEmpty() ? null : manager.resolve(beans);
        Optional<Type> handlerType = bean == null ? Optional.empty() : handlerType(bean);
        if (handlerType.isEmpty()) {
            problems.add(type.source() + " /handler/bean: no CDI bean named '" + spec.name() + "' implements "
                    + Handler.class.getName());
            return;
        }
        Object reference = manager.getReference(bean, handlerType.get(), manager.createCreationalContext(bean));
        byCode.put(type.code(), BoundHandler.of((Handler<?>) reference, bean.getBeanClass()));
    }

    private static Optional<Type> handlerType(Bean<?> bean) {
        return bean.getTypes().stream()
                .filter(type -> type instanceof ParameterizedType handler && handler.getRawType() == Handler.class)
                .findFirst();
    }

    /** The handler of an event type in the catalogue. */
    public BoundHandler<?> of(EventType type) {
        return byCode.get(type.code());
    }
}
