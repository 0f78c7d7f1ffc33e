package azukari.launcher;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The processes needed for an archive: a server that shows which classes are loaded, and a JVM that writes them. */
final class Trainee {
    /** As in the start script; an archive does not fit a heap that is addressed in another way. */
    private static final String HEAP = "-Xmx1g";

    private static final long LONGEST_MINUTES = 10;
    private static final long PAUSE_MILLIS = 200;
    private static final int REQUESTS = 20;
    private static final byte[] EVENT = "{\"code\":\"NOOP\",\"body\":{}}".getBytes(StandardCharsets.UTF_8);

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    private Trainee() {}

    /** Ends all running processes. */
    static void endAll() {
        RUNNING.forEach(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
    }

    private static Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        RUNNING.add(process);
        return process;
    }

    /** Starts a server in the folder, has it do what every server does, and stops it. */
    static void run(Path folder, List<String> arguments) throws StartException, IOException, InterruptedException {
        int port = freePort();
        Path log = folder.resolve("server.log");
        ProcessBuilder builder = java(log, arguments);
        builder.environment().put("AZUKARI_HTTP_PORT", Integer.toString(port));
        builder.environment().put("AZUKARI_DATA_DIR", folder.resolve("data").toString());
        Process server = start(builder);
        try {
            awaitReady(server, log);
            String api = "http://127.0.0.1:" + port + "/api/";
            for (int i = 0; i < REQUESTS; i++) {
                request(api + "events", EVENT);
                request(api + "jobs", null);
            }
            server.destroy();
            await(server, log);
        } finally {
            server.destroyForcibly();
        }
    }

    /** Runs a JVM that ends by itself. */
    static void writer(Path folder, List<String> arguments) throws StartException, IOException, InterruptedException {
        Path log = folder.resolve("writer.log");
        Process writer = start(java(log, arguments));
        try {
            await(writer, log);
        } finally {
            writer.destroyForcibly();
        }
    }

    private static ProcessBuilder java(Path log, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(HEAP);
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith(SettingNames.PREFIX));
        return builder;
    }

    private static void awaitReady(Process server, Path log) throws StartException, IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(LONGEST_MINUTES);
        while (!Files.readString(log).contains("Azukari is ready")) {
            if (server.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS) || System.nanoTime() > end) {
                throw new StartException("the server that loads the classes did not start: " + lastLine(log));
            }
        }
    }

    private static void await(Process process, Path log) throws StartException, IOException, InterruptedException {
        if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new StartException("the archive could not be written: " + lastLine(log));
        }
    }

    private static void request(String address, byte[] body) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(address).toURL().openConnection();
        if (body != null) {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.getOutputStream().write(body);
        }
        int unused = connection.getResponseCode();
        connection.disconnect();
    }

    private static String lastLine(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return lines.isEmpty() ? "there is no output" : lines.get(lines.size() - 1);
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
