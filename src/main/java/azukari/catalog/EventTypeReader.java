package azukari.catalog;

import azukari.platform.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads one document as an event type and reports every problem in it, without looking at other documents. */
final class EventTypeReader {
    private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");
    private static final int LONGEST_LINE = 200;
    private static final int LONGEST_DESCRIPTION = 10_000;
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(7);
    private static final Duration DEFAULT_EXPIRE_AFTER = Duration.ofDays(7);
    private static final Duration LONGEST_EXPIRE_AFTER = Duration.ofDays(3650);
    private static final List<String> KNOWN = List.of(
            "code",
            "title",
            "description",
            "owner",
            "body",
            "examples",
            "handler",
            "lane",
            LimitsReader.CHANNEL,
            LimitsReader.LOCK_KEY,
            "retry",
            "timeout",
            "expireAfter",
            "onCrash",
            "pack",
            "emits",
            "onSucceeded",
            "onFailed");

    private final String source;
    private final Report report;
    private int refusals;

    /**
     * @param source the file's name
     * @param report receives the problems
     */
    EventTypeReader(String source, Report report) {
        this.source = source;
        this.report = (pointer, reason) -> {
            refusals++;
            report.refuse(pointer, reason);
        };
    }

    /** The document's code if it is well-formed, even if the rest of the document is not. */
    static Optional<String> codeOf(JsonNode document) {
        return Optional.ofNullable(document.get("code"))
                .filter(JsonNode::isString)
                .map(value -> value.stringValue().strip())
                .filter(code -> CODE.matcher(code).matches());
    }

    /** Reads the event type; empty if anything was refused. */
    Optional<EventType> read(JsonNode document) {
        return Fields.of(document, "", report, KNOWN).flatMap(this::read);
    }

    private Optional<EventType> read(Fields fields) {
        String code = code(fields);
        String title = fields.requiredText("title", LONGEST_LINE).orElse("");
        if (title.indexOf('\n') >= 0) {
            fields.refuse("title", "must be one line");
        }
        String description =
                fields.requiredText("description", LONGEST_DESCRIPTION).orElse("");
        String owner = fields.requiredText("owner", LONGEST_LINE).orElse("");
        Optional<JsonNode> body = fields.required("body");
        Optional<BodySchema> schema = body.flatMap(this::schema);
        List<JsonNode> examples = examples(fields, schema);
        Optional<JsonNode> handlerField = fields.required("handler");
        Optional<HandlerReader.Reading> handler = handlerField.flatMap(new HandlerReader(report)::read);
        Optional<RetryPolicy> retry =
                new RetryReader(report).read(fields.optional("retry"), handler.flatMap(HandlerReader.Reading::retries));
        Optional<Lane> lane = fields.oneOf("lane", Lane.class);
        LimitsReader limits = new LimitsReader(report);
        List<ChannelUse> channels = limits.channels(fields);
        Optional<String> lockKey = limits.lockKey(fields);
        Duration timeout = fields.duration("timeout", LONGEST_TIMEOUT).orElse(DEFAULT_TIMEOUT);
        Duration expireAfter =
                fields.duration("expireAfter", LONGEST_EXPIRE_AFTER).orElse(DEFAULT_EXPIRE_AFTER);
        OnCrash onCrash = fields.oneOf("onCrash", OnCrash.class).orElse(OnCrash.RERUN);
        boolean packs = fields.flag("pack").orElse(onCrash == OnCrash.RERUN);
        if (packs && onCrash != OnCrash.RERUN) {
            fields.refuse("pack", "must be false or omitted unless onCrash is rerun");
        }
        Set<String> emits = fields.codes("emits");
        List<String> onSucceeded = List.copyOf(fields.codes("onSucceeded"));
        List<String> onFailed = List.copyOf(fields.codes("onFailed"));
        boolean http = handlerField.filter(field -> field.has("http")).isPresent();
        if (http) {
            checkHttp(fields, lane, onCrash, emits, handlerField.get());
        }
        if (handlerField.filter(field -> field.has("fanOut")).isPresent()) {
            checkFanOut(fields, onCrash);
        }
        if (refusals > 0) {
            return Optional.empty();
        }
        EventType type = EventType.builder()
                .code(code)
                .title(title)
                .description(description)
                .owner(owner)
                .body(body.orElseThrow())
                .examples(examples)
                .handler(handler.orElseThrow().spec())
                .lane(lane.orElse(http ? Lane.OUTSIDE : Lane.DEFAULT))
                .channels(channels)
                .lockKey(lockKey)
                .retry(retry.orElseThrow())
                .timeout(timeout)
                .expireAfter(expireAfter)
                .onCrash(onCrash)
                .packs(packs)
                .emits(emits)
                .onSucceeded(onSucceeded)
                .onFailed(onFailed)
                .source(source)
                .schema(schema.orElseThrow())
                .build();
        checkKeys(type);
        return refusals > 0 ? Optional.empty() : Optional.of(type);
    }

    private void checkKeys(EventType type) {
        for (int i = 0; i < type.examples().size(); i++) {
            String pointer = Pointers.element("/examples", i);
            BodyValues.missing(type, type.examples().get(i))
                    .forEach(violation -> report.refuse(pointer + violation.pointer(), violation.detail()));
        }
    }

    private static String code(Fields fields) {
        String code = fields.requiredText("code", LONGEST_LINE).orElse("");
        if (!code.isEmpty() && !CODE.matcher(code).matches()) {
            fields.refuse(
                    "code",
                    "must be a capital letter followed by up to 63 capital letters, digits and _, such as START_EC2");
        } else if (code.equals(EventType.BATCH)) {
            fields.refuse("code", "BATCH is reserved for the parent jobs of batches: choose another code");
        }
        return code;
    }

    private Optional<BodySchema> schema(JsonNode body) {
        String pointer = "/body";
        if (!body.isObject() && !body.isBoolean()) {
            report.refuse(pointer, "must be a JSON Schema (draft 2020-12): an object, or true for any body");
            return Optional.empty();
        }
        int before = refusals;
        SchemaReferences.check(body, pointer, report);
        BodySchema.faultsOf(body)
                .forEach(fault ->
                        report.refuse(pointer + fault.pointer(), "is not a valid JSON Schema: " + fault.detail()));
        return refusals == before ? compiled(body, pointer) : Optional.empty();
    }

    private Optional<BodySchema> compiled(JsonNode body, String pointer) {
        try {
            return Optional.of(BodySchema.compile(body));
        } catch (IllegalArgumentException e) {
            report.refuse(pointer, "is not a usable JSON Schema: " + e.getMessage());
            return Optional.empty();
        }
    }

    private List<JsonNode> examples(Fields fields, Optional<BodySchema> schema) {
        Optional<JsonNode> examples = fields.required("examples");
        if (examples.isEmpty()) {
            return List.of();
        }
        if (!examples.get().isArray() || examples.get().isEmpty()) {
            fields.refuse("examples", "must be a list with at least one body");
            return List.of();
        }
        List<JsonNode> bodies = new ArrayList<>();
        for (JsonNode example : examples.get()) {
            String pointer = Pointers.element(fields.at("examples"), bodies.size());
            schema.ifPresent(found -> found.validate(example)
                    .forEach(violation -> report.refuse(
                            pointer + violation.pointer(),
                            "does not match the schema in /body: " + violation.detail())));
            bodies.add(example);
        }
        return bodies;
    }

    private static void checkFanOut(Fields fields, OnCrash onCrash) {
        for (String name : List.of(LimitsReader.CHANNEL, LimitsReader.LOCK_KEY, "emits", "timeout", "retry")) {
            if (fields.has(name)) {
                fields.refuse(name, "belongs to the event types that handler.fanOut lists: remove it here");
            }
        }
        if (onCrash != OnCrash.RERUN) {
            fields.refuse("onCrash", "must be rerun or omitted with handler.fanOut: storing children can be repeated");
        }
    }

    private static void checkHttp(
            Fields fields, Optional<Lane> lane, OnCrash onCrash, Set<String> emits, JsonNode handler) {
        if (lane.isPresent() && lane.get() != Lane.OUTSIDE) {
            fields.refuse("lane", "must be 'outside' or omitted for an HTTP target");
        }
        if (onCrash == OnCrash.PROBE && !handler.path("http").has("probe")) {
            fields.refuse(
                    "onCrash",
                    "an HTTP target without handler.http.probe cannot be probed: add one, or use rerun or ask");
        }
        if (!emits.isEmpty()) {
            fields.refuse("emits", "an HTTP target cannot emit events: use onSucceeded and onFailed");
        }
    }
}
