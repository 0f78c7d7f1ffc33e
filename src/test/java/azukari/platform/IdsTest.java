package azukari.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class IdsTest {

    @Test
    void ids_are_uuids_of_version_7_and_the_rfc_variant() {
        for (int i = 0; i < 10_000; i++) {
            UUID id = Ids.next();
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
        }
    }

    @Test
    void ids_grow_strictly_as_bytes_and_as_text() {
        UUID last = Ids.next();
        for (int i = 0; i < 20_000; i++) {
            UUID next = Ids.next();
            assertThat(Long.compareUnsigned(next.getMostSignificantBits(), last.getMostSignificantBits()))
                    .isPositive();
            assertThat(next.toString()).isGreaterThan(last.toString());
            last = next;
        }
    }

    @Test
    void ids_begin_with_the_time_in_milliseconds() {
        long before = SystemClock.utc().millis();
        long stamp = Ids.next().getMostSignificantBits() >>> 16;
        // The counter may push the time ahead if ids are generated faster than 4096 per millisecond.
        assertThat(stamp).isBetween(before, SystemClock.utc().millis() + 1000);
    }

    @Test
    void ids_differ_across_threads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<List<UUID>>> made = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                made.add(threads.submit(() -> {
                    List<UUID> ids = new ArrayList<>();
                    for (int j = 0; j < 5_000; j++) {
                        ids.add(Ids.next());
                    }
                    return ids;
                }));
            }
            Set<Long> ordered = new HashSet<>();
            for (Future<List<UUID>> ids : made) {
                ids.get().forEach(id -> ordered.add(id.getMostSignificantBits()));
            }
            assertThat(ordered).hasSize(20_000);
        } finally {
            threads.shutdownNow();
        }
    }
}
