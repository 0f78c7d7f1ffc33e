package azukari.bench;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** POST requests that differ in their {@code requestId} only; made once, so that sending one costs next to nothing. */
final class Requests {
    private static final String PLACE = "##########";
    /** About what an event carries: 300 bytes. */
    static final String BODY = """
            {"productId":"P-10492","title":"Stainless steel water bottle, 750 ml","price":1299,"currency":"EUR",\
            "stock":412,"attributes":{"colour":"silver","weight":"310 g","material":"18/8 steel"},\
            "images":["https://img.example/p-10492-1.jpg","https://img.example/p-10492-2.jpg"],\
            "marketplace":"north"}""";

    private final byte[] bytes;
    private final int place;
    private long sent;

    private Requests(byte[] bytes, int place) {
        this.bytes = bytes;
        this.place = place;
    }

    /**
     * Requests that post events.
     *
     * @param server the address without a path
     * @param path under {@code /api/}
     * @param code the event type
     */
    static Requests of(URI server, String path, String code) {
        String event = "{\"code\":\"" + code + "\",\"requestId\":\"" + UUID.randomUUID() + "-" + PLACE
                + "\",\"submitter\":\"bench\",\"body\":" + BODY + "}";
        String request = "POST /api/" + path + " HTTP/1.1\r\nHost: " + server.getAuthority()
                + "\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: " + event.length()
                + "\r\n\r\n" + event;
        return new Requests(request.getBytes(StandardCharsets.US_ASCII), request.indexOf(PLACE));
    }

    /** The next one, to be written out before the one after it is asked for. */
    ByteBuffer next() {
        long number = sent++;
        for (int i = place + PLACE.length() - 1; i >= place; i--) {
            bytes[i] = (byte) ('0' + number % 10);
            number /= 10;
        }
        return ByteBuffer.wrap(bytes);
    }

    /** How many were made so far. */
    long sent() {
        return sent;
    }
}
