package azukari.bench.server;

import azukari.platform.Json;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import tools.jackson.databind.node.ArrayNode;

/** When calls began, by {@link System#nanoTime}, which all processes of a machine share on Linux. */
@Path("bench/calls")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class CallTimes {
    private long[] nanos = new long[1 << 12];
    private int count;

    synchronized void began() {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = System.nanoTime();
    }

    /** How many have begun since they were taken. */
    @GET
    public synchronized String count() {
        return Json.write(Json.object().put("begun", count));
    }

    /** All of them, which are then forgotten. */
    @DELETE
    public synchronized String take() {
        ArrayNode taken = Json.mapper().createArrayNode();
        for (int i = 0; i < count; i++) {
            taken.add(nanos[i]);
        }
        count = 0;
        return Json.write(taken);
    }
}
