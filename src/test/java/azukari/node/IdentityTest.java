package azukari.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import azukari.dispatch.Incarnation;
import azukari.node.NodeTable.Node;
import azukari.platform.Ids;
import azukari.platform.Settings;
import azukari.testing.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 5: whose a node's name is after a restart. */
@ParameterizedClass
@EnumSource(Store.class)
class IdentityTest {
    private static final Duration RESCUE = Duration.ofSeconds(2);

    @Parameter
    private Store store;

    private Store.Opened opened;
    private Identity identity;

    @BeforeEach
    void open() {
        opened = store.open();
        Settings settings =
                new Settings(Path.of("data"), Optional.empty(), "node-1", 1024, RESCUE, RESCUE, RESCUE, Set.of());
        identity = new Identity(opened.database(), settings);
    }

    @AfterEach
    void close() {
        opened.close();
    }

    @Test
    void rule_5_the_same_data_folder_takes_over_at_once() {
        UUID instance = Ids.next();
        Incarnation first = identity.take(instance);
        long before = System.nanoTime();

        Incarnation second = identity.take(instance);

        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(RESCUE);
        assertThat(row().incarnation()).isEqualTo(second.id());
    }

    @Test
    void rule_5_after_a_clean_sign_off_another_folder_takes_over_at_once() {
        Incarnation first = identity.take(Ids.next());
        opened.database().inTransaction(tx -> {
            NodeTable.signOff(tx, first.node(), first.id());
            return null;
        });
        UUID other = Ids.next();

        identity.take(other);

        assertThat(row().instance()).isEqualTo(other);
        assertThat(row().signedOff()).isFalse();
    }

    @Test
    void rule_5_another_folder_waits_until_the_first_is_stale() {
        identity.take(Ids.next());
        UUID other = Ids.next();
        long before = System.nanoTime();

        identity.take(other);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(RESCUE);
        assertThat(row().instance()).isEqualTo(other);
    }

    @Test
    void rule_5_another_folder_is_refused_while_the_first_beats() {
        Incarnation first = identity.take(Ids.next());
        ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor();
        try {
            ScheduledFuture<?> beats = heart.scheduleAtFixedRate(() -> beat(first), 0, 100, TimeUnit.MILLISECONDS);

            assertThatThrownBy(() -> identity.take(Ids.next()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("node-1", "AZUKARI_NODE");
            assertThat(beats.isDone()).as("the first beats all the while").isFalse();
        } finally {
            heart.shutdownNow();
        }
    }

    /** Rule 4: the beat is conditional on one's own incarnation. */
    @Test
    void rule_4_a_retired_node_beats_no_more_and_begins_anew() {
        UUID instance = Ids.next();
        Incarnation first = identity.take(instance);
        Node seen = row();
        assertThat(beat(first)).isEqualTo(1);
        assertThat(retire(seen)).as("its beat has moved since it was seen").isFalse();

        assertThat(retire(row())).isTrue();

        assertThat(beat(first)).as("no row, stop").isZero();
        UUID next = Ids.next();
        boolean renewed = opened.database().inTransaction(tx -> NodeTable.renew(tx, "node-1", instance, next));
        assertThat(renewed).isTrue();
        boolean stranger = opened.database().inTransaction(tx -> NodeTable.renew(tx, "node-1", Ids.next(), next));
        assertThat(stranger).isFalse();
    }

    @Test
    void rule_5_one_process_holds_the_data_folder(@TempDir Path folder) throws Exception {
        UUID instance;
        try (InstanceFolder held = InstanceFolder.lock(folder)) {
            instance = held.instance();
            assertThatThrownBy(() -> InstanceFolder.lock(folder))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(folder.toString());
        }
        try (InstanceFolder again = InstanceFolder.lock(folder)) {
            assertThat(again.instance()).isEqualTo(instance);
        }
    }

    private boolean retire(Node seen) {
        return opened.database().inTransaction(tx -> NodeTable.retire(tx, seen, Ids.next()));
    }

    private int beat(Incarnation incarnation) {
        return opened.database().inTransaction(tx -> tx.update(NodeTable.BEAT, incarnation.node(), incarnation.id()));
    }

    private Node row() {
        return opened.database()
                .inTransaction(tx -> NodeTable.find(tx, "node-1"))
                .orElseThrow();
    }
}
