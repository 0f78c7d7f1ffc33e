package azukari.api;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;

/** All of it stands under {@code /api}. */
@ApplicationPath("api")
public class Api extends Application {
    /** {@code /api/openapi} describes the interface; an implementation's own description, by another name, would not be ours. */
    @Override
    public Map<String, Object> getProperties() {
        return Map.of("jersey.config.server.wadl.disableWadl", true);
    }
}
