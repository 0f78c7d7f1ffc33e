package azukari.api;

import azukari.database.Database;
import azukari.job.Job;
import azukari.job.JobTable;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves the streams. Not a JAX-RS resource, because the server-sent events of JAX-RS block the sender while a client is slow
 * and buffer without bound.
 */
@WebFilter(urlPatterns = "/api/*", asyncSupported = true)
public class StreamFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final String END = "/stream";
    private static final Pattern JOB = Pattern.compile("/jobs/([^/]+)" + END);

    @Inject
    private transient Streams streams;

    @Inject
    private transient Database database;

    private final transient FailureMapper failures = new FailureMapper();

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = request.getPathInfo() == null ? request.getRequestURI() : request.getPathInfo();
        if (!path.endsWith(END)) {
            chain.doFilter(request, response);
            return;
        }
        Matcher job = JOB.matcher(path);
        try {
            if (job.find()) {
                check(request);
                job(request, response, job.group(1));
            } else if (path.endsWith("/notifications" + END)) {
                check(request);
                notifications(request, response);
            } else {
                chain.doFilter(request, response);
            }
        } catch (RuntimeException e) {
            answer(response, failures.toResponse(e));
        }
    }

    private void job(HttpServletRequest request, HttpServletResponse response, String id) throws IOException {
        new Query(parameters(request), Set.of());
        UUID uuid = Query.uuid(id);
        Job job = (uuid == null ? java.util.Optional.<Job>empty() : database.read(em -> JobTable.find(em, uuid)))
                .orElseThrow(() -> ProblemException.notFound("job " + id + " does not exist"));
        String known = request.getHeader("Last-Event-ID");
        if (JobStream.isLast(job, known)) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT); // Tells a browser to stop reconnecting.
        } else {
            streams.job(request, response, job, known);
        }
    }

    private void notifications(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Query query = new Query(parameters(request), Set.of("submitter", "after"));
        long asked = Cursor.place(query.text("after"));
        String known = request.getHeader("Last-Event-ID");
        streams.notifications(
                request,
                response,
                query.text("submitter"),
                known == null || known.isEmpty() ? asked : Cursor.place(known, "Last-Event-ID"));
    }

    private static void check(HttpServletRequest request) {
        if (!request.getMethod().equals("GET")) {
            throw new jakarta.ws.rs.NotAllowedException("GET");
        }
        String accept = request.getHeader("Accept");
        if (accept != null && !accept.matches("(?is).*(\\*/\\*|text/(\\*|event-stream)).*")) {
            throw new ProblemException(Problem.of(
                    406,
                    "not-acceptable",
                    "Not acceptable",
                    "the response is text/event-stream, which the Accept header excludes"));
        }
    }

    /** Decoded here, as UTF-8, like JAX-RS does: what a server makes of a query for servlets depends on its settings. */
    private static MultivaluedMap<String, String> parameters(HttpServletRequest request) {
        MultivaluedMap<String, String> parameters = new MultivaluedHashMap<>();
        String query = request.getQueryString();
        for (String parameter : query == null ? new String[0] : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (!parameter.isEmpty()) {
                parameters.add(
                        decoded(equals < 0 ? parameter : parameter.substring(0, equals)),
                        decoded(equals < 0 ? "" : parameter.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest(
                    "the query contains a '%' that is not followed by two hexadecimal digits");
        }
    }

    private static void answer(HttpServletResponse response, Response problem) throws IOException {
        response.setStatus(problem.getStatus());
        problem.getStringHeaders().forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
        byte[] text = ((String) problem.getEntity()).getBytes(StandardCharsets.UTF_8);
        response.setContentType(Problem.MEDIA_TYPE);
        response.setContentLength(text.length);
        response.getOutputStream().write(text);
    }
}
