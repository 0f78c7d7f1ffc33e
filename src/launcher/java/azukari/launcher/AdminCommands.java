package azukari.launcher;

import fish.payara.micro.ClusterCommandResult;
import fish.payara.micro.boot.AdminCommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A file of asadmin commands, one per line, run within the server that is starting.
 *
 * <p>Payara's own option is not used: it logs a failed command and continues, and it splits a value at every space and
 * colon in it. Here a word in braces, {@code {home}}, is replaced after the line has been split; what Payara itself
 * replaces, {@code ${azukari.db.url}}, stays as it is and is read when it is used, so that no password is in the
 * server's files.
 */
final class AdminCommands {
    private final Path file;
    private final Map<String, String> words;
    private String failure;
    private AdminCommandRunner server;

    AdminCommands(Path file, Map<String, String> words) {
        this.file = file;
        this.words = Map.copyOf(words);
    }

    /**
     * Runs the commands when the server calls back; the first failure is remembered, and the remaining commands are
     * skipped.
     */
    Consumer<AdminCommandRunner> handler() {
        return this::run;
    }

    /**
     * Reports a failure.
     *
     * @throws StartException naming the command that failed
     */
    void check() throws StartException {
        if (failure != null) {
            throw new StartException(failure);
        }
    }

    /**
     * Runs one more command, in the server that called back earlier.
     *
     * @throws StartException naming the command if it failed
     */
    void runNow(String command) throws StartException {
        if (!execute(server, command)) {
            check();
        }
    }

    private void run(AdminCommandRunner runner) {
        server = runner;
        try {
            for (String line : Files.readAllLines(file)) {
                String command = line.strip();
                if (!command.isEmpty() && !command.startsWith("#") && !execute(runner, command)) {
                    return;
                }
            }
        } catch (IOException e) {
            failure = "the server's configuration " + file + " cannot be read (" + e + ")";
        }
    }

    private boolean execute(AdminCommandRunner runner, String command) {
        String[] parts = Arrays.stream(command.split("\\s+")).map(this::replace).toArray(String[]::new);
        ClusterCommandResult result = runner.run(parts[0], Arrays.copyOfRange(parts, 1, parts.length));
        if (result.getExitStatus() == ClusterCommandResult.ExitStatus.FAILURE) {
            failure = "the server refused '" + command + "' in " + file + ": "
                    + (result.getFailureCause() == null
                            ? result.getOutput()
                            : Causes.innermost(result.getFailureCause()));
            return false;
        }
        return true;
    }

    private String replace(String part) {
        String replaced = part;
        for (Map.Entry<String, String> word : words.entrySet()) {
            replaced = replaced.replace("{" + word.getKey() + "}", word.getValue());
        }
        return replaced;
    }
}
