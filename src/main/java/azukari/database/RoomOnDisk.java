package azukari.database;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Leaves an embedded database alone while its disk is nearly full. H2 opens its file anew after each write that failed; after
 * several of those it may go back to what there was before the first one, and forget what was committed in between.
 */
public final class RoomOnDisk {
    /** For a database that looks after its own disk. */
    public static final RoomOnDisk NOT_OURS = new RoomOnDisk(null, 0);

    /** In bytes: more than what is under way can write. */
    private static final long RESERVE = 64L * 1024 * 1024;

    /** PostgreSQL's state for a full disk. */
    private static final String DISK_FULL = "53100";

    private static final Pattern EMBEDDED = Pattern.compile("jdbc:h2:(?:file:)?(?!mem:|tcp:|ssl:|zip:)([^;]+).*");

    private final File file;
    private final long reserve;

    RoomOnDisk(File file, long reserve) {
        this.file = file;
        this.reserve = reserve;
    }

    /** @param url of the database */
    static RoomOnDisk of(String url) {
        Matcher matcher = EMBEDDED.matcher(url);
        if (!matcher.matches()) {
            return NOT_OURS;
        }
        String path = matcher.group(1).replaceFirst("^~", Matcher.quoteReplacement(System.getProperty("user.home")));
        return new RoomOnDisk(new File(path).getAbsoluteFile(), RESERVE);
    }

    /**
     * Passes while there is room.
     *
     * @throws SQLException if there is too little
     */
    public void check() throws SQLException {
        if (file == null) {
            return;
        }
        File folder = file.getParentFile();
        while (!folder.exists() && folder.getParentFile() != null) {
            folder = folder.getParentFile();
        }
        long left = folder.getUsableSpace();
        if (left < reserve) {
            throw new SQLException(
                    "the disk of " + folder + " is nearly full: " + mebibytes(left)
                            + " MiB are left, and the embedded database is left alone below " + mebibytes(reserve)
                            + " MiB",
                    DISK_FULL);
        }
    }

    private static long mebibytes(long bytes) {
        return bytes / (1024 * 1024);
    }

    /** The same pool, which refuses connections while there is too little. */
    public DataSource guard(DataSource pool) {
        if (file == null) {
            return pool;
        }
        return (DataSource) Proxy.newProxyInstance(
                RoomOnDisk.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        check();
                    }
                    try {
                        return method.invoke(pool, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
