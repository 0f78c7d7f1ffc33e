package azukari.limit;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import azukari.catalog.Channel;
import azukari.catalog.Rate;
import azukari.database.Database;
import azukari.dispatch.Bench;
import azukari.job.Job;
import azukari.job.JobOrder;
import azukari.platform.Ids;
import azukari.testing.CountingSource;
import azukari.testing.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
    /** As many as a batch's end is told by. */
    private static final int KEYS = 20;

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

    private Forecasts forecasts() {
        return new Forecasts(bench.database, bench.holdTimes, bench.clock);
    }

    private Forecast of(Job job) {
        return forecasts().of(job.id()).orElseThrow();
    }

    private void pause(String channel) {
        bench.database.inTransaction(tx -> {
            ChannelTable.pause(tx, channel, true);
            return null;
        });
    }

    private void channel(String rate, Integer concurrency) {
        channel("north", rate, concurrency);
    }

    private void channel(String name, String rate, Integer concurrency) {
        bench.database.inTransaction(tx -> {
            ChannelTable.declare(
                    tx,
                    new Channel(name, Optional.ofNullable(rate).map(Rate::parse), Optional.ofNullable(concurrency)),
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
        pause("north");

        assertThat(of(job).paused()).isTrue();
        assertThat(of(job).expectedStart()).isNull();
    }

    @Test
    void a_job_that_waits_for_nothing_has_no_forecast() {
        Job job = bench.accept(anOrder().build());

        assertThat(forecasts().of(job.id())).isEmpty();
    }

    @Test
    void a_list_tells_which_of_its_jobs_wait_for_a_paused_channel() {
        channel("north", "2/s", null);
        channel("south", "2/s", null);
        Job north = accept(1, "me").get(0);
        Job south = bench.accept(anOrder().needs(Need.channel("south")).build());
        Job plain = bench.accept(anOrder().build());
        pause("south");

        assertThat(forecasts().paused(List.of(north.id(), south.id(), plain.id())))
                .containsExactly(south.id());
        assertThat(of(north).paused()).isFalse();
        assertThat(of(south).paused()).isTrue();
    }

    @Test
    void a_batch_with_many_keys_tells_when_the_last_of_them_ends_with_few_statements() {
        CountingSource counting = new CountingSource(bench.store.source());
        channel("north", "2/s", null);
        bench.holdTimes.note("NOOP", Duration.ofSeconds(10));
        UUID batch = bench.accept(anOrder().children(KEYS * 2).build()).id();
        bench.accept(IntStream.range(0, KEYS * 2)
                .mapToObj(i -> anOrder()
                        .childOf(batch, i)
                        .needs(Need.share("north", "key-" + (i < KEYS ? i : KEYS - 1)))
                        .build())
                .toList());

        Optional<Instant> end;
        try (Database counted = new Database(counting.source())) {
            end = new Forecasts(counted, bench.holdTimes, bench.clock).endOf(batch);
        }

        assertThat(counting.statements()).hasSizeLessThan(10);
        assertThat(Duration.between(bench.clock.instant(), end.orElseThrow()))
                .as("of the line with %d jobs, and its last call", KEYS + 1)
                .isBetween(Duration.ofSeconds(19), Duration.ofSeconds(22));
    }
}
