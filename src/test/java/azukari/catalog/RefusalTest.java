package azukari.catalog;

import static azukari.catalog.Documents.FILE;
import static azukari.catalog.Documents.problemsOf;
import static azukari.catalog.Documents.with;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every reason to refuse a document, with its exact location. */
class RefusalTest {

    private static void assertRefused(String document, String pointer, String reason) {
        assertThat(problemsOf(document)).containsExactly(new Problem(FILE, pointer, reason));
    }

    @ParameterizedTest
    @ValueSource(strings = {"code", "title", "description", "owner", "body", "examples", "handler"})
    void a_document_without_a_required_field_is_refused(String field) {
        assertRefused(with(field, null), "/" + field, "is required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"code", "title", "description", "owner"})
    void blank_texts_are_refused(String field) {
        assertRefused(with(field, "'  '"), "/" + field, "must not be blank");
        assertRefused(with(field, "12"), "/" + field, "must be a string: put it in quotes");
        assertRefused(with(field, "[a]"), "/" + field, "must be a string");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "code",
                "title",
                "body",
                "examples",
                "handler",
                "lane",
                "retry",
                "timeout",
                "onCrash",
                "emits",
                "onFailed"
            })
    void a_field_without_a_value_is_refused(String field) {
        assertRefused(with(field, ""), "/" + field, "has no value: set it or remove it");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    titel       | x                                          | /titel
                    a/b~c       | x                                          | /a~1b~0c
                    retry       | {attempts: 3}                              | /retry/attempts
                    handler     | {bean: b, lane: x}                         | /handler/lane
                    handler     | {http: {url: "http://h/", verb: PUT}}      | /handler/http/verb
                    """)
    void unknown_fields_are_refused_even_nested_ones(String field, String value, String pointer) {
        assertThat(problemsOf(with(field, value))).singleElement().satisfies(problem -> {
            assertThat(problem.pointer()).isEqualTo(pointer);
            assertThat(problem.reason()).startsWith("is not a known field; expected one of: ");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    code        | shop                                   | /code | must be a capital letter followed by up to 63 capital letters, digits and _, such as START_EC2
                    code        | 1SHOP                                  | /code | must be a capital letter followed by up to 63 capital letters, digits and _, such as START_EC2
                    code        | BATCH                                  | /code | BATCH is reserved for the parent jobs of batches: choose another code
                    title       | "a\\nb"                                | /title | must be one line
                    body        | 3                                      | /body | must be a JSON Schema (draft 2020-12): an object, or true for any body
                    body        | {properties: {n: {minimum: x}}}        | /body/properties/n/minimum | is not a valid JSON Schema: string found, number expected
                    body        | {pattern: "("}                         | /body/pattern | is not a valid JSON Schema: does not match the regex pattern must be a valid ECMA-262 regular expression
                    body        | {$ref: "#/$defs/none"}                 | /body | is not a usable JSON Schema: Reference /$defs/none cannot be resolved
                    body        | {items: {$ref: "http://127.0.0.1:1/s"}} | /body/items/$ref | refers to 'http://127.0.0.1:1/s', but nothing outside the document is loaded: use a local reference such as #/$defs/…
                    body        | {anyOf: [true, {$dynamicRef: "x.json"}]} | /body/anyOf/1/$dynamicRef | refers to 'x.json', but nothing outside the document is loaded: use a local reference such as #/$defs/…
                    body        | {$schema: "http://json-schema.org/draft-07/schema#"} | /body/$schema | must be https://json-schema.org/draft/2020-12/schema or omitted
                    examples    | []                                     | /examples | must be a list with at least one body
                    examples    | {n: 1}                                 | /examples | must be a list with at least one body
                    examples    | [{n: 1}, {n: x}]                       | /examples/1/n | does not match the schema in /body: string found, integer expected
                    examples    | [null]                                 | /examples/0 | does not match the schema in /body: null found, object expected
                    handler     | shop                                   | /handler | must be an object with members from: bean, http, fanOut
                    handler     | {}                                     | /handler | must have exactly one of bean, http and fanOut
                    handler     | {bean: a, http: {url: "http://h/"}}    | /handler | must have exactly one of bean, http and fanOut
                    handler     | {bean: ""}                             | /handler/bean | must not be blank
                    handler     | {bean: "a b"}                          | /handler/bean | must be a bean name: a letter followed by letters, digits, _, . and -
                    lane        | Long                                   | /lane | must be one of default, outside, long, notify
                    onCrash     | never                                  | /onCrash | must be one of rerun, probe, ask
                    retry       | 3                                      | /retry | must be an object with members from: maxAttempts, backoff, factor, maxBackoff, jitter
                    retry       | {maxAttempts: 0}                       | /retry/maxAttempts | must be a whole number from 1 to 1000
                    retry       | {maxAttempts: 1001}                    | /retry/maxAttempts | must be a whole number from 1 to 1000
                    retry       | {maxAttempts: 2.5}                     | /retry/maxAttempts | must be a whole number from 1 to 1000
                    retry       | {maxAttempts: "5"}                     | /retry/maxAttempts | must be a whole number from 1 to 1000
                    retry       | {factor: 0.5}                          | /retry/factor | must be a number from 1 to 100
                    retry       | {factor: 1e300}                        | /retry/factor | must be a number from 1 to 100
                    retry       | {jitter: 1.1}                          | /retry/jitter | must be a number from 0 to 1
                    retry       | {jitter: -0.1}                         | /retry/jitter | must be a number from 0 to 1
                    retry       | {backoff: 0s}                          | /retry/backoff | must be greater than 0 and at most 30d, but is 0s
                    retry       | {backoff: 31d}                         | /retry/backoff | must be greater than 0 and at most 30d, but is 31d
                    retry       | {backoff: 1m, maxBackoff: 59s}         | /retry/maxBackoff | must not be shorter than backoff, which is 1m
                    timeout     | 0ms                                    | /timeout | must be greater than 0 and at most 7d, but is 0ms
                    timeout     | 60                                     | /timeout | must be a duration: a whole number followed by ms, s, m, h or d, such as 30s
                    timeout     | 1 minute                               | /timeout | '1 minute' is not a valid duration: write a whole number and one of ms, s, m, h, d, such as 30s
                    expireAfter | 3651d                                  | /expireAfter | must be greater than 0 and at most 3650d, but is 3651d
                    emits       | NOOP                                   | /emits | must be a list of codes, such as [CREATE_ALARM]
                    emits       | [NOOP, NOOP]                           | /emits/1 | NOOP is listed twice
                    emits       | [7]                                    | /emits/0 | must be an event type code
                    emits       | [NOOP, NONE]                           | /emits/1 | event type NONE does not exist
                    onSucceeded | [NONE]                                 | /onSucceeded/0 | event type NONE does not exist
                    onFailed    | [CREATE_ALARM, NONE]                   | /onFailed/1 | event type NONE does not exist
                    channel     | north                                  | /channel | channel north is not declared in channels.yaml
                    channel     | 7                                      | /channel | must be a channel's name, {name: north, per: /sellerId}, or a list of those
                    channel     | [north, north]                         | /channel/1 | channel north is listed twice
                    channel     | {name: north, per: n}                  | /channel/per | must be a JSON Pointer, such as /sellerId
                    channel     | {name: north, key: /n}                 | /channel/key | is not a known field; expected one of: name, per
                    lockKey     | n                                      | /lockKey | must be a JSON Pointer, such as /sellerId
                    lockKey     | /nothing                               | /examples/0/nothing | must be a string, a number or a boolean: it is the lock key of SHOP
                    handler     | {fanOut: []}                           | /handler/fanOut | must be a list of 1 to 100 event type codes
                    handler     | {fanOut: [NONE]}                       | /handler/fanOut/0 | event type NONE does not exist
                    handler     | {fanOut: [NOOP, NOOP]}                 | /handler/fanOut/1 | NOOP is listed twice
                    handler     | {fanOut: [SHOP]}                       | /handler/fanOut/0 | the chain would never end: SHOP → SHOP
                    handler     | {fanOut: [NOOP], bean: noop}           | /handler | must have exactly one of bean, http and fanOut
                    """)
    void a_wrong_value_is_refused_with_location_and_reason(String field, String value, String pointer, String reason) {
        assertRefused(with(field, value), pointer, reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    method: GET                  | /method  | must be one of POST, PUT, PATCH, DELETE, because the request carries the event's body
                    method: post                 | /method  | must be one of POST, PUT, PATCH, DELETE, because the request carries the event's body
                    url: "ftp://h/x"             | /url     | must begin with http:// or https://
                    url: "/products"             | /url     | must begin with http:// or https://
                    url: "http:x"                | /url     | must have a host name of letters, digits, - and .
                    url: "http://my_host/x"      | /url     | must have a host name of letters, digits, - and .
                    url: "http://u:p@h/x"        | /url     | must not contain a user or password: use a header
                    url: "http://h:70000/x"      | /url     | must have a port from 1 to 65535
                    url: "http://h/x#y"          | /url     | must not have a fragment (#…): it is never sent
                    url: "http://h/{id}"         | /url     | has a brace that is not one of {/pointer}, ${env:NAME} and ${file:PATH}
                    url: "http://{/n}/p"         | /url     | must have values of the body in its path only
                    url: "http://h/p?q={/n}"     | /url     | must have values of the body in its path only
                    url: "http://h/${env:PATH}"  | /url     | must not contain a secret: use a header
                    timeout: 2d                  | /timeout | must be greater than 0 and at most 1d, but is 2d
                    retries: -1                  | /retries | must be a whole number from 0 to 999
                    headers: [a]                 | /headers | must be an object of header names and values
                    headers: {"a b": x}          | /headers/a b | is not a valid header name (RFC 9110: a token)
                    headers: {X-N: 1}            | /headers/X-N | must be a string: put it in quotes
                    headers: {X-N: "a\\r\\nB: c"} | /headers/X-N | must consist of visible ASCII characters, with spaces only between them
                    headers: {X-N: "ü"}          | /headers/X-N | must consist of visible ASCII characters, with spaces only between them
                    headers: {X-N: " a"}         | /headers/X-N | must consist of visible ASCII characters, with spaces only between them
                    headers: {X-N: a, x-n: b}    | /headers/x-n | is given twice: header names are case-insensitive
                    """)
    void a_wrong_http_target_is_refused(String member, String pointer, String reason) {
        String url = member.startsWith("url") ? "" : ", url: \"http://h/\"";
        assertRefused(with("handler", "{http: {" + member + url + "}}"), "/handler/http" + pointer, reason);
    }

    @Test
    void an_http_target_without_a_url_is_refused() {
        assertRefused(with("handler", "{http: {method: PUT}}"), "/handler/http/url", "is required");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Idempotency-Key",
                "x-azukari-run",
                "X-Azukari-Anything",
                "Host",
                "Content-Length",
                "content-type",
                "Traceparent",
                "Connection",
                "Expect",
                "Upgrade",
                "Transfer-Encoding"
            })
    void headers_set_by_azukari_or_http_are_refused(String name) {
        assertRefused(
                with("handler", "{http: {url: 'http://h/', headers: {" + name + ": x}}}"),
                "/handler/http/headers/" + name,
                "is set by Azukari or by HTTP itself: remove it");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    lane    | default | must be 'outside' or omitted for an HTTP target
                    onCrash | probe   | an HTTP target without handler.http.probe cannot be probed: add one, or use rerun or ask
                    emits   | [NOOP]  | an HTTP target cannot emit events: use onSucceeded and onFailed
                    """)
    void options_that_an_http_target_does_not_support_are_refused(String field, String value, String reason) {
        assertRefused(with("handler", "{http: {url: 'http://h/'}}", field, value), "/" + field, reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ask", "probe"})
    void packs_of_what_is_not_simply_run_again_are_refused(String onCrash) {
        assertRefused(
                with("onCrash", onCrash, "pack", "true"), "/pack", "must be false or omitted unless onCrash is rerun");
    }

    @Test
    void retries_together_with_max_attempts_are_refused() {
        assertRefused(
                with("handler", "{http: {url: 'http://h/', retries: 2}}", "retry", "{maxAttempts: 3}"),
                "/handler/http/retries",
                "conflicts with /retry/maxAttempts, which is retries + 1: set only one of them");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``                      | the file is empty
                    `# a comment`           | the file is empty
                    `code: A\\ncode: B`     | the key 'code' is duplicated (line 2)
                    `a: {b: 1, b: 2}`       | the key 'b' is duplicated (line 1)
                    `a: &x [1]\\nb: *x`     | the alias *x is not supported: repeat the value (line 2)
                    `a: &x {k: 1}\\nb: {<<: *x}` | the merge key << is not part of YAML 1.2: list the members (line 2)
                    `a: !!java.net.URL [x]` | the tag tag:yaml.org,2002:java.net.URL is not supported: remove it (line 1)
                    `a: !x {}`              | the tag !x is not supported: remove it (line 1)
                    `a: .nan`               | .nan is not a number in JSON (line 1)
                    `a: -.inf`              | -.inf is not a number in JSON (line 1)
                    `a: 1\\n---\\nb: 2`     | the file contains more than one document: use one file per document
                    `a: "\\u0000\\ud800"`   | -
                    `a: 1e999`              | contains a value that JSON does not support: a number has more than 400 digits
                    `a: {k: [hunter2`       | is not valid YAML: while parsing a flow sequence (line 1, column 8) expected ',' or ']', but got <stream end> (line 1, column 16)
                    `\ta: 1`                | -
                    """)
    void yaml_beyond_json_is_refused(String text, String reason) {
        assertThat(problemsOf(text.replace("\\n", "\n"))).singleElement().satisfies(problem -> {
            assertThat(problem.pointer()).isEmpty();
            assertThat(problem.reason()).doesNotContain("\n");
            if (!reason.equals("-")) {
                assertThat(problem.reason()).isEqualTo(reason);
            }
        });
    }

    @Test
    void a_document_that_is_not_an_object_is_refused() {
        assertThat(problemsOf("[1, 2]")).singleElement().satisfies(problem -> assertThat(problem.reason())
                .startsWith("must be an object with members from: code"));
    }

    @Test
    void all_problems_of_all_files_are_reported_at_once() {
        Map<String, String> documents = Map.of(
                "a.yaml", with("code", "A", "owner", null, "timeout", "soon", "retry", "{jitter: 2, size: 1}"),
                "b.yaml", with("code", "B", "lane", "fast", "handler", "{http: {url: 'http://h/', method: GET}}"),
                "c.yaml", "[",
                "d.yaml", with("code", "D", "onFailed", "[A]"));
        assertThat(problemsOf(documents))
                .extracting(problem -> problem.file() + problem.pointer())
                .containsExactly(
                        "a.yaml/owner",
                        "a.yaml/retry/size",
                        "a.yaml/retry/jitter",
                        "a.yaml/timeout",
                        "b.yaml/handler/http/method",
                        "b.yaml/lane",
                        "c.yaml");
    }

    @Test
    void the_message_has_one_line_per_problem() {
        CatalogException refusal = new CatalogException(java.util.List.of(
                new Problem("a.yaml", "/owner", "is required"), new Problem("b.yaml", "", "is empty")));
        assertThat(refusal).hasMessage("""
                        The catalogue of event types has 2 problems:
                          a.yaml: /owner: is required
                          b.yaml: is empty""");
    }
}
