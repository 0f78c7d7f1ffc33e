package azukari.handler.bundled;

import azukari.handler.Handler;
import azukari.handler.Outcome;
import azukari.handler.RunContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Simulates the start of a virtual machine: takes a while, reports progress, and fails on request. */
@Named("startEc2")
@ApplicationScoped
class StartEc2Handler implements Handler<StartEc2Handler.StartEc2> {
    private static final int STEPS = 20;
    private static final int DEFAULT_SECONDS = 30;

    /**
     * @param instanceId the machine to start
     * @param seconds how long it takes; null means 30
     * @param fail whether to fail permanently; null means no
     */
    record StartEc2(String instanceId, Integer seconds, Boolean fail) {}

    @Override
    public Outcome handle(StartEc2 order, RunContext run) throws InterruptedException {
        int seconds = order.seconds() == null ? DEFAULT_SECONDS : order.seconds();
        boot(seconds, run);
        if (Boolean.TRUE.equals(order.fail())) {
            return Outcome.failed("instance " + order.instanceId() + " did not start");
        }
        return Outcome.succeeded(Map.of("instanceId", order.instanceId(), "state", "running"));
    }

    /** Simulates the boot: nobody releases the latch, so each wait ends by timeout or by interruption. */
    private static void boot(int seconds, RunContext run) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long millisPerStep = TimeUnit.SECONDS.toMillis(seconds) / STEPS;
        for (int step = 1; step <= STEPS && millisPerStep > 0; step++) {
            never.await(millisPerStep, TimeUnit.MILLISECONDS);
            int percent = step * 100 / STEPS;
            run.progress(percent, percent < 100 ? "booting" : "running");
        }
    }
}
