/**
 * The way in: an event, posted or emitted, becomes a job and its outbox row in one transaction.
 *
 * <p>Belongs here: validation against the event type, idempotency by {@code requestId}, the insertion. Does not belong
 * here: HTTP ({@code api}), deciding what a finished job emits ({@code dispatch}).
 */
package azukari.intake;
