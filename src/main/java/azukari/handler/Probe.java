package azukari.handler;

/** Whether an interrupted run had its effect. */
public sealed interface Probe {

    /** The effect happened; the job ends with this outcome. */
    record Happened(Outcome.Succeeded outcome) implements Probe {}

    /** The effect did not happen; the handler may run. */
    record NotHappened() implements Probe {}

    /** It is impossible to say; the job becomes UNCERTAIN. */
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
