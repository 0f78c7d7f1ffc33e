package azukari.api;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;

/** The JAX-RS application; every resource is under {@code /api}. */
@ApplicationPath("api")
public class Api extends Application {
    /** Turns off Jersey's generated WADL: {@code /api/openapi} is the only description of this interface. */
    @Override
    public Map<String, Object> getProperties() {
        return Map.of("jersey.config.server.wadl.disableWadl", true);
    }
}
