package azukari.dispatch;

import azukari.platform.Texts;

/**
 * The progress that a run reports, as it is shown.
 *
 * @param percent 0 to 100
 * @param message at most {@value #LONGEST_MESSAGE} characters; null for none
 */
public record ProgressNote(int percent, String message) {
    private static final int LONGEST_MESSAGE = 500;

    /** @throws IllegalArgumentException if percent is out of range */
    public ProgressNote {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("progress must be 0 to 100 percent, not " + percent);
        }
        if (message != null) {
            String clean = message.replace('\u0000', ' '); // cannot be stored
            message = Texts.shortened(clean, LONGEST_MESSAGE);
        }
    }
}
