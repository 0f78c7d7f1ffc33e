package azukari.api;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.dispatch.Bench;
import azukari.job.Job;
import azukari.limit.Need;
import azukari.testing.Store;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ChainDocumentTest {
    private static final int CHILDREN = 5;

    @Test
    void a_chain_with_more_jobs_than_are_shown_says_so() {
        try (Bench bench = new Bench(Store.H2)) {
            Job parent = bench.accept(anOrder().children(CHILDREN).build());
            bench.accept(IntStream.range(0, CHILDREN)
                    .mapToObj(i -> anOrder().childOf(parent.id(), i).build())
                    .toList());

            ObjectNode whole = document(parent, bench.chainOf(parent), CHILDREN + 1);
            assertThat(whole.path("children")).hasSize(CHILDREN);
            assertThat(whole.has("omitted")).isFalse();

            ObjectNode cut = document(parent, bench.chainOf(parent), CHILDREN);
            assertThat(cut.path("children")).hasSize(CHILDREN - 1);
            assertThat(cut.path("omitted").asString()).contains("more than 5 jobs");
        }
    }

    @Test
    void a_job_that_waits_for_a_paused_channel_says_so_in_a_list_too() {
        try (Bench bench = new Bench(Store.H2)) {
            Job job = bench.accept(anOrder().needs(Need.channel("north")).build());

            assertThat(JobDocument.of(job, Set.of()).path("waiting").path("for").asString())
                    .isEqualTo("CHANNEL");
            assertThat(JobDocument.of(job, Set.of(job.id()))
                            .path("waiting")
                            .path("for")
                            .asString())
                    .isEqualTo("PAUSED");
        }
    }

    private static ObjectNode document(Job root, List<Job> jobs, int most) {
        return ChainDocument.of(root.id(), jobs, most, Set.of()).orElseThrow();
    }
}
