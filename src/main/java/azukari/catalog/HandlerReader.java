package azukari.catalog;

import azukari.catalog.HandlerSpec.HttpProbe;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads the field {@code handler}. */
final class HandlerReader {
    private static final String POINTER = "/handler";
    private static final List<String> KINDS = List.of("bean", "http", "fanOut");
    private static final int MOST_CHILDREN = 100;
    private static final Pattern BEAN = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,199}");
    private static final List<String> METHODS = List.of("POST", "PUT", "PATCH", "DELETE");
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);
    private static final int MAX_RETRIES = 999;
    private static final int HIGHEST_PORT = 65_535;
    private static final int LOWEST_STATUS = 200;
    private static final int HIGHEST_STATUS = 599;

    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}");
    private static final Pattern HEADER_VALUE = Pattern.compile("|[!-~]|[!-~][ \\t!-~]{0,7998}[!-~]");
    /** Headers that are set by Azukari or by HTTP itself; in lower case. */
    private static final Set<String> RESERVED_HEADERS = Set.of(
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "expect",
            "host",
            "idempotency-key",
            "keep-alive",
            "te",
            "trailer",
            "traceparent",
            "tracestate",
            "transfer-encoding",
            "upgrade");

    private static final String RESERVED_PREFIX = "x-azukari-";

    /**
     * @param spec the handler
     * @param retries {@code http.retries}, if given
     */
    record Reading(HandlerSpec spec, Optional<Integer> retries) {}

    private final Report report;

    HandlerReader(Report report) {
        this.report = report;
    }

    Optional<Reading> read(JsonNode handler) {
        Optional<Fields> fields = Fields.of(handler, POINTER, report, KINDS);
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        if (KINDS.stream().filter(fields.get()::has).count() != 1) {
            report.refuse(POINTER, "must have exactly one of bean, http and fanOut");
            return Optional.empty();
        }
        if (fields.get().has("fanOut")) {
            return fanOut(fields.get());
        }
        return fields.get().has("bean")
                ? bean(fields.get())
                : fields.get().required("http").flatMap(this::http);
    }

    private Optional<Reading> bean(Fields handler) {
        Optional<String> name = handler.requiredText("bean", 200);
        if (name.isPresent() && !BEAN.matcher(name.get()).matches()) {
            handler.refuse("bean", "must be a bean name: a letter followed by letters, digits, _, . and -");
            return Optional.empty();
        }
        return name.map(found -> new Reading(new HandlerSpec.BeanHandler(found), Optional.empty()));
    }

    private static Optional<Reading> fanOut(Fields handler) {
        List<String> codes = List.copyOf(handler.codes("fanOut"));
        if (codes.isEmpty() || codes.size() > MOST_CHILDREN) {
            handler.refuse("fanOut", "must be a list of 1 to " + MOST_CHILDREN + " event type codes");
            return Optional.empty();
        }
        return Optional.of(new Reading(new HandlerSpec.FanOut(codes), Optional.empty()));
    }

    private Optional<Reading> http(JsonNode http) {
        Optional<Fields> target = Fields.of(
                http,
                POINTER + "/http",
                report,
                List.of("method", "url", "timeout", "headers", "retries", "probe", "result"));
        if (target.isEmpty()) {
            return Optional.empty();
        }
        Fields fields = target.get();
        Optional<String> method = fields.has("method") ? method(fields) : Optional.of("POST");
        Optional<Template> url = url(fields);
        Duration timeout = fields.duration("timeout", LONGEST_TIMEOUT).orElse(DEFAULT_TIMEOUT);
        Map<String, Template> headers =
                fields.optional("headers").map(this::headers).orElse(Map.of());
        Optional<Integer> retries = fields.wholeNumber("retries", 0, MAX_RETRIES);
        Optional<HttpProbe> probe = fields.optional("probe").flatMap(this::probe);
        Optional<String> result = fields.pointer("result");
        if (method.isEmpty() || url.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Reading(
                new HandlerSpec.HttpHandler(method.get(), url.get(), timeout, headers, probe, result), retries));
    }

    private Optional<HttpProbe> probe(JsonNode node) {
        Optional<Fields> fields =
                Fields.of(node, POINTER + "/http/probe", report, List.of("url", "happened", "notHappened"));
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        Optional<Template> url = url(fields.get());
        Set<Integer> happened = statuses(fields.get(), "happened", Set.of(200));
        Set<Integer> notHappened = statuses(fields.get(), "notHappened", Set.of(404));
        if (happened.stream().anyMatch(notHappened::contains)) {
            fields.get().refuse("notHappened", "must not have a status in common with happened");
        }
        return url.map(found -> new HttpProbe(found, happened, notHappened));
    }

    private static Set<Integer> statuses(Fields fields, String name, Set<Integer> otherwise) {
        Optional<JsonNode> list = fields.optional(name);
        if (list.isEmpty()) {
            return otherwise;
        }
        Set<Integer> statuses = new TreeSet<>();
        boolean valid = list.get().isArray() && !list.get().isEmpty();
        for (JsonNode status : list.get()) {
            valid &= status.isInt() && status.intValue() >= LOWEST_STATUS && status.intValue() <= HIGHEST_STATUS;
            statuses.add(status.asInt(0));
        }
        if (!valid) {
            fields.refuse(name, "must be a list of statuses from 200 to 599, such as [200]");
        }
        return statuses;
    }

    private static Optional<String> method(Fields fields) {
        Optional<String> method = fields.requiredText("method", 20);
        if (method.isPresent() && !METHODS.contains(method.get())) {
            fields.refuse(
                    "method",
                    "must be one of " + String.join(", ", METHODS) + ", because the request carries the event's body");
            return Optional.empty();
        }
        return method;
    }

    private static Optional<Template> url(Fields fields) {
        Optional<String> text = fields.requiredText("url", 2000);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            Template template = Template.parse(text.get());
            URI url = new URI(template.sample());
            Optional<String> fault = faultOf(url).or(() -> faultOf(template, text.get()));
            fault.ifPresent(reason -> fields.refuse("url", reason));
            return fault.isPresent() ? Optional.empty() : Optional.of(template);
        } catch (URISyntaxException e) {
            fields.refuse("url", "is not a valid URL: " + e.getReason() + " at character " + (e.getIndex() + 1));
        } catch (IllegalArgumentException e) {
            fields.refuse("url", e.getMessage());
        }
        return Optional.empty();
    }

    private static Optional<String> faultOf(Template template, String text) {
        if (template.hasSecrets()) {
            return Optional.of("must not contain a secret: use a header");
        }
        int path = text.indexOf('/', text.indexOf("//") + 2);
        int first = text.indexOf('{');
        int query = text.indexOf('?');
        int last = text.lastIndexOf('}');
        boolean inPath = first < 0 || (path >= 0 && path < first && (query < 0 || last < query));
        return inPath ? Optional.empty() : Optional.of("must have values of the body in its path only");
    }

    private static Optional<String> faultOf(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return Optional.of("must begin with http:// or https://");
        }
        String authority = url.getRawAuthority();
        if (authority != null && authority.indexOf('@') >= 0) {
            return Optional.of("must not contain a user or password: use a header");
        }
        if (url.getHost() == null) {
            return Optional.of("must have a host name of letters, digits, - and .");
        }
        if (url.getPort() == 0 || url.getPort() > HIGHEST_PORT) {
            return Optional.of("must have a port from 1 to " + HIGHEST_PORT);
        }
        if (url.getRawFragment() != null) {
            return Optional.of("must not have a fragment (#…): it is never sent");
        }
        return Optional.empty();
    }

    private Map<String, Template> headers(JsonNode node) {
        String pointer = POINTER + "/http/headers";
        Map<String, Template> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (!node.isObject()) {
            report.refuse(pointer, "must be an object of header names and values");
            return headers;
        }
        node.properties().forEach(header -> {
            String name = header.getKey();
            String place = Pointers.member(pointer, name);
            Optional<String> fault = faultOf(name, header.getValue());
            if (fault.isPresent()) {
                report.refuse(place, fault.get());
            } else if (headers.put(name, Template.parse(header.getValue().stringValue())) != null) {
                report.refuse(place, "is given twice: header names are case-insensitive");
            }
        });
        return headers;
    }

    /** Never quotes the value, because it may be a secret. */
    private static Optional<String> faultOf(String name, JsonNode value) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!HEADER_NAME.matcher(name).matches()) {
            return Optional.of("is not a valid header name (RFC 9110: a token)");
        }
        if (RESERVED_HEADERS.contains(lower) || lower.startsWith(RESERVED_PREFIX)) {
            return Optional.of("is set by Azukari or by HTTP itself: remove it");
        }
        if (!value.isString()) {
            return Optional.of("must be a string: put it in quotes");
        }
        if (!HEADER_VALUE.matcher(value.stringValue()).matches()) {
            return Optional.of("must consist of visible ASCII characters, with spaces only between them");
        }
        try {
            Template.parse(value.stringValue());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
    }
}
