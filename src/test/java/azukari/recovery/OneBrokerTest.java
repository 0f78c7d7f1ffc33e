package azukari.recovery;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import azukari.broker.Marks;
import azukari.database.Database;
import azukari.dispatch.Bench;
import azukari.node.Nodes;
import azukari.platform.BrokerUnavailableException;
import azukari.platform.Ids;
import azukari.platform.Settings;
import azukari.testing.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which nodes keep another from starting. The other node's row is in the table; its beat is the test's. */
class OneBrokerTest {
    private static final Duration RESCUE = Duration.ofSeconds(2);
    private static final UUID OURS = Ids.next();
    private static final UUID THEIRS = Ids.next();

    private final Bench bench = new Bench(Store.H2);
    private final Database database = bench.store.database();
    private int looks;
    private boolean beating;
    private int adoptsOursAtLook = Integer.MAX_VALUE;
    private boolean away;

    /** Each look at the broker is also the time at which the other node does something. */
    private final Marks marks = new Marks(null) {
        @Override
        public Optional<Mark> read() {
            if (away) {
                throw new BrokerUnavailableException(new IllegalStateException("no answer"));
            }
            looks++;
            if (beating) {
                set("beat = beat + 1");
            }
            if (looks == adoptsOursAtLook) {
                set("broker = '" + OURS + "'");
            }
            return Optional.of(new Mark(OURS, 1));
        }
    };

    private final OneBroker check = new OneBroker(
            database,
            marks,
            new Settings(Path.of("data"), Optional.empty(), "one", 1024, RESCUE, RESCUE, RESCUE, Set.of()));

    @BeforeEach
    void open() {
        Nodes.put(database, "two", Ids.next(), Ids.next());
        set("broker = '" + THEIRS + "'");
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private void set(String what) {
        database.inTransaction(tx -> tx.update("UPDATE node SET " + what + " WHERE name = 'two'"));
    }

    @Test
    void a_node_that_lives_and_works_with_another_broker_keeps_this_one_from_starting() {
        beating = true;
        assertThatThrownBy(check::refuseAnother)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("node 'two' of this database works with another broker")
                .hasMessageContaining("AZUKARI_BROKER_URL");
    }

    @Test
    void a_node_that_works_with_the_same_broker_does_not() {
        beating = true;
        set("broker = '" + OURS + "'");
        assertThatCode(check::refuseAnother).doesNotThrowAnyException();
    }

    @Test
    void a_node_that_has_yet_to_notice_that_the_broker_of_both_is_new_does_not() {
        beating = true;
        adoptsOursAtLook = 10;
        assertThatCode(check::refuseAnother).doesNotThrowAnyException();
    }

    @Test
    void a_node_that_is_dead_or_signed_off_does_not() {
        assertThatCode(check::refuseAnother).as("dead").doesNotThrowAnyException();
        beating = true;
        set("signed_off = TRUE");
        assertThatCode(check::refuseAnother).as("signed off").doesNotThrowAnyException();
    }

    @Test
    void a_broker_that_does_not_answer_tells_nothing() {
        beating = true;
        away = true;
        assertThatCode(check::refuseAnother).doesNotThrowAnyException();
    }
}
