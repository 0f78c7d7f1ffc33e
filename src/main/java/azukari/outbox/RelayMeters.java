package azukari.outbox;

import azukari.platform.Telemetry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;

/** Counts and times what goes to the broker. */
final class RelayMeters {
    /** Messages in one JMS transaction. */
    static final DistributionSummary BATCH = Telemetry.sizes(
                    "azukari.relay.batch.messages",
                    "Messages that the relay sent in one JMS transaction",
                    1,
                    2,
                    5,
                    10,
                    20,
                    50,
                    100,
                    200,
                    512)
            .register(Telemetry.registry());

    /** Jobs in all of these messages; divided by the number of messages, the average size of a pack. */
    static final Counter JOBS = Counter.builder("azukari.relay.jobs")
            .description("Jobs that the relay sent; divided by azukari_relay_batch_messages_sum, jobs per message")
            .register(Telemetry.registry());

    /** For each message, from its commit to the broker's confirmation. */
    static final Timer LAG = Telemetry.timer(
                    "azukari.relay.lag",
                    "From a message's commit to the broker's confirmation",
                    1,
                    2,
                    5,
                    10,
                    25,
                    50,
                    100,
                    250,
                    500,
                    1_000,
                    5_000,
                    30_000)
            .register(Telemetry.registry());

    /** Rows that had not been relayed. */
    static final Counter SWEPT = Counter.builder("azukari.sweeper.found")
            .description("Outbox rows that had not been relayed, found and processed by this node's sweeper")
            .register(Telemetry.registry());

    private RelayMeters() {}
}
