package azukari.catalog;

/**
 * One reason why the catalogue was refused.
 *
 * @param file the file as the deployer can find it; {@code bundled NOOP.yaml} for a bundled one
 * @param pointer where in the document, as JSON Pointer (RFC 6901); empty: the whole document
 * @param reason what is wrong there, and what would be right
 */
public record Problem(String file, String pointer, String reason) {

    /** One line: file, path and reason. */
    @Override
    public String toString() {
        return pointer.isEmpty() ? file + ": " + reason : file + ": " + pointer + ": " + reason;
    }
}
