package azukari.api;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import java.net.URI;
import java.util.regex.Pattern;

/**
 * Reroutes requests that are willing to wait to {@link WaitingResource}, at paths that clients cannot request directly. Only
 * those requests pay for asynchronous responses; all others are answered on the thread that received them.
 */
@Provider
@PreMatching
public class WaitRouting implements ContainerRequestFilter {
    static final String PREFIX = "waiting";
    private static final Pattern JOB = Pattern.compile("jobs/[^/]+/?");

    @Override
    public void filter(ContainerRequestContext request) {
        String path = request.getUriInfo().getPath();
        if (path.startsWith(PREFIX)) {
            throw new NotFoundException();
        }
        if (request.getHeaders().containsKey("Prefer")
                && mayWait(request.getMethod(), path)
                && WaitPreference.read(request.getHeaders().get("Prefer")).isPresent()) {
            String query = request.getUriInfo().getRequestUri().getRawQuery();
            request.setRequestUri(
                    URI.create(withoutTemplates(request.getUriInfo().getBaseUri() + PREFIX + "/"
                            + request.getUriInfo().getPath(false)
                            + (query == null ? "" : "?" + query))));
        }
    }

    /** Braces would be taken for those of a URI template. */
    private static String withoutTemplates(String uri) {
        return uri.replace("{", "%7B").replace("}", "%7D");
    }

    private static boolean mayWait(String method, String path) {
        return switch (method) {
            case HttpMethod.POST -> path.equals("events") || path.equals("events/");
            case HttpMethod.GET -> JOB.matcher(path).matches();
            default -> false;
        };
    }
}
