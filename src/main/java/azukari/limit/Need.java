package azukari.limit;

import azukari.platform.Ids;
import azukari.platform.Texts;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A capacity that a job needs before it is put on the wire.
 *
 * @param capacity made from what it is, so that every node knows it without looking it up
 * @param channel null for a lock key
 * @param key the value in the job's body, or the batch; null for a channel that all its jobs share
 */
public record Need(UUID capacity, String channel, String key) {
    private static final int LONGEST_SHOWN = 200;
    /** PostgreSQL stores no NUL, and nobody can read the others. */
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    /** A channel that all its jobs share. */
    public static Need channel(String name) {
        return new Need(Ids.named("channel", name), name, null);
    }

    /** A channel's share for one key. */
    public static Need share(String channel, String key) {
        return new Need(Ids.named("share", channel, key), channel, shown(key));
    }

    /** A lock key of an event type. */
    public static Need lock(String code, String key) {
        return new Need(Ids.named("lock", code, key), null, shown(key));
    }

    /** A place among those of a batch's children that are on the wire at a time (rule 14). */
    public static Need batch(UUID parent) {
        return new Need(Ids.named("batch", parent.toString()), Capacity.BATCH, parent.toString());
    }

    public boolean isLock() {
        return channel == null;
    }

    private static String shown(String key) {
        return Texts.shortened(CONTROL.matcher(key).replaceAll(" "), LONGEST_SHOWN);
    }
}
