package azukari;

import azukari.handler.Handler;
import azukari.handler.Outcome;
import azukari.handler.RunContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** Beans that the poison test puts into a copy of the WAR. */
public final class PoisonHandlers {
    /** The environment variable that names the file which the killer writes just before it ends the process. */
    static final String KILLED = "POISON_KILLED";

    private static final Path MARK = Path.of(System.getenv(KILLED));

    private PoisonHandlers() {}

    /** Ends the process, a moment after it was called. */
    @Named("killer")
    @ApplicationScoped
    public static class Killer implements Handler<JsonNode> {
        @Override
        public Outcome handle(JsonNode body, RunContext run) throws IOException, InterruptedException {
            Thread.sleep(1_000);
            Files.writeString(MARK, "");
            Runtime.getRuntime().halt(137);
            return Outcome.succeeded();
        }
    }

    /** Is at work when the process ends for the first time; from then on takes its time, and succeeds. */
    @Named("innocent")
    @ApplicationScoped
    public static class Innocent implements Handler<JsonNode> {
        @Override
        public Outcome handle(JsonNode body, RunContext run) throws InterruptedException {
            while (!Files.exists(MARK)) {
                Thread.sleep(100);
            }
            Thread.sleep(3_000);
            return Outcome.succeeded();
        }
    }
}
