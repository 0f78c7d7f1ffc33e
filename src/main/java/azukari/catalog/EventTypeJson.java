package azukari.catalog;

import azukari.platform.Durations;
import azukari.platform.Json;
import java.math.BigDecimal;
import java.util.Collection;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Renders an event type as JSON, with members in the order of the document. */
final class EventTypeJson {
    private static final String MASK = "***";

    private EventTypeJson() {}

    static ObjectNode of(EventType type) {
        ObjectNode json = Json.object();
        json.put("code", type.code());
        json.put("title", type.title());
        json.put("description", type.description());
        json.put("owner", type.owner());
        json.set("body", type.body().deepCopy());
        ArrayNode examples = json.putArray("examples");
        type.examples().forEach(example -> examples.add(example.deepCopy()));
        json.set("handler", handler(type.handler()));
        json.put("lane", type.lane().written());
        if (!type.channels().isEmpty()) {
            json.set("channel", channels(type.channels()));
        }
        type.lockKey().ifPresent(pointer -> json.put("lockKey", pointer));
        json.set("retry", retry(type.retry()));
        json.put("timeout", Durations.format(type.timeout()));
        json.put("expireAfter", Durations.format(type.expireAfter()));
        json.put("onCrash", type.onCrash().written());
        json.put("pack", type.packs());
        json.set("emits", codes(type.emits()));
        json.set("onSucceeded", codes(type.onSucceeded()));
        json.set("onFailed", codes(type.onFailed()));
        json.put("source", type.source());
        return json;
    }

    private static ObjectNode handler(HandlerSpec handler) {
        ObjectNode json = Json.object();
        if (handler instanceof HandlerSpec.BeanHandler bean) {
            json.put("bean", bean.name());
        } else if (handler instanceof HandlerSpec.FanOut spread) {
            json.set("fanOut", codes(spread.codes()));
        } else if (handler instanceof HandlerSpec.HttpHandler target) {
            ObjectNode http = json.putObject("http");
            http.put("method", target.method());
            http.put("url", target.shownUrl() + (target.hasQuery() ? "?" + MASK : ""));
            http.put("timeout", Durations.format(target.timeout()));
            ObjectNode headers = http.putObject("headers");
            target.headers().keySet().forEach(name -> headers.put(name, MASK));
            target.probe().ifPresent(probe -> {
                ObjectNode asked = http.putObject("probe");
                asked.put("url", probe.shownUrl());
                probe.happened().stream().sorted().forEach(asked.putArray("happened")::add);
                probe.notHappened().stream().sorted().forEach(asked.putArray("notHappened")::add);
            });
            target.result().ifPresent(pointer -> http.put("result", pointer));
        }
        return json;
    }

    private static ArrayNode channels(Collection<ChannelUse> uses) {
        ArrayNode json = Json.mapper().createArrayNode();
        uses.forEach(use -> {
            ObjectNode channel = json.addObject().put("name", use.name());
            use.per().ifPresent(pointer -> channel.put("per", pointer));
        });
        return json;
    }

    private static ObjectNode retry(RetryPolicy retry) {
        ObjectNode json = Json.object();
        json.put("maxAttempts", retry.maxAttempts());
        json.put("backoff", Durations.format(retry.backoff()));
        json.put("factor", plain(retry.factor()));
        json.put("maxBackoff", Durations.format(retry.maxBackoff()));
        json.put("jitter", plain(retry.jitter()));
        return json;
    }

    private static BigDecimal plain(double number) {
        BigDecimal stripped = BigDecimal.valueOf(number).stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    private static ArrayNode codes(Collection<String> codes) {
        ArrayNode json = Json.mapper().createArrayNode();
        codes.forEach(json::add);
        return json;
    }
}
