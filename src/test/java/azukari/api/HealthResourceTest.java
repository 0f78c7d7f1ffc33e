package azukari.api;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.platform.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthResourceTest {

    @Test
    void a_stalled_loop_is_named_as_down_in_a_node_that_is_ready() {
        assertThat(HealthResource.document(List.of(HealthResource.loops(List.of("due-jobs", "relay")))))
                .isEqualTo(Json.read("""
                        {"status":"UP","checks":[{"name":"loops","status":"DOWN",
                         "detail":"not gone through for a minute or more: [due-jobs, relay]"}]}
                        """));
        assertThat(HealthResource.loops(List.of()).up()).isTrue();
    }
}
