package azukari.api;

import azukari.platform.Settings;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Lets a request through once its whole body is here, and holds no thread until then: clients that send slowly, or stop
 * sending, keep nobody else waiting. A body that arrives with its headers, as small ones do, takes no detour.
 */
public class BodyFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private final transient UploadRoom room = UploadRoom.ofHeap();

    @Inject
    private transient Settings settings;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (isComplete(request)) {
            chain.doFilter(request, response);
            return;
        }
        CollectedRequest collected = new CollectedRequest(request);
        AsyncContext context = request.startAsync(collected, response);
        new Upload(context, collected, response, settings.maxBody(), room).begin(request.getInputStream());
    }

    /** Whether reading the body would not wait, or it is refused before it is read. */
    private boolean isComplete(HttpServletRequest request) throws IOException {
        long declared = request.getContentLengthLong();
        if (declared < 0) {
            return request.getHeader("Transfer-Encoding") == null;
        }
        if (declared == 0 || declared > settings.maxBody()) {
            return true;
        }
        ServletInputStream body = request.getInputStream();
        return body.available() >= declared;
    }
}
