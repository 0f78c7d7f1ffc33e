package azukari.outbox;

import static azukari.job.Orders.anOrder;
import static azukari.outbox.Envelopes.NOW;
import static azukari.outbox.Envelopes.aMessage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import azukari.job.NewJob;
import azukari.platform.Ids;
import azukari.platform.Json;
import azukari.platform.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** The message's form. */
class ParcelTest {

    @Test
    void a_single_event_reads_back_as_it_was_written() throws Exception {
        NewJob job = new NewJob(
                anOrder()
                        .requestId("r-1")
                        .body("{\"a\":[1,2.50,null]}")
                        .emittedBy(Ids.next(), 3)
                        .build(),
                NOW);
        Envelope sent = Envelopes.of(job);

        Envelope read = only(sent.write());

        assertThat(read.event()).isEqualTo(sent.event());
        assertThat(read.ticket()).isEqualTo(sent.ticket());
        assertThat(read.body()).hasToString("{\"a\":[1,2.50,null]}");
        assertThat(read.extensions()).isNull();
        assertThat(sent.write())
                .contains("\"specversion\":\"1.0\"", "\"type\":\"NOOP\"", "\"data\":{\"body\":{\"a\":[1,2.50,null]}}");
    }

    @Test
    void what_a_pack_holds_twice_is_read_once() throws Exception {
        Envelope sent = aMessage().build();

        Parcel parcel = Parcel.read(Parcel.write(List.of(sent.write(), sent.write())));

        assertThat(parcel.events()).extracting(Envelope::job).containsExactly(sent.job());
        assertThat(parcel.unreadable()).isEmpty();
    }

    @Test
    void all_that_a_ticket_says_reads_back() throws Exception {
        Envelope sent = aMessage().doubtful().suspect().cancelling().build();

        Envelope read = only(sent.write());

        assertThat(read.ticket()).isEqualTo(sent.ticket());
        assertThat(read.event()).isEqualTo(sent.event());
    }

    @Test
    void the_time_before_which_it_is_not_to_run_reads_back() throws Exception {
        Envelope sent =
                Envelopes.of(new NewJob(anOrder().notBefore(NOW.minusSeconds(5)).build(), NOW));

        assertThat(only(sent.write()).event()).isEqualTo(sent.event());
    }

    /** Rule 24: what may be kept can be read, whatever is put around it. */
    @Test
    void rule_24_the_deepest_body_that_is_accepted_reads_back_also_in_a_pack() throws Exception {
        String deepest = "[".repeat(400) + "]".repeat(400);
        Json.parse(deepest.getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> Json.parse(("[" + deepest + "]").getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessageContaining("400 levels");
        Envelope sent = aMessage().body(deepest).build();

        assertThat(only(sent.write()).body()).hasToString(deepest);
        assertThat(Parcel.read(pack(List.of(sent, aMessage().build()))).unreadable())
                .isEmpty();
    }

    @Test
    void a_pack_reads_back_in_order() throws Exception {
        List<Envelope> sent = Stream.of("1", "\"zwei\"", "{\"drei\":3}", "[4]", "null")
                .map(body -> aMessage().body(body).build())
                .toList();

        Parcel read = Parcel.read(pack(sent));

        assertThat(read.unreadable()).isEmpty();
        assertThat(read.events())
                .extracting(Envelope::event)
                .containsExactlyElementsOf(sent.stream().map(Envelope::event).toList());
        assertThat(read.events())
                .extracting(event -> event.body().toString())
                .containsExactly("1", "\"zwei\"", "{\"drei\":3}", "[4]", "null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null", "5", "\"text\"", "[]", "{\"id\":\"no-uuid\"}"})
    void one_unreadable_entry_takes_no_other_with_it(String unreadable) throws Exception {
        Envelope first = aMessage().build();
        Envelope last = aMessage().build();

        Parcel read = Parcel.read(Parcel.write(List.of(first.write(), unreadable, last.write())));

        assertThat(read.events()).extracting(Envelope::job).containsExactly(first.job(), last.job());
        assertThat(read.unreadable()).singleElement().satisfies(entry -> {
            assertThat(entry.text()).isEqualTo(unreadable);
            assertThat(entry.why()).isNotNull();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "{}", "[]", "{\"id\":\"no-uuid\"}", "null", "5", "[{]", "{\"id\":1} {}"})
    void a_text_that_holds_nothing_of_ours_is_unreadable(String text) {
        assertThatThrownBy(() -> Parcel.read(text)).isInstanceOf(UnreadableMessageException.class);
    }

    static Set<String> whatEveryEventHas() {
        Set<String> names = new TreeSet<>(Json.read(aMessage().build().write()).propertyNames());
        names.removeAll(Set.of("specversion", "source", "datacontenttype"));
        return names;
    }

    @ParameterizedTest
    @MethodSource("whatEveryEventHas")
    void an_event_that_lacks_something_or_has_it_in_another_form_is_unreadable(String attribute) {
        ObjectNode event = (ObjectNode) Json.read(aMessage().build().write());
        ObjectNode other = event.deepCopy();
        event.remove(attribute);
        other.putArray(attribute).add(1);

        assertThatThrownBy(() -> Parcel.read(Json.write(event)))
                .isInstanceOf(UnreadableMessageException.class)
                .hasMessageContaining(attribute);
        assertThatThrownBy(() -> Parcel.read(Json.write(other))).isInstanceOf(UnreadableMessageException.class);
    }

    /** Every attribute that a message may have, and some that one might take for ours. */
    static Set<String> ourNames() {
        Envelope all = aMessage().doubtful().suspect().cancelling().build();
        Set<String> names =
                Json.read(all.write()).propertyNames().stream().collect(Collectors.toCollection(TreeSet::new));
        names.addAll(Set.of("requestid", "parent", "root", "notbefore", "body", "extensions", "interrupted", "deaths"));
        return names;
    }

    @ParameterizedTest
    @MethodSource("ourNames")
    void an_attribute_that_was_posted_under_one_of_our_names_never_steers_the_job(String name) throws Exception {
        for (String value : List.of("true", "\"true\"", "1", "99", "\"mine\"", "\"" + new UUID(1, 2) + "\"", "false")) {
            String extensions = "{\"" + name + "\":" + value + ",\"traceparent\":\"00-4bf92f\"}";
            NewJob job = new NewJob(anOrder().extensions(extensions).build(), NOW);
            Envelope sent = Envelopes.of(job);

            Envelope read = only(sent.write());

            assertThat(read.event()).as(extensions).isEqualTo(job.event());
            assertThat(read.ticket()).as(extensions).isEqualTo(job.ticket());
            assertThat(read.body()).as(extensions).hasToString("{}");
            assertThat(read.extensions()).as("as it was posted").hasToString(extensions);
        }
    }

    /** The body is what the client posted: it is data, whatever it looks like. */
    @Test
    void a_body_that_looks_like_a_message_is_a_body() throws Exception {
        String body = aMessage().cancelling().suspect().build().write();
        Envelope sent = aMessage().body(body).extensions("{\"data\":1}").build();

        Envelope read = only(sent.write());

        assertThat(read.event()).isEqualTo(sent.event());
        assertThat(read.ticket()).isEqualTo(sent.ticket());
        assertThat((Object) read.body()).isEqualTo(Json.read(body));
    }

    private static String pack(List<Envelope> events) {
        return Parcel.write(events.stream().map(Envelope::write).toList());
    }

    private static Envelope only(String text) throws UnreadableMessageException {
        Parcel parcel = Parcel.read(text);
        assertThat(parcel.unreadable()).isEmpty();
        assertThat(parcel.events()).hasSize(1);
        return parcel.events().get(0);
    }
}
