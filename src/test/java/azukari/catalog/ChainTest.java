package azukari.catalog;

import static azukari.catalog.Documents.problemsOf;
import static azukari.catalog.Documents.with;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules across event types. */
class ChainTest {
    private static final String ANY = "true";

    private static String type(String code, String body, String... more) {
        String[] fields = new String[more.length + 6];
        System.arraycopy(more, 0, fields, 6, more.length);
        fields[0] = "code";
        fields[1] = code;
        fields[2] = "body";
        fields[3] = body;
        fields[4] = "examples";
        fields[5] = EXAMPLES;
        return with(fields);
    }

    private static final String EXAMPLES =
            "[{job: j, code: A, requestId: r, submitter: s, outcome: FAILED, result: {}, error: {kind: K, message: m}}]";

    @Test
    void an_event_type_that_follows_itself_is_refused() {
        assertThat(problemsOf(type("A", ANY, "onFailed", "[A]")))
                .containsExactly(new Problem(Documents.FILE, "/onFailed/0", "the chain would never end: A → A"));
    }

    @Test
    void a_cycle_through_succeeded_and_failed_is_refused() {
        Map<String, String> documents = Map.of(
                "a.yaml", type("A", ANY, "onSucceeded", "[CREATE_ALARM, B]"),
                "b.yaml", type("B", ANY, "onFailed", "[C]"),
                "c.yaml", type("C", ANY, "onSucceeded", "[B]"));
        assertThat(problemsOf(documents))
                .containsExactly(new Problem("c.yaml", "/onSucceeded/0", "the chain would never end: B → C → B"));
    }

    @Test
    void an_example_of_a_fan_out_must_be_valid_for_its_children() {
        String fanOut = type("A", ANY, "handler", "{fanOut: [NOOP, START_EC2]}");
        assertThat(problemsOf(fanOut)).anySatisfy(problem -> {
            assertThat(problem.pointer()).isEqualTo("/examples/0");
            assertThat(problem.reason()).endsWith("'instanceId' not found (for START_EC2)");
        });
    }

    @Test
    void converging_chains_and_cycles_through_emits_are_accepted() {
        Map<String, String> documents = new LinkedHashMap<>();
        documents.put("a.yaml", type("A", ANY, "onSucceeded", "[B, C]", "onFailed", "[C]", "emits", "[A]"));
        documents.put("b.yaml", type("B", ANY, "onSucceeded", "[C]", "emits", "[A]"));
        documents.put("c.yaml", type("C", ANY, "onFailed", "[CREATE_ALARM]"));
        assertThat(CatalogLoader.parse(documents).codes())
                .containsExactly("A", "B", "C", "CREATE_ALARM", "NOOP", "START_EC2");
    }

    @Test
    void a_second_definition_is_refused_naming_both_files() {
        assertThat(problemsOf(Map.of("a.yaml", type("A", ANY), "b.yaml", type("A", ANY))))
                .containsExactly(new Problem("b.yaml", "/code", "A is already defined in a.yaml"));
    }

    @Test
    void a_bundled_event_type_cannot_be_redefined() {
        assertThat(problemsOf(type("NOOP", ANY)))
                .containsExactly(new Problem(Documents.FILE, "/code", "NOOP is already defined in bundled NOOP.yaml"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {properties: {requestId: {type: string}}}              | /requestId null found, string expected
                    {required: [result]}                                   | required property 'result' not found
                    {properties: {result: {required: [vm]}}}               | /result required property 'vm' not found
                    {properties: {code: {const: A}}}                       | /code must be the constant value 'A'
                    """)
    void a_follow_up_that_does_not_accept_every_success_is_refused(String body, String reason) {
        assertThat(problemsOf(Map.of(
                        "f.yaml", type("F", body, "examples", "[{result: {vm: 1}, requestId: r}]"),
                        "s.yaml", type("S", ANY, "onSucceeded", "[CREATE_ALARM, F]"))))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.file()).isEqualTo("s.yaml");
                    assertThat(problem.pointer()).isEqualTo("/onSucceeded/1");
                    assertThat(problem.reason())
                            .startsWith("F receives the outcome document as its body, but its schema rejects {\"job\":")
                            .endsWith(": " + reason);
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {properties: {outcome: {enum: [FAILED]}}}                     | does not have a value in the enumeration ["FAILED"]
                    {required: [error]}                                           | required property 'error' not found
                    {properties: {error: {properties: {kind: {const: HANDLER}}}}} | must be the constant value 'HANDLER'
                    """)
    void a_follow_up_that_does_not_accept_every_failure_is_refused(String body, String reason) {
        assertThat(problemsOf(Map.of(
                        "f.yaml", type("F", body, "examples", "[{outcome: FAILED, error: {kind: HANDLER}}]"),
                        "s.yaml", type("S", ANY, "onFailed", "[F]"))))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.pointer()).isEqualTo("/onFailed/0");
                    assertThat(problem.reason()).endsWith(reason);
                });
    }

    @Test
    void a_follow_up_of_failures_need_not_accept_successes() {
        String body = "{properties: {outcome: {enum: [FAILED, CANCELLED, UNCERTAIN]}}}";
        assertThat(CatalogLoader.parse(Map.of(
                                "f.yaml", type("F", body, "examples", "[{}]"),
                                "s.yaml", type("S", ANY, "onFailed", "[F]")))
                        .codes())
                .contains("F", "S");
    }
}
