package azukari.job;

/** What a {@link JobState#WAITING} job waits for. */
public enum Waiting {
    /** Its {@code notBefore}, or the time until which its handler snoozed it. */
    TIME,
    /** The back-off before its next attempt. */
    BACKOFF,
    /** Its lock key, which another job has. */
    LOCK,
    /** Room in a channel. */
    CHANNEL,
    /** The ends of its children. */
    CHILDREN
}
