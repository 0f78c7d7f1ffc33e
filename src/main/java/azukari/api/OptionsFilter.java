package azukari.api;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.ext.Provider;

/** Answers {@code OPTIONS} with {@code Allow} only, and drops any body that the JAX-RS implementation would add. */
@Provider
public class OptionsFilter implements ContainerResponseFilter {
    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getMethod().equals(HttpMethod.OPTIONS) && response.getStatus() < 300) {
            response.setEntity(null);
            response.setStatusInfo(Status.NO_CONTENT);
        }
    }
}
