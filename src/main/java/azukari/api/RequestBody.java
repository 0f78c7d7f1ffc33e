package azukari.api;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;

/** Reads a request body up to a limit, regardless of the declared length. */
final class RequestBody {
    private RequestBody() {}

    /**
     * @param limit in bytes
     * @throws ProblemException 413 if the body is longer, 415 if the headers do not declare JSON, 400 if it ends early
     */
    static byte[] read(InputStream body, HttpHeaders headers, int limit) {
        MediaType type = headers.getMediaType();
        if (type == null || type.isWildcardType() || type.isWildcardSubtype()) {
            throw new ProblemException(FailureMapper.unsupportedMediaType(FailureMapper.EVENT_TYPES));
        }
        String coding = headers.getHeaderString(HttpHeaders.CONTENT_ENCODING);
        if (coding != null && !coding.isBlank() && !coding.strip().equalsIgnoreCase("identity")) {
            throw new ProblemException(
                    FailureMapper.unsupportedMediaType("send the body unencoded, without Content-Encoding"));
        }
        if (declaredLength(headers) > limit) {
            throw tooLarge(limit); // Without waiting for the body.
        }
        try {
            byte[] bytes = body.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw tooLarge(limit);
            }
            return bytes;
        } catch (IOException e) {
            throw ProblemException.badRequest("the body ended early: " + e.getMessage());
        }
    }

    private static long declaredLength(HttpHeaders headers) {
        String length = headers.getHeaderString(HttpHeaders.CONTENT_LENGTH);
        return length != null && length.matches("\\d{1,18}") ? Long.parseLong(length) : 0;
    }

    private static ProblemException tooLarge(int limit) {
        return new ProblemException(
                Problem.of(413, "too-large", "Request too large", "the body exceeds " + limit + " bytes"));
    }
}
