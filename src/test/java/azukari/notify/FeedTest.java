package azukari.notify;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.database.Tx;
import azukari.platform.Ids;
import azukari.platform.SystemClock;
import azukari.platform.Threads;
import azukari.testing.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 19: a follower of the feed misses nothing, even if the writers' commits overtake each other. */
@ParameterizedClass
@EnumSource(Store.class)
class FeedTest {
    private static final int WRITERS = 6;
    private static final int EACH = 40;

    @Parameter
    private Store store;

    private Store.Opened opened;

    @BeforeEach
    void open() {
        opened = store.open();
    }

    @AfterEach
    void close() {
        opened.close();
    }

    @Test
    void rule_19_a_follower_with_a_cursor_misses_nothing_while_many_write_and_two_nodes_place() throws Exception {
        Threads threads = new Threads(Executors.defaultThreadFactory());
        Feed first = new Feed(opened.database(), threads);
        Feed second = new Feed(opened.database(), threads);
        ExecutorService pool = Executors.newFixedThreadPool(WRITERS);
        List<UUID> followed = new ArrayList<>();
        try {
            first.start();
            second.start();
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(pool.submit(() -> write(first, second)));
            }
            long after = 0;
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (followed.size() < WRITERS * EACH && System.nanoTime() < deadline) {
                long from = after;
                List<Notification> page = opened.database().read(em -> Notifications.page(em, null, from, 7));
                page.forEach(notification -> followed.add(notification.id()));
                after = page.isEmpty() ? after : page.get(page.size() - 1).place();
            }
            for (Future<?> writer : writers) {
                writer.get(1, TimeUnit.SECONDS);
            }
        } finally {
            first.stop();
            second.stop();
            pool.shutdownNow();
        }

        assertThat(followed).hasSize(WRITERS * EACH).doesNotHaveDuplicates();
    }

    private void write(Feed first, Feed second) {
        for (int i = 0; i < EACH; i++) {
            opened.database().inTransaction(tx -> {
                tell(tx, notice());
                // Ids are created before the commits; let the commits overtake each other.
                TimeUnit unit = TimeUnit.MICROSECONDS;
                java.util.concurrent.locks.LockSupport.parkNanos(
                        unit.toNanos(ThreadLocalRandom.current().nextLong(3000)));
                return null;
            });
            (i % 2 == 0 ? first : second).wake();
        }
    }

    @Test
    void a_page_can_be_limited_to_one_submitter() {
        opened.database().inTransaction(tx -> {
            tell(tx, notice(), notice("somebody"));
            return null;
        });
        assertThat(page(null)).as("not before they have their places").isEmpty();
        new Feed(opened.database(), new Threads(Executors.defaultThreadFactory())).placeAll();

        assertThat(page(null)).hasSize(2);
        assertThat(page("somebody")).singleElement().satisfies(n -> assertThat(n.submitter())
                .isEqualTo("somebody"));
    }

    private List<Notification> page(String submitter) {
        return opened.database().read(em -> Notifications.page(em, submitter, 0, 10));
    }

    private static void tell(Tx tx, Notice... notices) {
        Notifications.add(tx, List.of(new Notifications.Told(List.of(notices), Ids.next(), 0, now())));
    }

    private static Notice notice() {
        return notice("tester");
    }

    private static Notice notice(String submitter) {
        return new Notice(Ids.next(), "NOOP", null, submitter, "SUCCEEDED", null, null);
    }

    private static Instant now() {
        return SystemClock.utc().instant();
    }
}
