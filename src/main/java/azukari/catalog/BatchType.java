package azukari.catalog;

import azukari.platform.Json;
import azukari.platform.Lane;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The event type of the parent jobs of batches, which nobody posts: what follows when one has ended. */
final class BatchType {
    private static final Duration EXPIRE_AFTER = Duration.ofDays(3650);
    private static final List<String> FOLLOW_UPS = List.of("CREATE_ALARM");

    private BatchType() {}

    static EventType create() {
        JsonNode anything = Json.mapper().getNodeFactory().booleanNode(true);
        return EventType.builder()
                .code(EventType.BATCH)
                .title("A batch of events")
                .description("Waits for the jobs of all events that were posted together.")
                .owner("Azukari")
                .body(anything)
                .examples(List.of())
                .handler(new HandlerSpec.FanOut(List.of()))
                .lane(Lane.DEFAULT)
                .retry(new RetryPolicy(1, Duration.ofSeconds(1), 1, Duration.ofSeconds(1), 0))
                .timeout(Duration.ofMinutes(1))
                .expireAfter(EXPIRE_AFTER)
                .onCrash(OnCrash.RERUN)
                .packs(false)
                .emits(Set.of())
                .onSucceeded(FOLLOW_UPS)
                .onFailed(FOLLOW_UPS)
                .source("")
                .schema(BodySchema.compile(anything))
                .build();
    }
}
