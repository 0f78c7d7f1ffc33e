package azukari.catalog;

/** Takes the problems of one document. */
@FunctionalInterface
interface Report {
    /**
     * Takes one problem.
     *
     * @param pointer where in the document, as JSON Pointer
     * @param reason what is wrong there
     */
    void refuse(String pointer, String reason);
}
