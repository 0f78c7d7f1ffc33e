package azukari.launcher;

import azukari.platform.Lane;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The names of all settings: any other name with the same prefix is a mistake. */
final class SettingNames {
    static final String PREFIX = "AZUKARI_";

    private static final List<String> NAMES = List.of(
            "AZUKARI_HTTP_PORT",
            "AZUKARI_HTTP_HOST",
            "AZUKARI_HTTP_ALLOWED_HOSTS",
            "AZUKARI_DATA_DIR",
            "AZUKARI_CATALOG_DIR",
            "AZUKARI_DB_URL",
            "AZUKARI_DB_USER",
            "AZUKARI_DB_PASSWORD",
            "AZUKARI_BROKER_URL",
            "AZUKARI_BROKER_USER",
            "AZUKARI_BROKER_PASSWORD",
            "AZUKARI_BROKER_PORT",
            "AZUKARI_NODE",
            "AZUKARI_MAX_BODY",
            "AZUKARI_DRAIN",
            "AZUKARI_RESCUE",
            "AZUKARI_RETENTION",
            "AZUKARI_LOG");

    private SettingNames() {}

    /** What is wrong with the names in an environment: one problem for each unknown name. */
    static List<String> problems(Collection<String> names) {
        return names.stream()
                .filter(name -> name.startsWith(PREFIX) && !isKnown(name))
                .sorted()
                .map(name -> name + " is not a setting of Azukari; the settings are "
                        + all().collect(Collectors.joining(", ")))
                .toList();
    }

    private static boolean isKnown(String name) {
        return all().anyMatch(name::equals);
    }

    private static Stream<String> all() {
        return Stream.concat(NAMES.stream(), Arrays.stream(Lane.values()).map(Lane::setting));
    }
}
