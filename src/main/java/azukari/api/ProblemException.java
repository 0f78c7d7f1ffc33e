package azukari.api;

import azukari.platform.MalformedJsonException;

/** Ends a request with a problem document. */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    ProblemException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }

    /** A body that is not JSON: 400. */
    static ProblemException malformedJson(MalformedJsonException e) {
        return new ProblemException(Problem.of(400, "malformed-json", "Malformed JSON", e.getMessage()));
    }

    /** A malformed request: 400. */
    static ProblemException badRequest(String detail) {
        return new ProblemException(Problem.of(400, "bad-request", "Bad request", detail));
    }

    /** An operation that the job's state does not allow: 409. */
    static ProblemException conflict(String detail) {
        return new ProblemException(Problem.of(409, "conflict", "Conflict with the job's state", detail));
    }

    /** A resource that does not exist: 404. */
    static ProblemException notFound(String detail) {
        return new ProblemException(Problem.of(404, "not-found", "Not found", detail));
    }
}
