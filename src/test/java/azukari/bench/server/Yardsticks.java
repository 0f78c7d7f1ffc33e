package azukari.bench.server;

import azukari.platform.Json;
import azukari.platform.MalformedJsonException;
import azukari.platform.Telemetry;
import io.micrometer.core.instrument.Counter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** What the product is measured against, in the same server: each takes the same request as {@code POST /events}. */
@Path("bench")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class Yardsticks {
    static final String QUEUE = NaiveLane.QUEUE;

    @Inject
    private PlainRows rows;

    @Inject
    private ConnectionFactory broker;

    /** The roof: parses, stores nothing. */
    @POST
    @Path("roof")
    public Response roof(InputStream body) throws IOException, MalformedJsonException {
        return accepted(parse(body).path("requestId").asString(""));
    }

    /** The two rows of an accepted job, in a transaction of this request's own. */
    @POST
    @Path("jdbc")
    public Response jdbc(InputStream body) throws IOException, MalformedJsonException, SQLException {
        return accepted(rows.insertJobAndOutbox(parse(body)).toString());
    }

    /** The whole path as it is written first: insert, commit, send; {@link NaiveLane} does the rest. */
    @POST
    @Path("naive")
    public Response naive(InputStream body) throws IOException, MalformedJsonException, SQLException {
        JsonNode event = parse(body);
        UUID job = rows.insertJob(event);
        try (JMSContext context = broker.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
            context.createProducer()
                    .send(
                            context.createQueue(QUEUE),
                            Json.write(Json.object().put("id", job.toString()).set("event", event)));
        }
        return accepted(job.toString());
    }

    /** How many jobs were accepted by, put on the wire by, and ended on this server since it started. */
    @GET
    @Path("jobs")
    @Consumes(MediaType.WILDCARD)
    public String jobs() {
        return Json.write(Json.object()
                .put("accepted", count("azukari.events.accepted"))
                .put("sent", count("azukari.relay.jobs") + count("azukari.sweeper.found"))
                .put("ended", count("azukari.jobs.ended")));
    }

    private static long count(String meter) {
        return Math.round(Telemetry.registry().find(meter).counters().stream()
                .mapToDouble(Counter::count)
                .sum());
    }

    /** Deletes all rows that the yardsticks have made. */
    @DELETE
    @Consumes(MediaType.WILDCARD)
    public Response clean() throws SQLException {
        rows.clean();
        return Response.noContent().build();
    }

    private static JsonNode parse(InputStream body) throws IOException, MalformedJsonException {
        return Json.parse(body.readAllBytes());
    }

    private static Response accepted(String id) {
        return Response.accepted(Json.write(Json.object().put("id", id))).build();
    }
}
