package shop.welcome;

import java.util.Locale;
import java.util.UUID;

/** Issues vouchers. */
interface Vouchers {

    /**
     * Issues a voucher.
     *
     * @param key the idempotency key: the same key yields the same voucher
     * @throws VouchersUnavailableException if no voucher can be issued at the moment
     */
    String voucher(UUID key, int percent) throws VouchersUnavailableException;

    /** A transient failure. */
    final class VouchersUnavailableException extends Exception {
        private static final long serialVersionUID = 1L;

        VouchersUnavailableException(String message) {
            super(message);
        }
    }

    /** The number printed on a voucher. */
    static String number(UUID key, int percent) {
        return String.format(Locale.ROOT, "V-%08X", 31 * key.hashCode() + percent);
    }
}
