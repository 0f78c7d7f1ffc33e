package azukari.catalog;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** What does the work of an event type. */
public sealed interface HandlerSpec {

    /**
     * A CDI bean.
     *
     * @param name the bean's name; whether there is one is not the catalogue's to know
     */
    record BeanHandler(String name) implements HandlerSpec {}

    /**
     * An HTTP target, which needs no code.
     *
     * @param method {@code POST}, {@code PUT}, {@code PATCH} or {@code DELETE}
     * @param url absolute, http or https, without user information and fragment
     * @param timeout the longest one call may take, positive
     * @param headers further request headers, by name without regard to case; the values may be secrets
     */
    record HttpHandler(String method, URI url, Duration timeout, Map<String, String> headers) implements HandlerSpec {
        public HttpHandler {
            Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            copy.putAll(headers);
            headers = Collections.unmodifiableMap(copy);
        }

        /** Without the headers' values, so that no secret gets into a log. */
        @Override
        public String toString() {
            return "HttpHandler[" + method + " " + url + ", timeout=" + timeout + ", headers=" + headers.keySet() + "]";
        }
    }
}
