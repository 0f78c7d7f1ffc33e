package azukari.api;

import azukari.notify.Notification;
import azukari.platform.Json;
import tools.jackson.databind.node.ObjectNode;

/** Renders a notification as a JSON document. */
final class NotificationDocument {
    private NotificationDocument() {}

    static ObjectNode of(Notification notification) {
        ObjectNode document = Json.object();
        document.put("id", notification.id().toString());
        document.put("job", notification.job().toString());
        document.put("code", notification.code());
        document.put("requestId", notification.requestId());
        document.put("outcome", notification.outcome());
        document.put("submitter", notification.submitter());
        document.put("createdAt", notification.createdAt().toString());
        document.set("result", notification.result() == null ? null : Json.read(notification.result()));
        document.set("error", notification.error() == null ? null : Json.read(notification.error()));
        document.put("alarm", notification.teller().toString());
        return document;
    }
}
