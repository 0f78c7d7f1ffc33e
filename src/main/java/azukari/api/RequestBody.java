package azukari.api;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;

/** Reads a request's body up to a limit, whatever its headers promise. */
final class RequestBody {
    private RequestBody() {}

    /**
     * @param limit in bytes
     * @throws ProblemException 413 when there is more, 415 when the headers don't say JSON, 400 when it breaks off
     */
    static byte[] read(InputStream body, HttpHeaders headers, int limit) {
        MediaType type = headers.getMediaType();
        if (type == null || type.isWildcardType() || type.isWildcardSubtype()) {
            throw new ProblemException(FailureMapper.unsupportedMediaType(FailureMapper.EVENT_TYPES));
        }
        String coding = headers.getHeaderString(HttpHeaders.CONTENT_ENCODING);
        if (coding != null && !coding.isBlank() && !coding.strip().equalsIgnoreCase("identity")) {
            throw new ProblemException(
                    FailureMapper.unsupportedMediaType("send the body as it is, without Content-Encoding"));
        }
        if (promised(headers) > limit) {
            throw tooLarge(limit); // Without waiting for it.
        }
        try {
            byte[] bytes = body.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw tooLarge(limit);
            }
            return bytes;
        } catch (IOException e) {
            throw ProblemException.badRequest("the body broke off: " + e.getMessage());
        }
    }

    private static long promised(HttpHeaders headers) {
        String length = headers.getHeaderString(HttpHeaders.CONTENT_LENGTH);
        return length != null && length.matches("\\d{1,18}") ? Long.parseLong(length) : 0;
    }

    private static ProblemException tooLarge(int limit) {
        return new ProblemException(Problem.of(
                413, "too-large", "The request is too large", "the body is longer than " + limit + " bytes"));
    }
}
