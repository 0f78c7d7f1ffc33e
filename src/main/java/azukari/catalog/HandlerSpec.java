package azukari.catalog;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What does the work of an event type. */
public sealed interface HandlerSpec {

    /**
     * A CDI bean.
     *
     * @param name the bean's name; whether such a bean exists is checked outside the catalogue
     */
    record BeanHandler(String name) implements HandlerSpec {}

    /**
     * A child job for each of these event types, with the same body; the job waits for them.
     *
     * @param codes at least one, each once
     */
    record FanOut(List<String> codes) implements HandlerSpec {
        public FanOut {
            codes = List.copyOf(codes);
        }
    }

    /**
     * An HTTP target, which requires no code.
     *
     * @param method {@code POST}, {@code PUT}, {@code PATCH} or {@code DELETE}
     * @param url absolute, http or https, without user information or fragment; values of the body stand in its path only
     * @param timeout how long one call may take, positive
     * @param headers additional request headers by case-insensitive name; the values may be secrets
     * @param probe how to ask whether an interrupted call had its effect; empty: it can't be asked
     * @param result a JSON Pointer to the part of the answer that becomes the job's result; empty for all of it
     */
    record HttpHandler(
            String method,
            Template url,
            Duration timeout,
            Map<String, Template> headers,
            Optional<HttpProbe> probe,
            Optional<String> result)
            implements HandlerSpec {
        public HttpHandler {
            Map<String, Template> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            copy.putAll(headers);
            headers = Collections.unmodifiableMap(copy);
        }

        /** A target with nothing but an address. */
        public static HttpHandler of(String method, URI url, Duration timeout) {
            return new HttpHandler(
                    method, Template.parse(url.toString()), timeout, Map.of(), Optional.empty(), Optional.empty());
        }

        /** The URL as it is declared, without its query, which may contain a key. */
        public String shownUrl() {
            return withoutQuery(url);
        }

        /** Whether the URL has a query. */
        boolean hasQuery() {
            return url.toString().indexOf('?') >= 0;
        }

        /** The pointers to the values of the body that a call needs. */
        List<String> pointers() {
            List<String> pointers = new ArrayList<>(url.pointers());
            headers.values().forEach(value -> pointers.addAll(value.pointers()));
            probe.ifPresent(asked -> pointers.addAll(asked.url().pointers()));
            return pointers;
        }

        /** Omits the query and the header values, so that no secret ends up in a log. */
        @Override
        public String toString() {
            return "HttpHandler[" + method + " " + shownUrl() + ", timeout=" + timeout + ", headers=" + headers.keySet()
                    + "]";
        }
    }

    /**
     * How to ask an HTTP target whether an interrupted call had its effect: a GET, with the same headers as the call.
     *
     * @param url as the target's
     * @param happened the statuses that say so
     * @param notHappened the statuses that say that it had not; any other leaves it open
     */
    record HttpProbe(Template url, Set<Integer> happened, Set<Integer> notHappened) {
        public HttpProbe {
            happened = Set.copyOf(happened);
            notHappened = Set.copyOf(notHappened);
        }

        /** The URL as it is declared, without its query. */
        public String shownUrl() {
            return withoutQuery(url);
        }
    }

    private static String withoutQuery(Template url) {
        String text = url.toString();
        int query = text.indexOf('?');
        return query < 0 ? text : text.substring(0, query);
    }
}
