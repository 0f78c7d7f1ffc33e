package azukari.testing;

/** A client's proof: this request was answered with 202, naming this job. */
public record Accepted(String job, String requestId, String code) {}
