package azukari.testing;

/** One promise that was not kept, with the job that shows it. */
public record Violation(Rule rule, String job, String detail) {

    /** The rules that the oracle checks. */
    public enum Rule {
        /** A job that a client was promised exists. */
        ACCEPTED_EXISTS,
        /** All answers to one requestId name one job, and only one job has it. */
        ONE_JOB_PER_REQUEST,
        /** Every job ends. */
        ENDED,
        /** A job ends once: one run with a terminal outcome, the last one, and it is the job's state. */
        ONE_OUTCOME,
        /** No run number is used twice, and the ledger knows all that reached the outside. */
        LEDGER,
        /** Each ended job of a chained code emitted one alarm. */
        ONE_ALARM,
        /** The feed reports the outcome of each such job once, and correctly. */
        ONE_NOTIFICATION,
        /** A run that the ledger says never began did not reach the outside: it used up no attempt. */
        NOT_BEGUN,
        /** A repeated run has a higher number than all before it. */
        RISING_RUNS,
        /** No call begins while another of the same job goes on from the same living process. */
        NO_OVERLAP,
        /** A job succeeds only when the outside has done its work. */
        EFFECT_BEFORE_SUCCESS,
        /** The outside is called only for jobs that exist. */
        KNOWN_CALLER
    }

    @Override
    public String toString() {
        return rule + ": job " + job + ": " + detail;
    }
}
