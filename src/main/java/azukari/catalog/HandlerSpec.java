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
     * @param name the bean's name; whether such a bean exists is checked outside the catalogue
     */
    record BeanHandler(String name) implements HandlerSpec {}

    /**
     * An HTTP target, which requires no code.
     *
     * @param method {@code POST}, {@code PUT}, {@code PATCH} or {@code DELETE}
     * @param url absolute, http or https, without user information or fragment
     * @param timeout how long one call may take, positive
     * @param headers additional request headers by case-insensitive name; the values may be secrets
     */
    record HttpHandler(String method, URI url, Duration timeout, Map<String, String> headers) implements HandlerSpec {
        public HttpHandler {
            Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            copy.putAll(headers);
            headers = Collections.unmodifiableMap(copy);
        }

        /** The URL without its query, which may contain a key. */
        public String shownUrl() {
            String query = url.getRawQuery();
            return query == null ? url.toString() : url.toString().replace("?" + query, "");
        }

        /** Omits the query and the header values, so that no secret ends up in a log. */
        @Override
        public String toString() {
            return "HttpHandler[" + method + " " + shownUrl() + ", timeout=" + timeout + ", headers=" + headers.keySet()
                    + "]";
        }
    }
}
