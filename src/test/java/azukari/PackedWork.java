package azukari;

import azukari.handler.Handler;
import azukari.handler.Outcome;
import azukari.handler.RunContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import tools.jackson.databind.JsonNode;

/**
 * A bean that the kill test of packs puts into a copy of the WAR. It takes microseconds, or as long as the event says, and writes
 * its beginning and its end into a diary that outlives the process: the record of effects that the oracle goes by.
 */
@Named("packed-work")
@ApplicationScoped
public class PackedWork implements Handler<JsonNode> {
    static final String DIARY = "PACKED_WORK_DIARY";

    private final FileChannel diary;
    private final long process = ProcessHandle.current().pid();

    /** Opens the diary once: a run is to be short. */
    public PackedWork() throws IOException {
        diary = FileChannel.open(Path.of(System.getenv(DIARY)), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Override
    public Outcome handle(JsonNode body, RunContext run) throws InterruptedException, IOException {
        note("begin", run);
        int millis = body.path("millis").asInt();
        if (millis > 0) {
            Thread.sleep(millis);
        }
        note("end", run);
        return Outcome.succeeded();
    }

    private void note(String what, RunContext run) throws IOException {
        String line = String.join(
                " ",
                what,
                run.jobId().toString(),
                Integer.toString(run.run()),
                Integer.toString(run.attempt()),
                Long.toString(process),
                Long.toString(System.nanoTime()));
        diary.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII)));
    }
}
