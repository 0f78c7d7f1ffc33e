package azukari.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A substitute for the product in tests of the harness itself. */
final class FakeServer {
    private FakeServer() {}

    public static void main(String[] arguments) throws IOException {
        System.out.println("node " + System.getenv("AZUKARI_NODE"));
        if (System.getenv("AZUKARI_REFUSE") != null) {
            System.out.println("refused to start");
            System.exit(3);
        }
        int port = Integer.parseInt(System.getenv("AZUKARI_HTTP_PORT"));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/api/health/ready", FakeServer::ready);
        server.start();
    }

    private static void ready(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status(), -1);
        }
    }

    /** A rule of Byteman changes it in a test. */
    private static int status() {
        return 200;
    }
}
