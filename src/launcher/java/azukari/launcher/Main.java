package azukari.launcher;

import java.util.Locale;

/** Starts the server in the foreground: {@code java -jar azukari.jar}. It takes its settings from the environment. */
public final class Main {
    private static final int FAILED = 1;

    private Main() {}

    /** Starts everything, reports when it is ready, and leaves the server running until a signal stops it. */
    public static void main(String... args) {
        // Whatever the machine's language: libraries change the case of names by it, and format numbers in the log.
        Locale.setDefault(Locale.ROOT);
        try {
            if (args.length > 0) {
                throw new StartException("unexpected argument '" + args[0]
                        + "': there are no arguments, the settings are environment variables AZUKARI_…");
            }
            start();
        } catch (StartException e) {
            end(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end(new StartException("the start was interrupted", e));
        } catch (RuntimeException | Error e) {
            end(new StartException(Causes.innermost(e), e));
        }
    }

    private static void start() throws StartException, InterruptedException {
        Settings settings = Settings.read(System.getenv());
        Installation installation = Installation.find();
        DataFolder data = DataFolder.lock(settings.dataDir());
        Ports.checkFree(settings.host(), settings.port(), "AZUKARI_HTTP_PORT");
        if (settings.broker().port().isPresent()) {
            Ports.checkFree("127.0.0.1", settings.broker().port().getAsInt(), "AZUKARI_BROKER_PORT");
        }
        Logging.configure(installation.file("logging.properties"), settings.debug());
        ServerProperties.set(settings);
        Node node = new Node(settings, installation);
        LaterArchive archive = new LaterArchive();
        Signals signals = Signals.onStop(() -> {
            archive.cancel();
            node.stop();
        });
        try {
            node.start(data);
            Logging.running();
            new Readiness(settings.api()).await();
        } catch (StartException e) {
            if (signals.received()) {
                Thread.currentThread().join();
            }
            node.stop();
            throw e;
        }
        reportReady(settings.api());
        archive.begin(installation);
        Thread.currentThread().join();
    }

    private static void reportReady(String api) {
        System.out.println("Azukari is ready: " + api);
        System.out.println("Try: curl -i -H 'Content-Type: application/json'"
                + " -d '{\"code\":\"START_EC2\",\"body\":{\"instanceId\":\"i-1\",\"seconds\":5}}' " + api + "/events");
        System.out.flush();
    }

    /**
     * Ends at once, without the shutdown hooks: whatever was started has already been stopped, and the reason remains
     * the last line.
     */
    private static void end(StartException failure) {
        Logging.lastWord(failure);
        Runtime.getRuntime().halt(FAILED);
    }
}
