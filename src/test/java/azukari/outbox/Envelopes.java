package azukari.outbox;

import azukari.job.Event;
import azukari.job.JobTable.Payload;
import azukari.job.NewJob;
import azukari.job.Ticket;
import azukari.platform.Ids;
import java.time.Duration;
import java.time.Instant;

/** Builds messages in tests; what a test does not name does not matter to it. */
final class Envelopes {
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private String code = "NOOP";
    private String lane = "default";
    private int priority = 4;
    private String body = "{}";
    private String extensions;
    private boolean doubtful;
    private boolean suspect;
    private boolean cancelling;
    private boolean limited;

    private Envelopes() {}

    static Envelopes aMessage() {
        return new Envelopes();
    }

    /** A new job's first message. */
    static Envelope of(NewJob job) {
        return Envelope.of(
                job.event(),
                job.ticket(),
                new Payload(job.order().body(), job.order().extensions()));
    }

    Envelopes code(String value) {
        code = value;
        return this;
    }

    Envelopes lane(String value) {
        lane = value;
        return this;
    }

    Envelopes priority(int value) {
        priority = value;
        return this;
    }

    /** A JSON text. */
    Envelopes body(String value) {
        body = value;
        return this;
    }

    /** A JSON text. */
    Envelopes extensions(String value) {
        extensions = value;
        return this;
    }

    Envelopes limited() {
        limited = true;
        return this;
    }

    Envelopes doubtful() {
        doubtful = true;
        return this;
    }

    Envelopes suspect() {
        suspect = true;
        return this;
    }

    Envelopes cancelling() {
        cancelling = true;
        return this;
    }

    Envelope build() {
        var id = Ids.next();
        Event event = Event.builder()
                .job(id)
                .code(code)
                .lane(lane)
                .priority(priority)
                .maxAttempts(3)
                .submitter("tester")
                .root(id)
                .createdAt(NOW)
                .limited(limited)
                .build();
        Ticket ticket = new Ticket(5, 2, 1, 0, doubtful, suspect, cancelling, NOW.plus(Duration.ofDays(7)));
        return Envelope.of(event, ticket, new Payload(body, extensions));
    }
}
