package azukari.catalog;

/**
 * One violation of an event type's schema by a body.
 *
 * @param pointer the location in the body, a JSON Pointer (RFC 6901); empty for the body itself. A missing member is reported
 *     at the object that lacks it, a forbidden member at the member itself
 * @param detail what is wrong there, in English
 */
public record Violation(String pointer, String detail) {}
