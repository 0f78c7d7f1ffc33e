package azukari.catalog;

/**
 * One problem that makes the catalogue invalid.
 *
 * @param file the file as a deployer can find it; {@code bundled NOOP.yaml} for a bundled one
 * @param pointer the location in the document, a JSON Pointer (RFC 6901); empty for the whole document
 * @param reason what is wrong there and how to fix it
 */
public record Problem(String file, String pointer, String reason) {

    /** One line: file, location and reason. */
    @Override
    public String toString() {
        return pointer.isEmpty() ? file + ": " + reason : file + ": " + pointer + ": " + reason;
    }
}
