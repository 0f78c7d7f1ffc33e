package azukari.catalog;

/**
 * One way in which a body does not fit its event type's schema.
 *
 * @param pointer where in the body, as JSON Pointer (RFC 6901); empty: the body itself. A missing member is reported at the
 *     object that lacks it, a member that must not be there at itself
 * @param detail what is wrong there, in English
 */
public record Violation(String pointer, String detail) {}
