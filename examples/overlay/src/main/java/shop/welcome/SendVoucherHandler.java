package shop.welcome;

import azukari.handler.Handler;
import azukari.handler.Outcome;
import azukari.handler.RunContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Only logs what a real handler would send. */
@Named("sendVoucher")
@ApplicationScoped
class SendVoucherHandler implements Handler<SendVoucherHandler.Voucher> {
    private static final Logger LOG = System.getLogger(SendVoucherHandler.class.getName());

    /** The body. */
    record Voucher(String voucher, String email) {}

    @Override
    public Outcome handle(Voucher voucher, RunContext run) {
        LOG.log(Level.INFO, "{0} goes to {1}", voucher.voucher(), voucher.email());
        return Outcome.succeeded();
    }
}
