package azukari.api;

import java.io.IOException;
import java.io.InputStream;

/** Reads a request's body up to a limit, whatever its headers promise. */
final class RequestBody {
    private RequestBody() {}

    /**
     * @param limit in bytes
     * @throws ProblemException 413 when there is more, 400 when it breaks off
     */
    static byte[] read(InputStream body, int limit) {
        try {
            byte[] bytes = body.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw new ProblemException(Problem.of(
                        413, "too-large", "The request is too large", "the body is longer than " + limit + " bytes"));
            }
            return bytes;
        } catch (IOException e) {
            throw ProblemException.badRequest("the body broke off: " + e.getMessage());
        }
    }
}
