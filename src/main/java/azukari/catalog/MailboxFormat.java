package azukari.catalog;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.format.Format;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The formats {@code email} and {@code idn-email} as JSON Schema defines them: a mailbox by its form alone (RFC 5321, section
 * 4.1.2; RFC 6531, section 3.3), whether or not its top-level domain is known to anybody.
 */
final class MailboxFormat implements Format {
    private static final int LONGEST_LOCAL_PART = 64; // in octets; RFC 5321, section 4.5.3.1
    private static final int LONGEST_DOMAIN = 255;
    private static final String ATOM = "[%1$s!#$%%&'*+/=?^_`{|}~-]+";
    private static final String DOT_STRING = ATOM + "(?:\\." + ATOM + ")*";
    private static final String QUOTED = "\"(?:[ !#-\\[\\]-~%2$s]|\\\\[ -~])*\"";
    private static final String LABEL = "[%1$s](?:[%1$s-]{0,61}[%1$s])?";
    private static final String DOMAIN = LABEL + "(?:\\." + LABEL + ")*";
    private static final String LITERAL = "\\[(?:(?<four>\\d{1,3}(?:\\.\\d{1,3}){3})|IPv6:(?<six>[0-9A-Fa-f:.]+))]";
    private static final String BEYOND_ASCII = "\\x{80}-\\x{10FFFF}";

    private final String name;
    private final Pattern form;

    private MailboxFormat(String name, String beyond) {
        this.name = name;
        String mailbox = "(?<local>" + DOT_STRING + "|" + QUOTED + ")@(?:(?<domain>" + DOMAIN + ")|" + LITERAL + ")";
        this.form = Pattern.compile(mailbox.formatted("A-Za-z0-9" + beyond, beyond));
    }

    /** ASCII only. */
    static Format email() {
        return new MailboxFormat("email", "");
    }

    /** With characters beyond ASCII on either side. */
    static Format idnEmail() {
        return new MailboxFormat("idn-email", BEYOND_ASCII);
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public String getMessageKey() {
        return "format." + name;
    }

    @Override
    public boolean matches(ExecutionContext context, String value) {
        Matcher mailbox = form.matcher(value);
        return mailbox.matches()
                && octets(mailbox.group("local")) <= LONGEST_LOCAL_PART
                && octets(mailbox.group("domain")) <= LONGEST_DOMAIN
                && isIpv4(mailbox.group("four"))
                && isIpv6(mailbox.group("six"));
    }

    private static int octets(String part) {
        return part == null ? 0 : part.getBytes(StandardCharsets.UTF_8).length;
    }

    private static boolean isIpv4(String address) {
        return address == null || Stream.of(address.split("\\.", -1)).allMatch(part -> Integer.parseInt(part) <= 255);
    }

    /** What is in brackets is never looked up as a name. */
    private static boolean isIpv6(String address) {
        if (address == null) {
            return true;
        }
        try {
            InetAddress unused = InetAddress.getByName("[" + address + "]");
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
