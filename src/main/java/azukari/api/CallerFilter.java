package azukari.api;

import azukari.platform.Settings;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps web pages from steering this server by way of a browser on the same machine or network: a name that is none of
 * this server's may have been rebound to its address, and a page of another origin may send a simple POST to it without being
 * asked. Clients that are no browsers send no {@code Origin}.
 */
public class CallerFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS"); // RFC 9110, section 9.2.1
    private static final int MISDIRECTED = 421;

    @Inject
    private transient Settings settings;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Optional<Problem> problem = problem(request);
        if (problem.isPresent()) {
            problem.get().send(response);
        } else {
            chain.doFilter(request, response);
        }
    }

    /** A request without {@code Host} is one of HTTP/1.0, such as a load balancer's check; no browser sends one. */
    private Optional<Problem> problem(HttpServletRequest request) {
        String host = request.getHeader("Host");
        Optional<Authority> called = Optional.empty();
        if (host != null) {
            called = Authority.ofHost(host);
            if (called.isEmpty()) {
                return Optional.of(Problem.of(400, "bad-request", "Bad request", "the Host header is malformed"));
            }
            if (!isOurs(called.get(), request.getLocalAddr())) {
                return Optional.of(Problem.of(
                        MISDIRECTED,
                        "misdirected",
                        "Misdirected request",
                        "this server is not known as '" + called.get().host()
                                + "'; names by which clients may call are set by AZUKARI_HTTP_ALLOWED_HOSTS"));
            }
        }
        String origin = request.getHeader("Origin");
        if (origin != null && !SAFE.contains(request.getMethod()) && !isKnown(origin, called)) {
            return Optional.of(Problem.of(
                    403,
                    "foreign-origin",
                    "Foreign origin",
                    "a page of another origin must not change anything here; hosts whose pages may are set by"
                            + " AZUKARI_HTTP_ALLOWED_HOSTS"));
        }
        return Optional.empty();
    }

    private boolean isOurs(Authority called, String localAddress) {
        return called.isLoopback()
                || settings.hosts().contains(called.host())
                || settings.hosts().contains("[" + called.host() + "]")
                || called.host().equals(withoutZone(localAddress));
    }

    private boolean isKnown(String origin, Optional<Authority> called) {
        return Authority.ofOrigin(origin)
                .filter(from -> Optional.of(from).equals(called)
                        || (settings.hosts().contains(from.host()) && !from.isLoopback()))
                .isPresent();
    }

    private static String withoutZone(String address) {
        int zone = address.indexOf('%');
        return (zone < 0 ? address : address.substring(0, zone)).toLowerCase(Locale.ROOT);
    }
}
