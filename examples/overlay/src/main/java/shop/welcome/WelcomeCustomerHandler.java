package shop.welcome;

import azukari.handler.Handler;
import azukari.handler.Outcome;
import azukari.handler.RunContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Creates a new customer's voucher and emits an event that sends it, so that sending is retried separately. */
@Named("welcomeCustomer")
@Dependent
class WelcomeCustomerHandler implements Handler<WelcomeCustomerHandler.Customer> {

    /** The body. */
    record Customer(String customer, String email) {}

    private final Vouchers vouchers;
    private final int percent;

    @Inject
    WelcomeCustomerHandler(
            Vouchers vouchers, @ConfigProperty(name = "shop.welcome.percent", defaultValue = "10") int percent) {
        this.vouchers = vouchers;
        this.percent = percent;
    }

    @Override
    public Outcome handle(Customer customer, RunContext run) throws Vouchers.VouchersUnavailableException {
        run.progress(10, "requesting a voucher");
        // The job's id is the same in every run, so a repeated run gets the same voucher.
        String voucher = vouchers.voucher(run.jobId(), percent);
        return Outcome.succeeded(Map.of("customer", customer.customer(), "voucher", voucher))
                .emit("SEND_VOUCHER", Map.of("voucher", voucher, "email", customer.email()));
    }
}
