package azukari.recovery;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import azukari.broker.Marks;
import azukari.dispatch.Bench;
import azukari.node.Nodes;
import azukari.outbox.Round;
import azukari.platform.BrokerUnavailableException;
import azukari.platform.Ids;
import azukari.platform.Settings;
import azukari.testing.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Filter;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 17: when a round begins, and when it does not. What a broker carries is kept in a field here; the table is real. */
@ParameterizedClass
@EnumSource(Store.class)
class BrokerWatchTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Parameter
    private Store store;

    private Bench bench;
    private Broker broker = new Broker();

    /** A broker with nothing but its mark. */
    private static final class Broker extends Marks {
        private Optional<Mark> mark = Optional.empty();
        private boolean diesAfterTheNextMark;

        private Broker() {
            super(null);
        }

        private Broker copy() {
            Broker copy = new Broker();
            copy.mark = mark;
            return copy;
        }

        @Override
        public Optional<Mark> read() {
            return mark;
        }

        @Override
        public boolean replace(Optional<Mark> expected, Mark next) {
            if (!mark.equals(expected)) {
                return false;
            }
            mark = Optional.of(next);
            if (diesAfterTheNextMark) {
                diesAfterTheNextMark = false;
                throw new BrokerUnavailableException(new IllegalStateException("gone, with its new mark"));
            }
            return true;
        }
    }

    @BeforeEach
    void open() {
        bench = new Bench(store);
        for (String name : new String[] {"one", "two"}) {
            Nodes.put(bench.store.database(), name, Ids.next(), Ids.next());
        }
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void rule_17_the_same_broker_again_begins_no_round() {
        node("one").look();
        long first = round();
        node("one").look();
        node("one").look();
        node("two").look();
        assertThat(round()).isEqualTo(first);
    }

    @Test
    void rule_17_an_empty_broker_begins_one_round_for_all_nodes() {
        BrokerWatch one = node("one");
        BrokerWatch two = node("two");
        one.look();
        two.look();
        long before = round();

        broker.mark = Optional.empty();
        one.look();
        two.look();
        one.look();

        assertThat(round()).isEqualTo(before + 1);
    }

    @Test
    void rule_17_another_broker_with_a_mark_of_its_own_begins_a_round() {
        node("one").look();
        long before = round();
        broker = new Broker();
        node("one").look();
        assertThat(round()).isEqualTo(before + 1);
        node("one").look();
        assertThat(round()).isEqualTo(before + 1);
    }

    /** A restored journal carries the right name and an old stamp. */
    @Test
    void rule_17_an_old_copy_of_the_broker_begins_a_round() {
        node("one").look();
        Broker copy = broker.copy();
        node("one").look(); // A node that starts renews the mark.
        node("one").look();
        long before = round();

        broker = copy;
        node("one").look();

        assertThat(round()).isEqualTo(before + 1);
    }

    /** The mark is on the broker, its row was rolled back: the broker is strange the next time too, and nobody is spared. */
    @Test
    void rule_17_a_node_that_dies_between_mark_and_commit_leaves_a_broker_that_is_met_again() {
        node("one").look();
        long before = round();
        broker = new Broker();
        broker.diesAfterTheNextMark = true;

        assertThatThrownBy(() -> node("one").look()).isInstanceOf(BrokerUnavailableException.class);
        assertThat(round()).as("nothing was committed").isEqualTo(before);
        node("one").look();

        assertThat(round()).isEqualTo(before + 1);
    }

    /** A renewal that breaks off leaves the mark one ahead of the table, which is no other broker. */
    @Test
    void rule_17_a_renewal_that_breaks_off_begins_no_round() {
        node("one").look();
        long before = round();
        broker.diesAfterTheNextMark = true;

        assertThatThrownBy(() -> node("one").look()).isInstanceOf(BrokerUnavailableException.class);
        node("one").look();
        node("two").look();

        assertThat(round()).isEqualTo(before);
    }

    @Test
    void a_first_start_with_nothing_queued_warns_of_nothing_and_another_broker_later_does() {
        assertThat(warnings(() -> node("one").look())).isEmpty();

        broker = new Broker();
        assertThat(warnings(() -> node("one").look()))
                .singleElement()
                .asString()
                .contains("not the one");
    }

    @Test
    void a_first_look_at_a_strange_broker_with_jobs_queued_warns() {
        bench.accept(anOrder().build());
        assertThat(warnings(() -> node("one").look()))
                .singleElement()
                .asString()
                .contains("not the one");
    }

    private static List<String> warnings(Runnable look) {
        List<String> warnings = new ArrayList<>();
        Logger logger = Logger.getLogger(BrokerWatch.class.getName());
        Filter before = logger.getFilter();
        logger.setFilter(logged -> {
            warnings.add(logged.getMessage());
            return false;
        });
        try {
            look.run();
        } finally {
            logger.setFilter(before);
        }
        return warnings;
    }

    /** As a node that has just started. */
    private BrokerWatch node(String name) {
        Settings settings =
                new Settings(Path.of("data"), Optional.empty(), name, 1024, MINUTE, MINUTE, MINUTE, Set.of());
        return new BrokerWatch(
                bench.store.database(),
                bench.threads,
                broker,
                null,
                new Requeue(bench.committer, bench.exits),
                new Round(),
                settings);
    }

    private long round() {
        return bench.store.database().inTransaction(tx -> tx.query("SELECT round FROM requeue", row -> row.getLong(1))
                .get(0));
    }
}
