package azukari.outbox;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.job.JobTable;
import azukari.job.NewJob;
import azukari.outbox.Outbox.Pending;
import azukari.platform.SystemClock;
import azukari.platform.Threads;
import azukari.testing.Store;
import jakarta.jms.ConnectionFactory;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A message that can't be made or sent, whatever the broker does, does not stop the others. */
@ParameterizedClass
@EnumSource(Store.class)
class BadMessageTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Instant now = SystemClock.utc().instant();
    private final Clock later = Clock.fixed(now.plusSeconds(60), ZoneOffset.UTC);
    private final Threads threads = new Threads(Executors.defaultThreadFactory());
    private final Round round = new Round();
    /** The jobs whose messages can't be made. */
    private final Set<UUID> bad = ConcurrentHashMap.newKeySet();
    /** What was sent. */
    private final List<String> sent = Collections.synchronizedList(new ArrayList<>());

    @Parameter
    private Store store;

    private Store.Opened opened;
    private Sweeper sweeper;
    private Relay relay;

    @BeforeEach
    void open() {
        opened = store.open();
        round.seen(0);
        Packing packing = new Packing(new RunTimes(), lane -> Long.MAX_VALUE);
        sweeper = new Sweeper(opened.database(), threads, later, round, broker(), packing);
        relay = new Relay(opened.database(), threads, round, broker(), packing);
    }

    @AfterEach
    void close() {
        relay.stop();
        sweeper.stop();
        opened.close();
    }

    @Test
    void a_row_that_cannot_be_sent_does_not_stop_the_sweep_of_the_others() {
        Pending first = accepted();
        Pending broken = accepted();
        Pending last = accepted();
        bad.add(broken.envelope().job());

        sweeper.start();

        await().atMost(SOON).until(() -> left().equals(List.of(broken.entry())));
        assertThat(sent).anyMatch(text -> text.contains(first.envelope().job().toString()));
        assertThat(sent).anyMatch(text -> text.contains(last.envelope().job().toString()));
    }

    @Test
    void a_message_that_cannot_be_sent_is_left_to_the_sweeper_with_its_batch_and_the_relay_goes_on() {
        Pending broken = accepted();
        Pending withIt = accepted();
        bad.add(broken.envelope().job());
        relay.start();

        relay.offer(List.of(broken, withIt));
        await().atMost(SOON).until(() -> {
            Pending next = accepted();
            relay.offer(List.of(next));
            return !left().contains(next.entry());
        });

        assertThat(left()).contains(broken.entry(), withIt.entry());
    }

    private Pending accepted() {
        NewJob job = new NewJob(anOrder().build(), now);
        return opened.database().inTransaction(tx -> {
            JobTable.insertIfAbsent(tx, List.of(job));
            return Outbox.addAll(tx, List.of(Envelopes.of(job)), now).get(0);
        });
    }

    private List<UUID> left() {
        return opened.database()
                .inTransaction(tx -> tx.query("SELECT id FROM outbox", row -> row.getObject(1, UUID.class)));
    }

    private ConnectionFactory broker() {
        return stub(ConnectionFactory.class);
    }

    /** Answers every call with another stub; notes every text, and fails for that of a bad job. */
    private <T> T stub(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                BadMessageTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals("createTextMessage")) {
                        String text = (String) arguments[0];
                        if (bad.stream().anyMatch(job -> text.contains(job.toString()))) {
                            throw new IllegalArgumentException("by the test");
                        }
                        sent.add(text);
                    }
                    return method.getReturnType().isInterface() ? stub(method.getReturnType()) : null;
                }));
    }
}
