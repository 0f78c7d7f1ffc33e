package azukari.bench.server;

import azukari.platform.Json;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import tools.jackson.databind.node.ArrayNode;

/** The times between a job's commit and its handler's first line, in nanoseconds; asked for once, then forgotten. */
@Path("bench/pickups")
@ApplicationScoped
public class Pickups {
    private final Map<UUID, Long> commits = new ConcurrentHashMap<>();
    private final Queue<Long> pickups = new ConcurrentLinkedQueue<>();

    void committed(UUID job) {
        commits.put(job, System.nanoTime());
    }

    void began(UUID job) {
        long now = System.nanoTime();
        Long committed = commits.remove(job);
        if (committed != null) {
            pickups.add(now - committed);
        }
    }

    @DELETE
    @Produces(MediaType.APPLICATION_JSON)
    public String take() {
        ArrayNode nanos = Json.mapper().createArrayNode();
        for (Long next = pickups.poll(); next != null; next = pickups.poll()) {
            nanos.add(next);
        }
        return Json.write(nanos);
    }
}
