package azukari.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports, checked before anything is started, since a server that finds its port taken says so late and at length. */
final class Ports {
    private Ports() {}

    static int parse(String name, String value) throws StartException {
        try {
            int port = Integer.parseInt(value);
            if (port > 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw new StartException(name + "='" + value + "' must be a whole number from 1 to 65535");
    }

    /**
     * Refuses a port that something else listens on.
     *
     * @param setting what sets the port
     */
    static void checkFree(String host, int port, String setting) throws StartException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (IOException e) {
            throw new StartException(
                    "port " + port + " of " + host + " cannot be listened on (" + e.getMessage() + "); free it, or set "
                            + setting,
                    e);
        }
    }
}
