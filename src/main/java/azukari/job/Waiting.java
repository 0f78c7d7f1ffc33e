package azukari.job;

/** What a {@link JobState#WAITING} job waits for. */
public enum Waiting {
    /** Its {@code notBefore}, or the time that its handler snoozed it to. */
    TIME,
    /** The back-off before its next attempt. */
    BACKOFF
}
