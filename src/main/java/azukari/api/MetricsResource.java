package azukari.api;

import azukari.platform.Telemetry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;

/** This node's metrics in the Prometheus text format. */
@Path("metrics")
@ApplicationScoped
public class MetricsResource {
    private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

    /** Injected so that the meters are registered. */
    @Inject
    @SuppressWarnings("unused")
    private NodeMeters node;

    /** Scrapes all meters. */
    @GET
    @Produces(TEXT_FORMAT)
    public String scrape() {
        return Telemetry.scrape();
    }
}
