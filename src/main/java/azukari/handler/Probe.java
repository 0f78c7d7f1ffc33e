package azukari.handler;

/** The answer to the question whether a cut-off run had its effect. */
public sealed interface Probe {

    /** The effect happened; the job ends with this outcome. */
    record Happened(Outcome.Succeeded outcome) implements Probe {}

    /** The effect did not happen; the handler may run. */
    record NotHappened() implements Probe {}

    /** It can't be told; the job becomes UNCERTAIN. */
    record Unknown() implements Probe {}

    static Probe happened(Outcome.Succeeded outcome) {
        return new Happened(outcome);
    }

    static Probe notHappened() {
        return new NotHappened();
    }

    static Probe unknown() {
        return new Unknown();
    }
}
