package shop.welcome;

import java.util.Locale;
import java.util.UUID;

/** Where vouchers come from. */
interface Vouchers {

    /**
     * A new voucher.
     *
     * @param key the same key gives the same voucher
     * @throws VouchersAwayException when none can be had for the moment
     */
    String voucher(UUID key, int percent) throws VouchersAwayException;

    /** Ask again later. */
    final class VouchersAwayException extends Exception {
        private static final long serialVersionUID = 1L;

        VouchersAwayException(String message) {
            super(message);
        }
    }

    /** The number that is printed on a voucher. */
    static String number(UUID key, int percent) {
        return String.format(Locale.ROOT, "V-%08X", 31 * key.hashCode() + percent);
    }
}
