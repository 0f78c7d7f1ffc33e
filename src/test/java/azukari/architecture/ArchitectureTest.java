package azukari.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The map of packages: arrows point one way, and a package that the map does not know fails. */
class ArchitectureTest {
    /** Each package and those that it may use, itself included. Sub-packages count as their parent. */
    private static final Map<String, Set<String>> MAP = map();

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPath(Path.of("target", "classes"));

    private static Map<String, Set<String>> map() {
        Map<String, Set<String>> map = new LinkedHashMap<>();
        map.put("platform", Set.of());
        map.put("database", Set.of("platform"));
        map.put("broker", Set.of("database", "platform"));
        map.put("catalog", Set.of("platform"));
        map.put("limit", with("catalog"));
        map.put("job", with("limit"));
        map.put("outbox", with("broker", "job"));
        map.put("notify", with("catalog", "job"));
        map.put("watch", with("broker", "job", "notify"));
        map.put("effect", with("job", "notify", "outbox", "watch"));
        map.put("intake", with("catalog", "effect", "job", "limit", "outbox"));
        map.put("handler", with("catalog", "job", "notify"));
        map.put(
                "dispatch",
                with("effect", "broker", "catalog", "handler", "intake", "job", "limit", "outbox", "notify", "watch"));
        map.put("recovery", with("effect", "broker", "dispatch", "handler", "intake", "job", "outbox", "notify"));
        map.put(
                "node",
                with("broker", "dispatch", "recovery", "catalog", "handler", "job", "notify", "outbox", "watch"));
        map.put("sse", Set.of("platform"));
        map.put(
                "api",
                with(
                        "broker",
                        "catalog",
                        "dispatch",
                        "handler",
                        "intake",
                        "job",
                        "limit",
                        "notify",
                        "node",
                        "outbox",
                        "sse",
                        "watch"));
        // For handlers' tests; it is not in the WAR, so nothing may use it.
        map.put("testkit", with("catalog", "dispatch", "handler", "job", "notify", "outbox"));
        return map;
    }

    private static Set<String> with(String... rooms) {
        Set<String> allowed = new HashSet<>(List.of(rooms));
        allowed.addAll(List.of("database", "platform"));
        return allowed;
    }

    static Set<String> packages() {
        return MAP.keySet();
    }

    @Test
    void every_package_is_on_the_map() {
        Set<String> known = MAP.keySet();

        Set<String> found = PRODUCT.stream().map(ArchitectureTest::room).collect(Collectors.toSet());

        assertThat(found).isEqualTo(known);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void a_package_uses_only_what_the_map_allows(String name) {
        check(name, MAP.get(name), PRODUCT);
    }

    /** The rule is able to fail: {@code dispatch} really uses more than {@code platform}. */
    @Test
    void a_forbidden_arrow_is_found() {
        assertThatThrownBy(() -> check("dispatch", Set.of("platform"), PRODUCT))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("azukari.dispatch");
    }

    private static void check(String name, Set<String> allowed, JavaClasses classes) {
        String[] forbidden = MAP.keySet().stream()
                .filter(other -> !other.equals(name) && !allowed.contains(other))
                .map(other -> "azukari." + other + "..")
                .toArray(String[]::new);
        if (forbidden.length > 0) {
            noClasses()
                    .that()
                    .resideInAPackage("azukari." + name + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden)
                    .check(classes);
        }
    }

    private static String room(JavaClass type) {
        String[] parts = type.getPackageName().split("\\.", -1);
        return parts.length < 2 ? "(the root)" : parts[1];
    }

    @Test
    void jms_stands_only_where_messages_are_sent_received_or_the_broker_is_asked() {
        noClasses()
                .that()
                .resideOutsideOfPackages("azukari.outbox..", "azukari.dispatch..", "azukari.broker..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jakarta.jms..")
                .check(PRODUCT);
    }

    @Test
    void http_stands_only_in_the_api_and_in_http_targets() {
        noClasses()
                .that()
                .resideOutsideOfPackage("azukari.api..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jakarta.ws.rs..")
                .check(PRODUCT);
        noClasses()
                .that()
                .resideOutsideOfPackage("azukari.handler.http..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.net.http..")
                .check(PRODUCT);
    }

    @Test
    void the_clock_is_read_only_in_platform() {
        for (Class<?> type : List.of(Instant.class, OffsetDateTime.class, LocalDateTime.class)) {
            noClasses()
                    .that()
                    .resideOutsideOfPackage("azukari.platform..")
                    .should()
                    .callMethod(type, "now")
                    .check(PRODUCT);
        }
        noClasses()
                .that()
                .resideOutsideOfPackage("azukari.platform..")
                .should()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(PRODUCT);
    }

    @Test
    void no_class_knows_a_particular_server() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackages(
                        "org.glassfish..", "com.sun..", "fish.payara..", "org.jboss..", "org.wildfly..", "org.apache..")
                .check(PRODUCT);
    }

    @Test
    void every_package_says_what_belongs_in_it() throws Exception {
        for (Path root : List.of(Path.of("src/main/java"), Path.of("src/launcher/java"))) {
            try (var folders = Files.walk(root)) {
                List<Path> silent = folders.filter(Files::isDirectory)
                        .filter(ArchitectureTest::holdsClasses)
                        .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
                        .toList();
                assertThat(silent).isEmpty();
            }
        }
    }

    private static boolean holdsClasses(Path folder) {
        try (var files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".java"));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
