package azukari.api;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.OpenApi;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The OpenAPI document is consistent, its examples match its schemas, and it covers exactly the existing paths. */
class OpenApiDocumentTest {
    /** Paths that are served by a filter, not by resources. */
    private static final Set<String> STREAMS = Set.of("GET /jobs/{id}/stream", "GET /notifications/stream");
    /** Paths that are not implemented yet. */
    private static final Set<String> NOT_YET = Set.of(
            "POST /jobs/{id}/cancel",
            "POST /jobs/{id}/retry",
            "POST /jobs/{id}/abandon",
            "GET /queues",
            "POST /queues/{name}/pause",
            "POST /queues/{name}/resume",
            "GET /queues/{name}/dead-letters",
            "POST /queues/{name}/dead-letters/retry");
    /** Internal paths that clients cannot request. */
    private static final String INTERNAL = " /waiting";

    private final OpenApi api = OpenApi.ofTheProduct();
    private final JsonNode document = api.document();

    @Test
    void every_reference_resolves() {
        List<String> dangling = new ArrayList<>();
        walk("", document, (pointer, node) -> {
            JsonNode reference = node.path("$ref");
            if (reference.isString()
                    && document.at(reference.asString().substring(1)).isMissingNode()) {
                dangling.add(pointer + ": " + reference.asString());
            }
        });
        assertThat(dangling).isEmpty();
    }

    @Test
    void every_component_is_referenced() {
        Set<String> used = new TreeSet<>();
        walk("", document, (pointer, node) -> used.add(node.path("$ref").asString("")));
        List<String> unused = new ArrayList<>();
        document.path("components")
                .properties()
                .forEach(kind -> kind.getValue().propertyNames().forEach(name -> {
                    if (!used.contains("#/components/" + kind.getKey() + "/" + name)) {
                        unused.add(kind.getKey() + "/" + name);
                    }
                }));
        assertThat(unused).isEmpty();
    }

    @Test
    void every_example_matches_its_schema() {
        Map<String, List<String>> faults = new TreeMap<>();
        Set<String> checked = new TreeSet<>();
        walk("", document, (pointer, node) -> {
            if (node.has("schema")) {
                node.path("examples").properties().forEach(example -> {
                    JsonNode value = api.resolved(example.getValue()).path("value");
                    checked.add(pointer + "/examples/" + example.getKey());
                    if (value.isMissingNode()) {
                        faults.put(pointer, List.of("an example without a value"));
                    } else if (!api.violations(node.get("schema"), value).isEmpty()) {
                        faults.put(pointer, api.violations(node.get("schema"), value));
                    }
                });
            }
        });
        assertThat(faults).isEmpty();
        assertThat(checked).hasSizeGreaterThan(15);
    }

    @Test
    void every_operation_has_a_unique_id_and_declares_its_parameters() {
        List<String> names = new ArrayList<>();
        operations().forEach((operation, node) -> {
            names.add(node.path("operationId").asString());
            assertThat(node.path("summary").asString()).as(operation).isNotBlank();
            assertThat(node.path("tags").size()).as(operation).isPositive();
        });
        assertThat(names).doesNotContain("").doesNotHaveDuplicates();
        document.path("paths").properties().forEach(path -> {
            Set<String> declared = new TreeSet<>();
            path.getValue()
                    .path("parameters")
                    .forEach(parameter ->
                            declared.add(api.resolved(parameter).path("name").asString()));
            Set<String> inPath = new TreeSet<>(Arrays.asList(path.getKey().split("[^{}]*\\{|}[^{]*")));
            inPath.remove("");
            inPath.remove(path.getKey());
            assertThat(declared).as(path.getKey()).isEqualTo(inPath);
        });
    }

    @Test
    void the_document_covers_exactly_the_existing_paths() {
        Map<String, Method> served = served();
        Set<String> described = new TreeSet<>(operations().keySet());
        described.removeAll(STREAMS);
        NOT_YET.stream().filter(operation -> !served.containsKey(operation)).forEach(described::remove);

        assertThat(served.keySet()).isEqualTo(described);
    }

    @Test
    void the_document_states_which_bodies_are_accepted() {
        served().forEach((operation, method) -> {
            Consumes consumes = method.getAnnotation(Consumes.class);
            if (consumes != null) {
                assertThat(operations()
                                .get(operation)
                                .path("requestBody")
                                .path("content")
                                .propertyNames())
                        .as(operation)
                        .containsExactlyInAnyOrder(consumes.value());
            }
        });
    }

    private Map<String, JsonNode> operations() {
        Map<String, JsonNode> operations = new TreeMap<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    if (OpenApi.METHODS.contains(operation.getKey())) {
                        operations.put(
                                operation.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey(),
                                operation.getValue());
                    }
                }));
        return operations;
    }

    /** The operations declared by the resources' annotations. */
    private static Map<String, Method> served() {
        Map<String, Method> served = new TreeMap<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("azukari")) {
            if (type.isAnnotatedWith(Path.class)) {
                Class<?> resource = type.reflect();
                for (Method method : resource.getDeclaredMethods()) {
                    httpMethod(method).ifPresent(verb -> served.put(verb + " " + address(resource, method), method));
                }
            }
        }
        served.keySet().removeIf(operation -> operation.contains(INTERNAL));
        return served;
    }

    private static java.util.Optional<String> httpMethod(Method method) {
        return Arrays.stream(method.getAnnotations())
                .map(Annotation::annotationType)
                .filter(type -> type.isAnnotationPresent(HttpMethod.class))
                .map(type -> type.getAnnotation(HttpMethod.class).value())
                .findFirst();
    }

    private static String address(Class<?> resource, Method method) {
        Path own = method.getAnnotation(Path.class);
        return "/" + resource.getAnnotation(Path.class).value() + (own == null ? "" : "/" + own.value());
    }

    private static void walk(String pointer, JsonNode node, BiConsumer<String, JsonNode> visitor) {
        visitor.accept(pointer, node);
        node.properties().forEach(member -> walk(pointer + "/" + member.getKey(), member.getValue(), visitor));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            walk(pointer + "/" + i, node.get(i), visitor);
        }
    }
}
