package azukari.api;

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

    /** A request that can't be read: 400. */
    static ProblemException badRequest(String detail) {
        return new ProblemException(Problem.of(400, "bad-request", "The request can't be read", detail));
    }

    /** What the job's state does not allow: 409. */
    static ProblemException conflict(String detail) {
        return new ProblemException(Problem.of(409, "conflict", "The job's state does not allow that", detail));
    }

    /** A thing that is not there: 404. */
    static ProblemException notFound(String detail) {
        return new ProblemException(Problem.of(404, "not-found", "There is no such thing", detail));
    }
}
