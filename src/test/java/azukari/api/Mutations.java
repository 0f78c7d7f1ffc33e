package azukari.api;

import static azukari.api.Contract.bytes;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages texts at random, always in the same way for the same seed. */
final class Mutations {
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
    private static final int VALUES = 7;
    private static final String IN_AN_ADDRESS = "abz019-_.~!*'();:@&=+$,/?%{}|^`\"<>[]\\#";
    private static final List<String> ESCAPES = List.of(
            "%20",
            "%C3%A4", "%F0%9F%98%80", "%27", "%22", "%2F", "%2e%2e", "%00", "%ff", "%c0%af", "&limit=3", "&&", "%2B");
    private static final String IN_A_HEADER = "abz019-_.~!*'();:@&=+$,/?%{}|^`\"<>[]\\# \t";

    private final Random random;

    Mutations(Random random) {
        this.random = random;
    }

    <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    boolean chance(int in) {
        return random.nextInt(in) == 0;
    }

    byte[] json(String event) {
        byte[] text = bytes(event);
        int times = 1 + random.nextInt(3);
        for (int i = 0; i < times; i++) {
            int at = random.nextInt(text.length);
            int to = Math.min(text.length, at + 1 + random.nextInt(12));
            text = switch (random.nextInt(5)) {
                case 0 -> replaced(text, at, to, new byte[0]);
                case 1 -> replaced(text, at, at, bytes(one(PIECES)));
                case 2 -> replaced(text, at, at + 1, new byte[] {(byte) random.nextInt(256)});
                case 3 -> replaced(text, at, at, Arrays.copyOfRange(text, at, to));
                default -> replacedValue(new String(text, StandardCharsets.UTF_8));
            };
            if (text.length == 0) {
                return bytes(" ");
            }
        }
        return text;
    }

    /** One value, as far as a simple look tells, for another: mutations that are still JSON. */
    private byte[] replacedValue(String event) {
        String piece = PIECES.get(random.nextInt(VALUES));
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

    /** An address, of printable characters; its escapes stay whole. */
    String path(String path) {
        StringBuilder text = new StringBuilder(path);
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            int at = random.nextInt(text.length());
            if (random.nextBoolean()) {
                text.setCharAt(at, IN_AN_ADDRESS.charAt(random.nextInt(IN_AN_ADDRESS.length())));
            } else {
                text.insert(at, one(ESCAPES));
            }
        }
        return text.toString().replaceAll("%(?![0-9A-Fa-f]{2})", "%25").replace("%25%25", "%25");
    }

    /** A header's value, of characters that HTTP allows there. */
    String header(String value) {
        StringBuilder text = new StringBuilder(value);
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            int at = random.nextInt(text.length());
            char by = IN_A_HEADER.charAt(random.nextInt(IN_A_HEADER.length()));
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, by);
                case 1 -> text.insert(at, by);
                default -> text.insert(at, text.substring(at));
            }
        }
        return text.toString().strip();
    }
}
