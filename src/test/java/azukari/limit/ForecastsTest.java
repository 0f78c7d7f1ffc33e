package azukari.limit;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.catalog.Channel;
import azukari.catalog.Rate;
import azukari.dispatch.Bench;
import azukari.job.Job;
import azukari.job.JobOrder;
import azukari.platform.Ids;
import azukari.testing.Store;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a waiting job says about its wait. */
@ParameterizedClass
@EnumSource(Store.class)
class ForecastsTest {
    private static final Need NORTH = Need.channel("north");

    @Parameter
    private Store store;

    private Bench bench;

    @BeforeEach
    void open() {
        bench = new Bench(store);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private List<Job> accept(int count, String submitter) {
        return bench.accept(IntStream.range(0, count)
                .mapToObj(i -> JobOrder.builder()
                        .id(Ids.next())
                        .code("NOOP")
                        .submitter(submitter)
                        .priority(4)
                        .body("{}")
                        .lane("default")
                        .maxAttempts(3)
                        .expireAfter(Duration.ofDays(1))
                        .needs(List.of(NORTH))
                        .build())
                .toList());
    }

    private Forecast of(Job job) {
        return new Forecasts(bench.database, bench.holdTimes, bench.clock)
                .of(job.id(), job.code())
                .orElseThrow();
    }

    private void channel(String rate, Integer concurrency) {
        bench.database.inTransaction(tx -> {
            ChannelTable.declare(
                    tx,
                    new Channel("north", Optional.ofNullable(rate).map(Rate::parse), Optional.ofNullable(concurrency)),
                    Optional.empty());
            return null;
        });
    }

    @Test
    void a_rate_tells_when_a_job_begins() {
        channel("2/s", null);
        List<Job> jobs = accept(101, "me");

        Forecast last = of(jobs.get(100));

        assertThat(last.name()).isEqualTo("north");
        assertThat(last.ahead()).isEqualTo(100);
        assertThat(last.exact()).isTrue();
        assertThat(Duration.between(bench.clock.instant(), last.expectedStart()))
                .isBetween(Duration.ofSeconds(49), Duration.ofSeconds(52));
    }

    @Test
    void others_take_turns_with_whoever_has_many() {
        channel("2/s", null);
        List<Job> many = accept(50, "many");
        List<Job> few = accept(2, "one");

        assertThat(of(few.get(1)).ahead()).isEqualTo(2);
        assertThat(of(many.get(49)).ahead()).isEqualTo(51);
    }

    @Test
    void a_concurrency_tells_it_from_how_long_such_runs_took() {
        channel(null, 10);
        bench.holdTimes.note("NOOP", Duration.ofSeconds(10));
        List<Job> jobs = accept(110, "me");
        bench.admission.look(List.of(NORTH.capacity()));
        bench.letPass(Duration.ZERO);

        Forecast last = of(jobs.get(109));

        assertThat(last.ahead()).isEqualTo(99);
        assertThat(Duration.between(bench.clock.instant(), last.expectedStart()))
                .isBetween(Duration.ofSeconds(95), Duration.ofSeconds(105));
    }

    @Test
    void a_paused_channel_does_not_say_when() {
        channel("2/s", null);
        Job job = accept(1, "me").get(0);
        bench.database.inTransaction(tx -> {
            ChannelTable.pause(tx, "north", true);
            return null;
        });

        assertThat(of(job).paused()).isTrue();
        assertThat(of(job).expectedStart()).isNull();
    }

    @Test
    void a_job_that_waits_for_nothing_has_no_forecast() {
        Job job = bench.accept(anOrder().build());

        assertThat(new Forecasts(bench.database, bench.holdTimes, bench.clock).of(job.id(), job.code()))
                .isEmpty();
    }
}
