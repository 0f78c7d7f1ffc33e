package shop.welcome;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import azukari.job.JobState;
import azukari.testkit.Emitted;
import azukari.testkit.HandlerKit;
import azukari.testkit.InvalidBodyException;
import azukari.testkit.RunReport;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WelcomeCustomerHandlerTest {
    private static final HandlerKit KIT =
            HandlerKit.eventType("WELCOME_CUSTOMER", Path.of("src/main/resources/event-types"));
    private static final String ANNA = "{\"customer\": \"C-1\", \"email\": \"anna@example.com\"}";
    private static final UUID JOB = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");

    @Test
    void a_customer_gets_a_voucher_and_it_is_sent() {
        RunReport report = KIT.event(ANNA).jobId(JOB).handledBy(handler(Vouchers::number));

        String voucher = Vouchers.number(JOB, 20);
        assertEquals(JobState.SUCCEEDED, report.state());
        assertEquals(voucher, report.result().path("voucher").asString());
        assertEquals(List.of("SEND_VOUCHER"), codes(report.emits()));
        assertEquals(voucher, report.emits().get(0).body().path("voucher").asString());
        assertEquals(List.of(), report.followUps());
    }

    @Test
    void without_a_voucher_the_job_is_retried_and_finally_raises_an_alarm() {
        WelcomeCustomerHandler handler = handler((key, percent) -> {
            throw new Vouchers.VouchersUnavailableException("closed");
        });

        RunReport first = KIT.run(handler, ANNA);
        RunReport last = KIT.event(ANNA).attempt(3).handledBy(handler);

        assertEquals(JobState.WAITING, first.state());
        assertEquals("VouchersUnavailableException: closed", first.error().message());
        assertEquals(JobState.FAILED, last.state());
        assertEquals(List.of("CREATE_ALARM"), codes(last.followUps()));
    }

    @Test
    void a_body_without_an_address_is_refused() {
        assertThrows(InvalidBodyException.class, () -> KIT.event("{\"customer\": \"C-1\", \"email\": \"anna\"}"));
    }

    private static WelcomeCustomerHandler handler(Vouchers vouchers) {
        return new WelcomeCustomerHandler(vouchers, 20);
    }

    private static List<String> codes(List<Emitted> events) {
        return events.stream().map(Emitted::code).toList();
    }
}
