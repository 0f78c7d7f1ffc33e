package azukari.launcher;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Deadlines for connections to PostgreSQL, by the driver's parameters. Without them, a database that vanishes without a word
 * (a firewall, a lost host) holds whoever waits for its answer until the operating system gives up, after 15 minutes or so.
 */
final class PostgresDeadlines {
    /** Longer than any statement should take; an answer that comes later counts as lost. */
    private static final int ANSWER_SECONDS = 10;
    /** A beat that takes longer is of no use. */
    private static final int BEAT_SECONDS = 5;

    private static final int CONNECT_SECONDS = 5;
    /** So much earlier the database ends a statement itself: the connection stays, and no backend is left waiting for a lock. */
    private static final int EARLIER_SECONDS = 1;

    private PostgresDeadlines() {}

    /** The address for the pool of all work. */
    static String forWork(Settings.Database database) {
        return with(database, ANSWER_SECONDS);
    }

    /** The address for the beat's own pool. */
    static String forBeats(Settings.Database database) {
        return with(database, BEAT_SECONDS);
    }

    private static String with(Settings.Database database, int answerSeconds) {
        return database.isPostgres() ? with(database.url(), answerSeconds) : database.url();
    }

    /** What the address sets itself stays as it is; who waits longer for an answer is given longer statements, too. */
    private static String with(String address, int answerSeconds) {
        Map<String, String> parameters = new TreeMap<>(Map.of(
                "connectTimeout", Integer.toString(CONNECT_SECONDS),
                "loginTimeout", Integer.toString(CONNECT_SECONDS),
                "socketTimeout", Integer.toString(answerSeconds),
                "tcpKeepAlive", "true"));
        if (!sets(address, "socketTimeout")) {
            int millis = (answerSeconds - EARLIER_SECONDS) * 1000;
            parameters.put("options", "-c%20statement_timeout%3D" + millis);
        }
        StringBuilder url = new StringBuilder(address);
        parameters.forEach((name, value) -> {
            if (!sets(address, name)) {
                url.append(url.indexOf("?") < 0 ? '?' : '&')
                        .append(name)
                        .append('=')
                        .append(value);
            }
        });
        return url.toString();
    }

    private static boolean sets(String address, String name) {
        String given = address.toLowerCase(Locale.ROOT);
        String lower = name.toLowerCase(Locale.ROOT);
        return given.contains("?" + lower + "=") || given.contains("&" + lower + "=");
    }
}
