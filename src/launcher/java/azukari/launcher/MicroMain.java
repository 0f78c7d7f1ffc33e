package azukari.launcher;

import java.io.File;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The same broker and the same server as {@link Main}, started the way that test frameworks start Payara Micro: {@code
 * --deploy} names the WAR, and settings are system properties ({@code -Dazukari.http.port=8080}). The frameworks' other
 * options have no meaning here.
 */
public final class MicroMain {
    private static final String DEPLOY = "--deploy";
    private static final String PREFIX = "azukari.";

    /** What Arquillian reads: where the server listens, and the path of its servlet that runs the tests. */
    private static final String DEPLOYED = """
            {
                "Instance Configuration": {
                    "Host": "127.0.0.1",
                    "HTTP Port(s)": "%d",
                    "HTTPS Port(s)": "",
                    "Instance Name": "azukari",
                    "Instance Group": "azukari",
                    "Deployed": [
                        {
                            "Name": "azukari",
                            "Type": "war",
                            "Context Root": "/",
                            "Mappings": {"/ArquillianServletRunnerEE9": "ArquillianServletRunnerEE9"}
                        }
                    ]
                }
            }
            """;

    private MicroMain() {}

    /** Starts everything and leaves it running until the process is stopped. */
    public static void main(String... args) {
        // Whatever the machine's language: libraries change the case of names by it, and format numbers in the log.
        Locale.setDefault(Locale.ROOT);
        try {
            Settings settings = Settings.read(environment());
            Installation installation = Installation.find();
            DataFolder data = DataFolder.lock(settings.dataDir());
            ServerProperties.set(settings);
            Logging.configure(installation.file("logging.properties"), settings.debug());
            Node node = new Node(settings, installation);
            Signals unused = Signals.onStop(node::stop);
            node.start(data, war(args));
            Logging.running();
            System.out.println(DEPLOYED.formatted(settings.port()));
            System.out.flush();
        } catch (StartException e) {
            Logging.lastWord(e);
            Runtime.getRuntime().halt(1);
        }
    }

    private static File war(String... args) throws StartException {
        int deploy = List.of(args).indexOf(DEPLOY);
        if (deploy < 0 || deploy + 1 == args.length) {
            throw new StartException("the option " + DEPLOY + " <war> is missing");
        }
        return new File(args[deploy + 1]);
    }

    private static Map<String, String> environment() {
        Map<String, String> settings = new HashMap<>(System.getenv());
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(PREFIX))
                .forEach(name ->
                        settings.put(name.toUpperCase(Locale.ROOT).replace('.', '_'), System.getProperty(name)));
        return settings;
    }
}
