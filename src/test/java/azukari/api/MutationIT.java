package azukari.api;

import static azukari.api.Contract.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.testing.ApiClient.Response;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Valid requests, damaged at random: whatever arrives, the answer is one of the contract's. {@code -Dmutation.seed=N} repeats a run. */
class MutationIT {
    private static final int COUNT = 500;
    private static final long SEED = Long.getLong("mutation.seed", System.nanoTime());

    private static final List<String> EVENTS = List.of(
            "{\"code\":\"NOOP\",\"requestId\":\"m-1\",\"submitter\":\"mutations\",\"priority\":4,\"body\":{\"a\":[1,2.5,null,true,\"ä😀\"]}}",
            "{\"code\":\"START_EC2\",\"submitter\":\"mutations\",\"notBefore\":\"2035-01-01T00:00:00.5+01:00\",\"body\":{\"instanceId\":\"i-1\",\"seconds\":0}}",
            "{\"code\":\"CREATE_ALARM\",\"submitter\":\"mutations\",\"body\":{\"job\":\"01890a5d-ac96-774b-bcce-b302099a8057\",\"code\":\"X\",\"requestId\":null,\"submitter\":\"mutations\",\"outcome\":\"FAILED\",\"result\":{},\"error\":{\"kind\":\"K\",\"message\":\"m\"}}}");

    private static final List<String> PIECES = List.of(
            "null",
            "\"\"",
            "-1",
            "1e308",
            "1e400",
            "{}",
            "[]",
            "\\u0000",
            "\\ud800",
            "\u0000",
            "\u007f",
            "\"",
            "\\",
            ",",
            ":",
            "}",
            "]",
            "9".repeat(500),
            "x".repeat(300),
            "true",
            "0x1",
            "//",
            "\uFEFF",
            "'",
            "%00",
            "${env}",
            "<!--");

    private static final List<String> PATHS = List.of(
            "jobs?limit=5",
            "jobs?submitter=mutations&state=FAILED",
            "jobs/01890a5d-ac96-774b-bcce-b302099a8057",
            "jobs/01890a5d-ac96-774b-bcce-b302099a8057/runs",
            "notifications?after=cDM&limit=7",
            "event-types/NOOP");

    private final Contract contract = Contract.shared();
    private final Random random = new Random(SEED);

    @Test
    void whateverArrivesTheAnswerIsOneOfTheContracts() {
        for (int i = 0; i < COUNT; i++) {
            byte[] body = mutated(EVENTS.get(random.nextInt(EVENTS.size())));
            Map<String, String> headers = random.nextInt(8) == 0
                    ? Map.of("Content-Type", "application/json", "Idempotency-Key", "k" + random.nextInt(1000))
                    : Contract.JSON;
            check(
                    contract.api.send("POST", "events", body, headers),
                    "POST " + new String(body, java.nio.charset.StandardCharsets.UTF_8));
        }
        for (int i = 0; i < COUNT / 5; i++) {
            String path = mutatedPath(PATHS.get(random.nextInt(PATHS.size())));
            check(contract.api.send("GET", path, null, Map.of()), "GET " + path);
        }
        assertThat(contract.api.get("health/ready").status()).isEqualTo(200);
    }

    private void check(Response response, String request) {
        assertThat(response.status() / 100)
                .as("seed %d: %d for %s: %s", SEED, response.status(), request, response.body())
                .isIn(2, 4);
        if (response.status() >= 400) {
            assertThat(response.header("Content-Type"))
                    .as("seed %d: %s", SEED, request)
                    .isEqualTo("application/problem+json");
        }
    }

    private byte[] mutated(String event) {
        byte[] text = bytes(event);
        int times = 1 + random.nextInt(3);
        for (int i = 0; i < times; i++) {
            int at = random.nextInt(text.length);
            int to = Math.min(text.length, at + 1 + random.nextInt(12));
            text = switch (random.nextInt(5)) {
                case 0 -> replaced(text, at, to, new byte[0]);
                case 1 -> replaced(text, at, at, bytes(PIECES.get(random.nextInt(PIECES.size()))));
                case 2 -> replaced(text, at, at + 1, new byte[] {(byte) random.nextInt(256)});
                case 3 -> replaced(text, at, at, Arrays.copyOfRange(text, at, to));
                default -> replacedValue(new String(text, java.nio.charset.StandardCharsets.UTF_8));
            };
            if (text.length == 0) {
                return bytes(" ");
            }
        }
        return text;
    }

    /** One value, as far as a simple look tells, for another: mutations that are still JSON. */
    private byte[] replacedValue(String event) {
        String piece = PIECES.get(random.nextInt(7));
        int colon = event.indexOf(':', random.nextInt(event.length()));
        int end = colon < 0 ? -1 : event.indexOf(',', colon);
        return bytes(end < 0 ? event : event.substring(0, colon + 1) + piece + event.substring(end));
    }

    private static byte[] replaced(byte[] text, int from, int to, byte[] by) {
        byte[] result = new byte[text.length - (to - from) + by.length];
        System.arraycopy(text, 0, result, 0, from);
        System.arraycopy(by, 0, result, from, by.length);
        System.arraycopy(text, to, result, from + by.length, text.length - to);
        return result;
    }

    /** Stays an address that a client can send: what is no URI at all never gets past its own library. */
    private String mutatedPath(String path) {
        String allowed = "abz019-_.~!*'();:@&=+$,/?";
        StringBuilder text = new StringBuilder(path);
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            int at = random.nextInt(text.length());
            if (random.nextBoolean()) {
                text.setCharAt(at, allowed.charAt(random.nextInt(allowed.length())));
            } else {
                text.insert(
                        at,
                        List.of("%20", "%C3%A4", "%F0%9F%98%80", "%27", "%22", "&limit=3", "%2B")
                                .get(random.nextInt(7)));
            }
        }
        String result = text.toString().replace(":", "-").replaceAll("^/+", "");
        if (result.matches(".*%(?![0-9A-F]{2}).*")) {
            return path; // An escape was cut in two.
        }
        return result.isEmpty() ? "x" : result;
    }
}
