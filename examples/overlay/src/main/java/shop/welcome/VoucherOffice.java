package shop.welcome;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** Simulates the service that issues vouchers: any bean can be injected into a handler. */
@ApplicationScoped
class VoucherOffice implements Vouchers {
    @Override
    public String voucher(UUID key, int percent) {
        return Vouchers.number(key, percent);
    }
}
