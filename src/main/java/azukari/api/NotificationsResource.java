package azukari.api;

import azukari.database.Database;
import azukari.notify.Notification;
import azukari.notify.Notifications;
import azukari.platform.Json;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The notifications for submitters, in commit order. */
@Path("notifications")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class NotificationsResource {
    @Inject
    private Database database;

    /** The next page of the feed; {@code next} is the cursor to continue from, even if the page is empty. */
    @GET
    public String page(@Context UriInfo uri) {
        Query query = new Query(uri.getQueryParameters(), Set.of("submitter", "after", "limit"));
        String submitter = query.text("submitter");
        long after = Cursor.place(query.text("after"));
        int limit = query.limit();
        List<Notification> page = database.read(em -> Notifications.page(em, submitter, after, limit));
        ObjectNode document = Json.object();
        ArrayNode items = document.putArray("items");
        page.forEach(notification -> items.add(NotificationDocument.of(notification)));
        document.put(
                "next",
                Cursor.of(page.isEmpty() ? after : page.get(page.size() - 1).place()));
        return Json.write(document);
    }
}
