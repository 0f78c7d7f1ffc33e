package azukari.api;

import azukari.catalog.Rate;
import azukari.catalog.Violation;
import azukari.dispatch.Channels;
import azukari.limit.ChannelState;
import azukari.platform.Json;
import azukari.platform.MalformedJsonException;
import azukari.platform.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The channels, and their limits. */
@Path("channels")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class ChannelsResource {
    private static final String RATE = "rate";
    private static final String CONCURRENCY = "concurrency";
    private static final int MOST_CONCURRENCY = 100_000;

    @Inject
    private Channels channels;

    @Inject
    private Settings settings;

    /** All channels, sorted by name. */
    @GET
    public String list(@Context UriInfo uri) {
        new Query(uri.getQueryParameters(), Set.of());
        ObjectNode document = Json.object();
        ArrayNode items = document.putArray("items");
        channels.all().forEach(channel -> items.add(document(channel)));
        return Json.write(document);
    }

    @GET
    @Path("{name}")
    public String one(@PathParam("name") String name) {
        return found(name, channels.find(name));
    }

    /** Changes the limits on every node; what is left out or null is not limited any longer. */
    @PUT
    @Path("{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    public String change(@PathParam("name") String name, InputStream body, @Context HttpHeaders headers) {
        JsonNode limits = read(RequestBody.read(body, headers, settings.maxBody()));
        List<Violation> violations = new ArrayList<>();
        limits.propertyNames().stream()
                .filter(member -> !member.equals(RATE) && !member.equals(CONCURRENCY))
                .forEach(member -> violations.add(
                        new Violation("/" + member, "is not a limit of a channel; expected rate or concurrency")));
        Optional<Rate> rate = rate(limits, violations);
        Optional<Integer> concurrency = concurrency(limits, violations);
        if (!violations.isEmpty()) {
            throw new ProblemException(new Problem(
                    422,
                    "invalid-limits",
                    "Invalid limits",
                    "the limits of channel " + name + " can't be changed",
                    violations));
        }
        return found(name, channels.change(name, rate, concurrency));
    }

    /** Lets no call begin through the channel, on every node; calls under way go on. */
    @POST
    @Path("{name}/pause")
    public String pause(@PathParam("name") String name) {
        return found(name, channels.pause(name, true));
    }

    /** Lets calls begin again. */
    @POST
    @Path("{name}/resume")
    public String resume(@PathParam("name") String name) {
        return found(name, channels.pause(name, false));
    }

    private static JsonNode read(byte[] text) {
        try {
            JsonNode limits = Json.parse(text);
            if (limits.isObject()) {
                return limits;
            }
        } catch (MalformedJsonException e) {
            throw ProblemException.malformedJson(e);
        }
        throw ProblemException.badRequest("the body must be an object with rate, concurrency, or both");
    }

    private static Optional<Rate> rate(JsonNode limits, List<Violation> violations) {
        JsonNode rate = limits.path(RATE);
        if (rate.isMissingNode() || rate.isNull()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Rate.parse(rate.isString() ? rate.stringValue() : rate.toString()));
        } catch (IllegalArgumentException e) {
            violations.add(new Violation("/" + RATE, e.getMessage()));
            return Optional.empty();
        }
    }

    private static Optional<Integer> concurrency(JsonNode limits, List<Violation> violations) {
        JsonNode value = limits.path(CONCURRENCY);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isInt() || value.intValue() < 1 || value.intValue() > MOST_CONCURRENCY) {
            violations.add(new Violation("/" + CONCURRENCY, "must be a whole number from 1 to " + MOST_CONCURRENCY));
            return Optional.empty();
        }
        return Optional.of(value.intValue());
    }

    private static String found(String name, Optional<ChannelState> channel) {
        return Json.write(
                document(channel.orElseThrow(() -> ProblemException.notFound("channel " + name + " does not exist"))));
    }

    private static ObjectNode document(ChannelState state) {
        ObjectNode document = Json.object();
        document.put("name", state.channel().name());
        document.put(RATE, state.channel().rate().map(Rate::write).orElse(null));
        document.put(CONCURRENCY, state.channel().concurrency().orElse(null));
        boolean own = state.channel().concurrency().isPresent();
        document.put(
                "concurrencyPerNode", own ? null : state.channel().perNode().orElse(null));
        document.put("paused", state.channel().paused());
        document.putObject("declared")
                .put(RATE, state.channel().declaredRate().map(Rate::write).orElse(null))
                .put(CONCURRENCY, state.channel().declaredConcurrency().orElse(null));
        ObjectNode learned = document.putObject("learned");
        learned.put("intervalMicros", state.learnedInterval());
        learned.put(
                "closedUntil",
                state.closedUntil() == null ? null : state.closedUntil().toString());
        ArrayNode closed = learned.putArray("closedKeys");
        state.closedKeys().forEach(key -> closed.addObject()
                .put("key", key.key())
                .put("until", key.until().toString()));
        document.put("callsPerSecond", state.perSecond() == null ? null : tenths(state.perSecond()));
        document.put("inFlight", state.inFlight());
        document.put("waiting", state.waiting());
        document.put("keys", state.keys());
        return document;
    }

    private static double tenths(double number) {
        return Math.round(number * 10) / 10.0;
    }
}
