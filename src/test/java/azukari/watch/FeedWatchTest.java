package azukari.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.broker.Signals;
import azukari.notify.Feed;
import azukari.notify.Notice;
import azukari.notify.Notification;
import azukari.notify.Notifications;
import azukari.notify.Notifications.Told;
import azukari.platform.Ids;
import azukari.platform.SystemClock;
import azukari.platform.Threads;
import azukari.testing.Store;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 19: a follower misses nothing and sees the feed in order, even while the broker is unavailable. */
@ParameterizedClass
@EnumSource(Store.class)
class FeedWatchTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Parameter
    private Store store;

    private final Threads threads = new Threads(Executors.defaultThreadFactory());
    private Store.Opened opened;
    private Feed feed;
    private Feed otherFeed;
    private FeedWatch watch;
    private FeedWatch otherWatch;

    @BeforeEach
    void open() {
        opened = store.open();
        feed = new Feed(opened.database(), threads);
        otherFeed = new Feed(opened.database(), threads);
        watch = watch(feed);
        otherWatch = watch(otherFeed);
    }

    private FeedWatch watch(Feed of) {
        FeedWatch made = new FeedWatch(opened.database(), threads, of, new Signals(awayBroker(), threads));
        of.start();
        made.start();
        return made;
    }

    @AfterEach
    void close() {
        watch.stop();
        otherWatch.stop();
        feed.stop();
        otherFeed.stop();
        opened.close();
    }

    @Test
    void rule_19_followers_starting_at_any_time_on_any_node_see_the_whole_feed_in_order() {
        List<Client> all = new ArrayList<>();
        List<Client> ofAnna = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(new Client(i % 2 == 0 ? watch : otherWatch, null, 0, Integer.MAX_VALUE));
            ofAnna.add(new Client(i % 2 == 0 ? watch : otherWatch, "anna", 0, Integer.MAX_VALUE));
            tell(i % 2 == 0 ? feed : otherFeed, "anna", "bert", "anna");
        }

        await().atMost(SOON)
                .until(() -> all.stream().allMatch(client -> client.places().size() == 120));
        await().atMost(SOON)
                .until(() -> ofAnna.stream().allMatch(client -> client.places().size() == 80));
        assertThat(all).allSatisfy(client -> assertThat(client.places()).isEqualTo(places(null)));
        assertThat(ofAnna).allSatisfy(client -> assertThat(client.places()).isEqualTo(places("anna")));
    }

    @Test
    void a_client_continues_from_its_cursor() {
        for (int i = 0; i < 130; i++) {
            tell(feed, "anna");
        }
        await().atMost(SOON).until(() -> places(null).size() == 130);
        Client whole = new Client(watch, "anna", 0, Integer.MAX_VALUE);
        await().atMost(SOON).until(() -> whole.places().size() == 130);

        Client rest = new Client(watch, "anna", places(null).get(99), Integer.MAX_VALUE);
        Client nothing = new Client(watch, "anna", places(null).get(129), Integer.MAX_VALUE);
        tell(feed, "anna");

        await().atMost(SOON).until(() -> nothing.places().size() == 1);
        await().atMost(SOON).until(() -> rest.places().size() == 31);
        assertThat(rest.places()).isEqualTo(places(null).subList(100, 131));
    }

    @Test
    void a_slow_follower_gets_no_more_than_it_takes_and_delays_nobody() {
        Client slow = new Client(watch, null, 0, 3);
        Client quick = new Client(watch, null, 0, Integer.MAX_VALUE);
        for (int i = 0; i < 100; i++) {
            tell(feed, "anna");
        }

        await().atMost(SOON).until(() -> quick.places().size() == 100);
        assertThat(slow.places()).hasSize(3);
        for (int taken = 3; taken < 100; taken += 3) {
            int before = taken;
            slow.resume();
            await().atMost(SOON).until(() -> slow.places().size() == Math.min(100, before + 3));
        }
        assertThat(slow.places()).isEqualTo(places(null));
    }

    @Test
    void a_stop_ends_all_followings_and_later_ones_end_at_once() {
        Client before = new Client(watch, null, 0, Integer.MAX_VALUE);

        watch.stop();

        Client after = new Client(watch, null, 0, Integer.MAX_VALUE);
        assertThat(before.over).isTrue();
        assertThat(after.over).isTrue();
        assertThat(watch.count()).isZero();
    }

    private void tell(Feed by, String... submitters) {
        opened.database().inTransaction(tx -> {
            List<Notice> notices = new ArrayList<>();
            for (String submitter : submitters) {
                notices.add(new Notice(Ids.next(), "NOOP", null, submitter, "SUCCEEDED", null, null));
            }
            Notifications.add(
                    tx,
                    List.of(new Told(
                            notices, UUID.randomUUID(), 0, SystemClock.utc().instant())));
            return null;
        });
        by.wake();
    }

    private List<Long> places(String submitter) {
        return opened.database().read(em -> Notifications.page(em, submitter, 0, 1000)).stream()
                .map(Notification::place)
                .toList();
    }

    private static ConnectionFactory awayBroker() {
        return (ConnectionFactory) Proxy.newProxyInstance(
                FeedWatchTest.class.getClassLoader(),
                new Class<?>[] {ConnectionFactory.class},
                (proxy, method, args) -> {
                    throw new JMSException("the broker is away");
                });
    }

    /** Takes this many items, and no more until it is resumed. */
    private static final class Client implements Follower {
        private final List<Long> places = new ArrayList<>();
        private final int most;
        private final Following following;
        private int room;
        private volatile boolean over;

        Client(FeedWatch watch, String submitter, long after, int most) {
            this.most = most;
            this.room = most;
            this.following = watch.follow(submitter, after, this);
        }

        @Override
        public synchronized boolean take(FeedItem item) {
            if (room == 0) {
                return false;
            }
            room--;
            String place = new String(
                    item.text(n -> n.place().toString().getBytes(StandardCharsets.US_ASCII)),
                    StandardCharsets.US_ASCII);
            return places.add(Long.valueOf(place));
        }

        @Override
        public void pageEnded() {
            // Nothing is kept back here.
        }

        @Override
        public synchronized boolean isReady() {
            return room > 0;
        }

        @Override
        public void over() {
            over = true;
        }

        void resume() {
            synchronized (this) {
                room = most;
            }
            following.resume();
        }

        synchronized List<Long> places() {
            return List.copyOf(places);
        }
    }

    @Test
    void a_follower_that_fails_is_given_up_and_the_others_go_on() {
        AtomicInteger asked = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            watch.follow(null, 0, new Follower() {
                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public boolean take(FeedItem item) {
                    asked.incrementAndGet();
                    throw new IllegalStateException("by the test");
                }

                @Override
                public void pageEnded() {}

                @Override
                public void over() {
                    throw new IllegalStateException("by the test, again");
                }
            });
        }
        Client client = new Client(watch, null, 0, Integer.MAX_VALUE);

        tell(feed, "anna", "bert");
        await().atMost(SOON).until(() -> client.places().size() == 2);
        tell(feed, "anna");
        await().atMost(SOON).until(() -> client.places().size() == 3);

        assertThat(asked).hasValue(3);
        assertThat(watch.count()).as("the client's").isEqualTo(1);
    }
}
