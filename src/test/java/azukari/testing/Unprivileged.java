package azukari.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How to run a program that refuses to run as root, when the tests run as root (in a container, say): in a user namespace of its own, where
 * root is nobody in particular; where the system forbids that, as the user {@code nobody}, to whom the program's folder is given.
 */
enum Unprivileged {
    /** The tests do not run as root. */
    ALREADY(""),
    /** The files stay root's: outside of the namespace the process is still root, without its powers. */
    NAMESPACE("unshare --user"),
    NOBODY("setpriv --reuid=65534 --regid=65534 --clear-groups");

    private final String prefix;

    Unprivileged(String prefix) {
        this.prefix = prefix;
    }

    static Unprivileged here() {
        if (!System.getProperty("user.name").equals("root")) {
            return ALREADY;
        }
        for (Unprivileged way : List.of(NAMESPACE, NOBODY)) {
            if (way.works()) {
                return way;
            }
        }
        throw new IllegalStateException(
                "PostgreSQL refuses to run as root, and neither 'unshare --user' nor 'setpriv' works: run the tests as another user");
    }

    boolean works() {
        return succeeds(command(List.of("true")));
    }

    List<String> command(List<String> command) {
        List<String> all = prefix.isEmpty() ? new ArrayList<>() : new ArrayList<>(Arrays.asList(prefix.split(" ", -1)));
        all.addAll(command);
        return all;
    }

    /** Gives the folder and what is in it to the user that the program will run as. */
    void own(Path folder) {
        if (this == NOBODY && !succeeds(List.of("chown", "-R", "65534:65534", folder.toString()))) {
            throw new IllegalStateException("could not give " + folder + " to nobody");
        }
    }

    private static boolean succeeds(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException notInstalled) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + command, e);
        }
    }
}
