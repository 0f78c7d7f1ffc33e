package azukari.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Checks ports before anything is started, because a server that finds its port in use reports it late and at length.
 */
final class Ports {
    private Ports() {}

    static int parse(String name, String value) throws StartException {
        try {
            int port = Integer.parseInt(value);
            if (port > 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Reported below, as for a number out of range.
        }
        throw new StartException(name + "='" + value + "' must be a whole number from 1 to 65535");
    }

    /**
     * Refuses a port on which something else listens.
     *
     * @param setting the setting that determines the port
     */
    static void checkFree(String host, int port, String setting) throws StartException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (IOException e) {
            throw new StartException(
                    "cannot listen on port " + port + " of " + host + " (" + e.getMessage() + "); free it, or set "
                            + setting,
                    e);
        }
    }
}
