package azukari.catalog;

/** Receives the problems of one document. */
@FunctionalInterface
interface Report {
    /**
     * Adds one problem.
     *
     * @param pointer the location in the document, a JSON Pointer
     * @param reason what is wrong there
     */
    void refuse(String pointer, String reason);
}
