package azukari.catalog;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads the field {@code handler}. */
final class HandlerReader {
    private static final String POINTER = "/handler";
    private static final Pattern BEAN = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,199}");
    private static final List<String> METHODS = List.of("POST", "PUT", "PATCH", "DELETE");
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);
    private static final int MAX_RETRIES = 999;
    private static final int HIGHEST_PORT = 65_535;

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
        if (handler.has("fanOut")) {
            report.refuse(POINTER + "/fanOut", "is not supported yet: remove it");
            return Optional.empty();
        }
        Optional<Fields> fields = Fields.of(handler, POINTER, report, List.of("bean", "http"));
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        if (fields.get().has("bean") == fields.get().has("http")) {
            report.refuse(POINTER, "must have exactly one of bean and http");
            return Optional.empty();
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

    private Optional<Reading> http(JsonNode http) {
        Optional<Fields> target =
                Fields.of(http, POINTER + "/http", report, List.of("method", "url", "timeout", "headers", "retries"));
        if (target.isEmpty()) {
            return Optional.empty();
        }
        Fields fields = target.get();
        Optional<String> method = fields.has("method") ? method(fields) : Optional.of("POST");
        Optional<URI> url = url(fields);
        Duration timeout = fields.duration("timeout", LONGEST_TIMEOUT).orElse(DEFAULT_TIMEOUT);
        Map<String, String> headers =
                fields.optional("headers").map(this::headers).orElse(Map.of());
        Optional<Integer> retries = fields.wholeNumber("retries", 0, MAX_RETRIES);
        if (method.isEmpty() || url.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Reading(new HandlerSpec.HttpHandler(method.get(), url.get(), timeout, headers), retries));
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

    private static Optional<URI> url(Fields fields) {
        Optional<String> text = fields.requiredText("url", 2000);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI url = new URI(text.get());
            Optional<String> fault = faultOf(url);
            fault.ifPresent(reason -> fields.refuse("url", reason));
            return fault.isPresent() ? Optional.empty() : Optional.of(url);
        } catch (URISyntaxException e) {
            fields.refuse("url", "is not a valid URL: " + e.getReason() + " at character " + (e.getIndex() + 1));
            return Optional.empty();
        }
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

    private Map<String, String> headers(JsonNode node) {
        String pointer = POINTER + "/http/headers";
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
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
            } else if (headers.put(name, header.getValue().stringValue()) != null) {
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
        return Optional.empty();
    }
}
