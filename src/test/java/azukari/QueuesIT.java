package azukari;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import azukari.testing.Answer;
import azukari.testing.ApiClient;
import azukari.testing.ApiClient.Response;
import azukari.testing.BrokerProcess;
import azukari.testing.Ends;
import azukari.testing.HttpTarget;
import azukari.testing.ServerProcess;
import azukari.testing.TestCatalog;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import jakarta.jms.TemporaryQueue;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.apache.activemq.artemis.api.core.management.ResourceNames;
import org.apache.activemq.artemis.api.jms.management.JMSManagementHelper;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code /queues} under load, with the embedded broker and with a separate one. */
class QueuesIT {
    private static final String CODE = "QUEUES_WORK";
    private static final String LANE = "outside";
    private static final int SESSIONS = 4;
    private static final int JOBS = 200;
    private static final byte[] TYPES = {
        ClientMessage.DEFAULT_TYPE,
        ClientMessage.OBJECT_TYPE,
        ClientMessage.TEXT_TYPE,
        ClientMessage.BYTES_TYPE,
        ClientMessage.MAP_TYPE,
        ClientMessage.STREAM_TYPE,
        1,
        99
    };
    /** Longer than what the broker's client sends in one piece. */
    private static final int LARGE = 200_000;

    private static final int MANY = 4_000;
    private static final int MOST_LINES_LOGGED = 200;

    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void queues_report_the_truth_pause_within_a_second_and_retry_dead_letters(boolean external) {
        String name = external ? "queues-external" : "queues-embedded";
        try (BrokerProcess broker =
                        external ? BrokerProcess.named(name + "-broker").start(START) : null;
                HttpTarget target =
                        HttpTarget.start().answer("/work", call -> Answer.ok().after(Duration.ofMillis(300)));
                ServerProcess server = builder(name, target, broker).build()) {
            ApiClient api = new ApiClient(server.start().awaitReady(START).uri());
            List<String> jobs = new ArrayList<>();
            for (int i = 0; i < JOBS; i++) {
                jobs.add(submit(api));
            }

            underLoad(api);
            pausedWithinASecond(api, target);
            String late = submit(api);
            resumed(api, late);
            Ends.awaitAll(api, PATIENCE);
            await("the broker to say that nothing is left")
                    .atMost(PATIENCE)
                    .until(() -> queue(api).path("messages").asInt() == 0);
            assertThat(api.job(jobs.get(JOBS - 1)).path("state").asString()).isEqualTo("SUCCEEDED");

            String brokerUrl = external ? broker.url() : server.brokerUrl();
            aJobsDeadLetterIsShownAndRetriedAndTheJobEnds(api, brokerUrl);
            unreadableLetterIsShownAndRetried(api, brokerUrl);
            messageWithoutTextIsPutAside(api, brokerUrl);
            messagesThatNoJmsClientSentArePutAsideAndJobsGoOn(api, brokerUrl);
            if (!external) {
                thousandsOfThemFloodNeitherTheLaneNorTheLogAndAreShownPageByPage(api, server);
            }
        }
    }

    private static ServerProcess.Builder builder(String name, HttpTarget target, BrokerProcess broker) {
        ServerProcess.Builder builder = ServerProcess.named(name)
                .env("AZUKARI_LANE_OUTSIDE_MAX_SESSIONS", Integer.toString(SESSIONS))
                .catalog(TestCatalog.named(name + "-catalog")
                        .outside(CODE, target.uri("/work"), "timeout: 60s")
                        .folder());
        return broker == null ? builder.openBroker() : builder.broker(broker);
    }

    private static String submit(ApiClient api) {
        return api.post(Map.of("code", CODE, "body", Map.of()))
                .body()
                .path("id")
                .asString();
    }

    private static void underLoad(ApiClient api) {
        await("every session to be at work").atMost(PATIENCE).untilAsserted(() -> {
            JsonNode queue = queue(api);
            assertThat(queue.path("consumers").asInt()).isEqualTo(SESSIONS);
            assertThat(queue.path("delivering").asInt()).isBetween(1, SESSIONS);
            assertThat(queue.path("messages").asInt()).isBetween(2 * SESSIONS, JOBS);
            assertThat(queue.path("paused").asBoolean()).isFalse();
        });
        assertThat(StreamSupport.stream(api.get("queues").body().path("items").spliterator(), false)
                        .map(item -> item.path("name").asString()))
                .containsExactlyInAnyOrder("default", "outside", "long", "notify");
    }

    /** What has begun before the answer ends; a second later nothing begins any more. */
    private static void pausedWithinASecond(ApiClient api, HttpTarget target) {
        Response paused = api.send("POST", "queues/" + LANE + "/pause", null, Map.of());
        assertThat(paused.status()).isEqualTo(200);
        assertThat(paused.body().path("paused").asBoolean()).isTrue();
        await("the lane to stand still")
                .atMost(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> count(api, "RUNNING") == 0);

        await("what a session had been given before the answer to end")
                .atMost(PATIENCE)
                .until(() -> queue(api).path("delivering").asInt() == 0 && count(api, "RUNNING") == 0);
        int calls = target.calls().size();
        int queued = count(api, "QUEUED");
        assertThat(queued).isPositive();
        await("the broker to hold what the table calls QUEUED").atMost(PATIENCE).untilAsserted(() -> {
            JsonNode queue = queue(api);
            assertThat(queue.path("messages").asInt()).isEqualTo(queued);
            assertThat(queue.path("delivering").asInt()).isZero();
        });
        assertThat(target.calls()).hasSize(calls);
    }

    private static void resumed(ApiClient api, String late) {
        assertThat(api.job(late).path("state").asString()).isEqualTo("QUEUED");
        assertThat(queue(api).path("paused").asBoolean()).isTrue();
        Response resumed = api.send("POST", "queues/" + LANE + "/resume", null, Map.of());
        assertThat(resumed.status()).isEqualTo(200);
        assertThat(resumed.body().path("paused").asBoolean()).isFalse();
    }

    /** The broker puts a job's message aside, as it does after too many deliveries: put back, it ends the job. */
    private static void aJobsDeadLetterIsShownAndRetriedAndTheJobEnds(ApiClient api, String brokerUrl) {
        api.send("POST", "queues/" + LANE + "/pause", null, Map.of());
        String job = submit(api);
        await("the job's message")
                .atMost(PATIENCE)
                .until(() -> queue(api).path("messages").asInt() == 1);
        putAside(brokerUrl);

        JsonNode letter = await("the job's dead letter")
                .atMost(PATIENCE)
                .until(() -> deadLetters(api), letters -> letters.size() == 1)
                .get(0);
        assertThat(letter.path("job").asString()).isEqualTo(job);
        assertThat(letter.path("reason").asString()).contains("broker");
        await("it to be counted there only").atMost(PATIENCE).untilAsserted(() -> {
            assertThat(queue(api).path("messages").asInt()).isZero();
            assertThat(queue(api).path("deadLetters").asInt()).isEqualTo(1);
        });
        resumed(api, job);
        assertThat(api.job(job).path("state").asString()).isEqualTo("QUEUED");

        Response retried = api.post(
                "queues/" + LANE + "/dead-letters/retry",
                "{\"ids\": [\"" + letter.path("id").asString() + "\"]}",
                Map.of("Content-Type", "application/json"));
        assertThat(retried.status()).isEqualTo(200);
        assertThat(retried.body().path("retried").asInt()).isEqualTo(1);
        Ends.awaitAll(api, PATIENCE);
        assertThat(api.job(job).path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(deadLetters(api)).isEmpty();
    }

    private static void putAside(String brokerUrl) {
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(brokerUrl);
                JMSContext context = factory.createContext()) {
            Message request = context.createMessage();
            JMSManagementHelper.putOperationInvocation(
                    request, ResourceNames.QUEUE + "azukari." + LANE, "sendMessagesToDeadLetterAddress", "");
            TemporaryQueue answers = context.createTemporaryQueue();
            request.setJMSReplyTo(answers);
            try (JMSConsumer consumer = context.createConsumer(answers)) {
                context.createProducer().send(context.createQueue("activemq.management"), request);
                Message answer = consumer.receive(PATIENCE.toMillis());
                assertThat(JMSManagementHelper.getResult(answer, Integer.class)).isEqualTo(1);
            }
        } catch (Exception e) {
            throw new IllegalStateException("the message was not put aside", e);
        }
    }

    /** What is no message of ours is put aside, and put aside again when it is retried: it can't be read the second time either. */
    private static void unreadableLetterIsShownAndRetried(ApiClient api, String brokerUrl) {
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(brokerUrl);
                JMSContext context = factory.createContext()) {
            context.createProducer().send(context.createQueue("azukari." + LANE), "no envelope");
        }
        JsonNode letter = await("the dead letter")
                .atMost(PATIENCE)
                .until(() -> deadLetters(api), letters -> letters.size() == 1)
                .get(0);
        assertThat(letter.path("reason").asString()).isNotBlank();
        assertThat(letter.path("text").asString()).isEqualTo("no envelope");
        await("it to be counted")
                .atMost(PATIENCE)
                .until(() -> queue(api).path("deadLetters").asInt() == 1);

        Response retried = api.send("POST", "queues/" + LANE + "/dead-letters/retry", null, Map.of());
        assertThat(retried.status()).isEqualTo(200);
        assertThat(retried.body().path("retried").asInt()).isEqualTo(1);
        await("it to be put aside once more")
                .atMost(PATIENCE)
                .until(
                        () -> deadLetters(api),
                        letters -> letters.size() == 1
                                && !letters.get(0)
                                        .path("id")
                                        .asString()
                                        .equals(letter.path("id").asString()));
    }

    /** As any JMS client may send it. */
    private static void messageWithoutTextIsPutAside(ApiClient api, String brokerUrl) {
        int before = deadLetters(api).size();
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(brokerUrl);
                JMSContext context = factory.createContext()) {
            context.createProducer().send(context.createQueue("azukari." + LANE), context.createTextMessage());
        }
        await("the message without text to be a dead letter")
                .atMost(PATIENCE)
                .until(() -> deadLetters(api).size() == before + 1);
        await("the lane to be empty")
                .atMost(PATIENCE)
                .until(() -> queue(api).path("messages").asInt() == 0);
    }

    /** Each type of message that JMS has, and some that nobody knows, with content of another type, or none. */
    private static void messagesThatNoJmsClientSentArePutAsideAndJobsGoOn(ApiClient api, String brokerUrl) {
        List<String> contents = List.of("", "x", "not what it is called", "x".repeat(LARGE));
        int all = deadLetters(api).size() + TYPES.length * contents.size();
        sendWithoutJms(brokerUrl, contents);
        String job = submit(api);
        Ends.awaitAll(api, PATIENCE);
        assertThat(api.job(job).path("state").asString()).isEqualTo("SUCCEEDED");
        await("them to be dead letters")
                .atMost(PATIENCE)
                .until(() -> deadLetters(api).size() == all);
        await("the lane to be empty")
                .atMost(PATIENCE)
                .until(() -> queue(api).path("messages").asInt() == 0);
    }

    private static void thousandsOfThemFloodNeitherTheLaneNorTheLogAndAreShownPageByPage(
            ApiClient api, ServerProcess server) {
        int all = queue(api).path("deadLetters").asInt() + MANY;
        long lines = server.log().lines().count();
        sendWithoutJms(server.brokerUrl(), Collections.nCopies(MANY / TYPES.length, "x"));
        String job = submit(api);
        Ends.awaitAll(api, PATIENCE);
        assertThat(api.job(job).path("state").asString()).isEqualTo("SUCCEEDED");
        await("them to be dead letters").atMost(PATIENCE).untilAsserted(() -> assertThat(
                        queue(api).path("deadLetters").asInt())
                .isEqualTo(all));
        assertThat(server.log().lines().count() - lines).isLessThan(MOST_LINES_LOGGED);

        List<String> shown = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = api.get("queues/" + LANE + "/dead-letters?limit=500" + after)
                    .body();
            page.path("items").forEach(letter -> shown.add(letter.path("id").asString()));
            after = page.path("next").isNull()
                    ? ""
                    : "&after=" + URLEncoder.encode(page.path("next").asString(), StandardCharsets.UTF_8);
        } while (!after.isEmpty());
        assertThat(shown).hasSize(all).doesNotHaveDuplicates();
    }

    /** One message of each type with each content, by the broker's own protocol. */
    private static void sendWithoutJms(String brokerUrl, List<String> contents) {
        try (ServerLocator locator = ActiveMQClient.createServerLocator(brokerUrl);
                ClientSessionFactory factory = locator.createSessionFactory();
                ClientSession session = factory.createSession(false, false);
                ClientProducer producer = session.createProducer("azukari." + LANE)) {
            for (byte type : TYPES) {
                for (String content : contents) {
                    ClientMessage message = session.createMessage(type, true);
                    message.getBodyBuffer().writeBytes(content.getBytes(StandardCharsets.UTF_8));
                    producer.send(message);
                }
            }
            session.commit();
        } catch (Exception e) {
            throw new IllegalStateException("the messages were not sent", e);
        }
    }

    private static List<JsonNode> deadLetters(ApiClient api) {
        List<JsonNode> letters = new ArrayList<>();
        api.get("queues/" + LANE + "/dead-letters?limit=500")
                .body()
                .path("items")
                .forEach(letters::add);
        return letters;
    }

    private static JsonNode queue(ApiClient api) {
        return StreamSupport.stream(api.get("queues").body().path("items").spliterator(), false)
                .filter(item -> item.path("name").asString().equals(LANE))
                .findFirst()
                .orElseThrow();
    }

    private static int count(ApiClient api, String state) {
        return api.get("jobs?limit=500&state=" + state).body().path("items").size();
    }
}
