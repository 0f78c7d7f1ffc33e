package azukari.handler;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** Handlers as a team would write them; the body determines what they do. */
final class TestHandlers {
    /** The runs started by any of the handlers. */
    static final Queue<Begun> BEGUN = new ConcurrentLinkedQueue<>();

    private TestHandlers() {}

    /** The body. */
    record Order(String what, Integer times) {}

    /** A result that Jackson writes. */
    record Receipt(String number, List<Integer> parts, Instant at) {}

    /** One that it can't write. */
    record Unwritable(String value) {
        @Override
        public String value() {
            throw new IllegalStateException("not to be read");
        }
    }

    /** A run. */
    record Begun(String job, String what, int run, int attempt, boolean probe) {}

    private static void note(Order order, RunContext run, boolean probe) {
        BEGUN.add(new Begun(run.jobId().toString(), order.what(), run.run(), run.attempt(), probe));
    }

    @Named("emittingHandler")
    @ApplicationScoped
    static class Emitting implements Handler<Order> {
        @Override
        public Outcome handle(Order order, RunContext run) {
            note(order, run, false);
            Outcome.Succeeded outcome = Outcome.succeeded();
            switch (order.what()) {
                case "undeclared" -> outcome = outcome.emit("NOOP", Map.of());
                case "unknown" -> outcome = outcome.emit("NOWHERE", Map.of());
                case "unreadable" ->
                    outcome = outcome.emit("FOLLOW_UP", Map.of("ordinal", new BigInteger("9".repeat(1001))));
                case "invalid" ->
                    outcome =
                            outcome.emit("FOLLOW_UP", Map.of("ordinal", 0)).emit("FOLLOW_UP", Map.of("ordinal", "one"));
                default -> {
                    for (int i = 0; i < order.times(); i++) {
                        outcome = outcome.emit("FOLLOW_UP", Map.of("ordinal", i));
                    }
                }
            }
            return outcome;
        }
    }

    @Named("doingHandler")
    @ApplicationScoped
    static class Doing implements Handler<Order> {
        @Override
        public Outcome handle(Order order, RunContext run) throws Exception {
            note(order, run, false);
            return switch (order.what()) {
                case "result" ->
                    Outcome.succeeded(new Receipt("r-1", List.of(1, 2), Instant.parse("2030-01-01T00:00:00Z")));
                case "unwritable" -> Outcome.succeeded(new Unwritable("x"));
                case "progress" -> {
                    run.progress(40, "well on its way\u0000");
                    Thread.sleep(1_000);
                    yield Outcome.succeeded();
                }
                case "permanent" -> throw new PermanentFailureException("never");
                case "runtime" -> throw new IllegalStateException("not this time");
                case "checked" -> {
                    if (run.attempt() < 3) {
                        throw new Exception("attempt " + run.attempt() + " fails");
                    }
                    yield Outcome.succeeded();
                }
                case "null" -> null;
                case "error" -> throw new AssertionError("an Error, too");
                case "snooze" ->
                    run.run() == 1 ? Outcome.snooze(Instant.now().plusMillis(300), "in a moment") : Outcome.succeeded();
                case "failed" -> Outcome.failed("it can't be done");
                case "hangs" -> {
                    untilInterrupted();
                    yield Outcome.succeeded();
                }
                default -> Outcome.succeeded();
            };
        }
    }

    /** Work that never ends by itself. */
    private static void untilInterrupted() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    @Named("probedHandler")
    @ApplicationScoped
    static class Probed implements Handler<Order> {
        @Override
        public Outcome handle(Order order, RunContext run) throws InterruptedException {
            note(order, run, false);
            if (run.run() == 1) {
                untilInterrupted();
            }
            return Outcome.succeeded("handled");
        }

        @Override
        public Probe probe(Order order, RunContext run) {
            note(order, run, true);
            return switch (order.what()) {
                case "happened" -> Probe.happened(Outcome.succeeded("probed"));
                case "not" -> Probe.notHappened();
                default -> Probe.unknown();
            };
        }
    }
}
