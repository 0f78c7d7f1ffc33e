package azukari.api;

import static azukari.api.Contract.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.ApiClient.Response;
import azukari.testing.OpenApi;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The served OpenAPI document, and every resource that can be read: the client checks each response against the document. */
class OpenApiIT {
    private final Contract contract = Contract.shared();

    @Test
    void the_document_is_served_as_json_and_as_yaml() {
        Response json = contract.api.get("openapi");
        assertThat(json.status()).isEqualTo(200);
        assertThat(json.header("Content-Type")).startsWith("application/json");
        assertThat(json.body()).isEqualTo(OpenApi.ofTheProduct().document());
        assertThat(json.body().path("openapi").asString()).startsWith("3.1");

        Response yaml = contract.api.send("GET", "openapi", null, Map.of("Accept", "application/yaml"));
        assertThat(yaml.header("Content-Type")).startsWith("application/yaml");
        assertThat(new YAMLMapper().readTree(yaml.body().asString())).isEqualTo(json.body());
        assertProblem(contract.api.send("GET", "openapi", null, Map.of("Accept", "text/html")), 406, "not-acceptable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jobs?limit=500",
                "jobs/{job}",
                "jobs/{job}/runs",
                "jobs/{job}/chain",
                "notifications?limit=500",
                "event-types",
                "event-types/START_EC2",
                "event-types/CALL",
                "health/live",
                "health/ready",
                "metrics",
            })
    void every_readable_resource_conforms_to_the_document(String path) {
        String job = contract.accept(
                        Map.of("code", "START_EC2", "body", Map.of("instanceId", "i-1", "seconds", 0, "fail", true)))
                .path("id")
                .asString();
        contract.awaitEnd(job);
        assertThat(contract.api.get(path.replace("{job}", job)).status()).isEqualTo(200);
    }
}
