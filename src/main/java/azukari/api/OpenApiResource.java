package azukari.api;

import azukari.platform.Json;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The OpenAPI 3.1 description of this interface: written by hand, and checked against real responses by the tests. */
@Path("openapi")
@ApplicationScoped
public class OpenApiResource {
    private static final String FILE = "/openapi.yaml";

    private final String yaml = text();
    private final String json = Json.write(new YAMLMapper().readTree(yaml));

    /** As JSON. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public String json() {
        return json;
    }

    /** As YAML, if the client asks for it (RFC 9512). */
    @GET
    @Produces("application/yaml;qs=0.5")
    public String yaml() {
        return yaml;
    }

    private static String text() {
        try (InputStream file = OpenApiResource.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException(FILE + " is missing from the archive");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
