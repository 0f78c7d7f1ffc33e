package azukari.job;

import azukari.platform.Texts;

/**
 * What went wrong.
 *
 * @param kind the kind of failure
 * @param message for people, at most {@value #MAX_MESSAGE} characters, never a stack trace
 */
public record JobError(ErrorKind kind, String message) {
    private static final int MAX_MESSAGE = 2000;

    public JobError {
        String clean = message == null ? "" : message.replace('\u0000', ' ');
        message = Texts.shortened(clean, MAX_MESSAGE);
    }
}
