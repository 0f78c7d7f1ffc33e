package azukari.launcher;

import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * Drops what Payara itself prints to standard output, bypassing its log: one line about its connection pools at each
 * stop. Everything else that is printed passes.
 */
final class KnownNoise extends PrintStream {
    private static final String PAYARAS_POOLS = "JdbcRuntimeExtension,";

    private KnownNoise(PrintStream out) {
        super(out, true, Charset.defaultCharset());
    }

    /** Drops that line from now on. */
    static void drop() {
        System.setOut(new KnownNoise(System.out));
    }

    @Override
    public void println(String line) {
        if (line == null || !line.startsWith(PAYARAS_POOLS)) {
            super.println(line);
        }
    }
}
