package azukari.broker;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.Message;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What pages of a long queue cost: each message that is read is a round trip to the broker. */
class BrowsersTest {
    private static final int MANY = 5_000;
    private static final int PAGE = 50;

    private final List<Message> messages = IntStream.range(0, MANY)
            .mapToObj(i -> answering(Message.class, Map.of("getJMSMessageID", () -> "ID:" + i)))
            .toList();
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final Browsers browsers = new Browsers(factory());

    @Test
    void page_after_page_shows_each_message_once_and_reads_it_once() throws Exception {
        List<String> shown = new ArrayList<>();
        String after = null;
        List<Message> page;
        do {
            page = browsers.page("queue", after, PAGE).orElseThrow();
            for (Message message : page) {
                after = message.getJMSMessageID();
                shown.add(after);
            }
        } while (page.size() == PAGE);

        assertThat(shown).hasSize(MANY).doesNotHaveDuplicates();
        assertThat(reads).hasValue(MANY);
        assertThat(open).as("what is kept for a next page").hasValue(0);
    }

    @Test
    void a_page_that_does_not_follow_the_last_one_is_found_from_the_beginning() throws Exception {
        assertThat(browsers.page("queue", null, PAGE).orElseThrow()).hasSize(PAGE);

        List<Message> page = browsers.page("queue", "ID:" + (MANY - 2), PAGE).orElseThrow();

        assertThat(page).containsExactly(messages.get(MANY - 1));
        assertThat(browsers.page("queue", "ID:unknown", PAGE)).isEmpty();
        assertThat(open).hasValue(0);
    }

    private ConnectionFactory factory() {
        QueueBrowser browser = answering(QueueBrowser.class, Map.of("getEnumeration", this::browsed));
        Session session = answering(Session.class, Map.of("createBrowser", () -> browser));
        Connection connection =
                answering(Connection.class, Map.of("createSession", () -> session, "close", open::decrementAndGet));
        return answering(ConnectionFactory.class, Map.of("createConnection", () -> {
            open.incrementAndGet();
            return connection;
        }));
    }

    /** As Artemis' client browses: now and then it says that there is nothing more, although there is. */
    private Enumeration<?> browsed() {
        Iterator<Message> left = messages.iterator();
        return answering(
                Enumeration.class,
                Map.of(
                        "hasMoreElements", () -> looks.incrementAndGet() % 7 > 0 && left.hasNext(),
                        "nextElement",
                                () -> {
                                    reads.incrementAndGet();
                                    return left.next();
                                }));
    }

    /** One that answers these methods so, and nothing else with anything. */
    private static <T> T answering(Class<T> type, Map<String, Supplier<?>> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "toString" -> type.getSimpleName();
                    default ->
                        answers.getOrDefault(method.getName(), () -> null).get();
                }));
    }
}
