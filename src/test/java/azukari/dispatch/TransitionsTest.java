package azukari.dispatch;

import static azukari.job.Orders.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import azukari.dispatch.Operations.Decision;
import azukari.handler.Outcome;
import azukari.intake.Batch;
import azukari.intake.Submission;
import azukari.job.IllegalTransitionException;
import azukari.job.Job;
import azukari.job.JobEvent;
import azukari.job.JobState;
import azukari.job.JobTable.Queued;
import azukari.job.RunRef;
import azukari.job.Transitions;
import azukari.job.Transitions.Transition;
import azukari.limit.Need;
import azukari.platform.Json;
import azukari.testing.Store;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every row of the table of transitions, driven by the product's own steps on a real store. A row that is declared without a
 * scenario here fails.
 */
@ParameterizedClass
@EnumSource(Store.class)
class TransitionsTest {
    private static final String DOUBTFUL = """
            code: DOUBTFUL
            title: Work that may not be repeated
            description: A test's event type.
            owner: tests
            body: {type: object}
            examples: [{}]
            handler: {bean: noop}
            onCrash: ask
            """;

    private static final String FAN_OUT = """
            code: BOTH
            title: Work on two places
            description: A test's event type.
            owner: tests
            body: {type: object}
            examples: [{}]
            handler: {fanOut: [NOOP, DOUBTFUL]}
            """;

    private static final Set<JobEvent> OF_PARENTS =
            EnumSet.of(JobEvent.JOIN, JobEvent.FAIL_WITH_CHILDREN, JobEvent.RETRY_CHILDREN);

    @Parameter
    private Store store;

    private Bench bench;

    @BeforeEach
    void open() {
        bench = new Bench(store, Map.of("doubtful.yaml", DOUBTFUL, "fan-out.yaml", FAN_OUT));
    }

    @AfterEach
    void close() {
        bench.close();
    }

    static Stream<Transition> declared() {
        return Transitions.all().stream();
    }

    @ParameterizedTest
    @MethodSource("declared")
    void each_declared_transition_happens(Transition transition) throws Exception {
        Job job = before(transition);
        if (transition.from() == JobState.RUNNING) {
            bench.claim(job);
        } else if (transition.event() == JobEvent.RETRY_CHILDREN) {
            endWithChildren(job, transition.from());
        } else if (transition.from() != null && transition.from().ended()) {
            end(job, transition.from());
        }
        if (transition.from() != null) {
            assertThat(bench.read(job.id()).state()).as("before").isEqualTo(transition.from());
        }

        drive(transition.event(), job);

        assertThat(bench.read(job.id()).state()).as("after").isEqualTo(transition.to());
    }

    private static Submission noop() {
        return new Submission("NOOP", null, Json.object(), "tester", 4, null, null);
    }

    private Job childOf(Job parent) {
        return bench.chainOf(parent).stream().filter(Job::child).findFirst().orElseThrow();
    }

    private void endWithChildren(Job parent, JobState as) {
        if (as == JobState.CANCELLED) {
            bench.operations.cancel(parent.id());
            bench.dueJobs.pass();
        } else {
            bench.end(childOf(parent), Outcome.failed("no"));
        }
        bench.families.pass();
    }

    private Job before(Transition transition) throws Exception {
        if (OF_PARENTS.contains(transition.event())) {
            return bench.intake.accept(Batch.of(null, "tester", List.of(noop())));
        }
        if (transition.event() == JobEvent.FAN_OUT) {
            return bench.accept(anOrder().code("BOTH").build());
        }
        boolean later = transition.event() == JobEvent.ACCEPT_LATER || transition.from() == JobState.WAITING;
        boolean doubtful = transition.event() == JobEvent.DOUBT || transition.from() == JobState.UNCERTAIN;
        String code = doubtful ? "DOUBTFUL" : "NOOP";
        boolean limited = transition.event() == JobEvent.ADMIT || transition.event() == JobEvent.SEND_BACK;
        if (limited) {
            Job job = bench.accept(anOrder()
                    .code(code)
                    .needs(Need.channel("test"))
                    .expireAfter(Duration.ofMinutes(10))
                    .build());
            if (transition.event() == JobEvent.SEND_BACK) {
                assertThat(bench.admission.pass()).isNotNull();
                return bench.read(job.id());
            }
            return job;
        }
        return bench.accept(anOrder()
                .code(code)
                .notBefore(later ? bench.clock.instant().plusSeconds(60) : null)
                .expireAfter(Duration.ofMinutes(10))
                .build());
    }

    private void end(Job job, JobState as) {
        bench.claim(job);
        switch (as) {
            case FAILED -> finish(job, Outcome.failed("no"));
            case CANCELLED -> finish(job, bench.verdicts.cancelled(bench.workOf(job)));
            case UNCERTAIN -> bench.exits.interrupt(bench.read(job.id()), "a test");
            default -> throw new AssertionError("no way out of " + as);
        }
    }

    private void drive(JobEvent event, Job job) {
        switch (event) {
            case ACCEPT, ACCEPT_LATER -> {
                // Accepting it was the event.
            }
            case COME_DUE -> {
                bench.clock.advance(Duration.ofSeconds(61));
                bench.dueJobs.pass();
            }
            case ADMIT -> assertThat(bench.admission.pass()).isNotNull();
            case SEND_BACK -> {
                if (bench.read(job.id()).state() == JobState.RUNNING) {
                    finish(job, Verdicts.sentBack(bench.clock.instant()));
                } else {
                    assertThat(bench.exits.leave(Leaving.unclaimed(
                                    bench.workOf(job),
                                    Verdicts.sentBack(bench.clock.instant()),
                                    bench.clock.instant())))
                            .isTrue();
                }
            }
            case CLAIM -> bench.claim(job);
            case EXPIRE -> {
                bench.clock.advance(Duration.ofSeconds(661));
                bench.dueJobs.pass();
            }
            case SUCCEED -> finish(job, Outcome.succeeded());
            case FAIL -> finish(job, Outcome.failed("no"));
            case FAN_OUT -> finish(job, bench.verdicts.fannedOut(bench.workOf(job), Json.object()));
            case JOIN -> {
                bench.end(childOf(job), Outcome.succeeded());
                bench.families.pass();
            }
            case FAIL_WITH_CHILDREN -> endWithChildren(job, JobState.FAILED);
            case RETRY_CHILDREN -> bench.operations.retry(job.id());
            case POSTPONE -> finish(job, Outcome.retry("not yet"));
            case STAND_ASIDE -> {
                Leaving aside = Leaving.unclaimed(
                        bench.workOf(job), Verdicts.standingAside(bench.clock.instant()), bench.clock.instant());
                assertThat(bench.exits.leave(aside)).isTrue();
            }
            case RESEND -> {
                int sent = bench.committer.commit(
                        tx -> bench.exits.resend(tx, List.of(new Queued(job.id(), job.fence()))));
                assertThat(sent).isEqualTo(1);
                assertThat(bench.read(job.id()).fence())
                        .as("what was sent before is out of date")
                        .isEqualTo(job.fence() + 1);
                assertThat(bench.claims(job.id(), job.fence())).isFalse();
                assertThat(bench.outboxOf(job)).contains(job.fence() + 1);
            }
            case CANCEL -> {
                bench.operations.cancel(job.id());
                if (bench.read(job.id()).state() == JobState.RUNNING) { // It was only asked.
                    finish(job, bench.verdicts.cancelled(bench.workOf(job)));
                }
            }
            case RETRY -> bench.operations.retry(job.id());
            case RESOLVE_SUCCEEDED -> bench.operations.resolve(job.id(), Decision.SUCCEEDED, null);
            case RESOLVE_FAILED -> bench.operations.resolve(job.id(), Decision.FAILED, null);
            case INTERRUPT, DOUBT -> {
                bench.claim(job);
                assertThat(bench.exits.interrupt(bench.read(job.id()), "a test"))
                        .isTrue();
            }
        }
    }

    private void finish(Job job, Outcome outcome) {
        finish(job, bench.verdicts.of(bench.workOf(job), outcome));
    }

    private void finish(Job job, Verdict verdict) {
        Job now = bench.read(job.id());
        assertThat(bench.leave(now, RunRef.of(now), verdict)).isTrue();
    }

    @Test
    void what_is_not_in_the_table_throws_with_job_state_and_event() {
        UUID job = UUID.randomUUID();

        assertThatThrownBy(() -> Transitions.next(job, JobState.SUCCEEDED, JobEvent.CLAIM))
                .isInstanceOf(IllegalTransitionException.class)
                .hasMessageContainingAll(job.toString(), "SUCCEEDED", "CLAIM");
    }

    @Test
    void an_ended_job_has_no_way_out_but_an_operators_and_none_when_it_succeeded() {
        assertThat(Transitions.all())
                .filteredOn(row -> row.from() != null && row.from().ended())
                .allMatch(row -> row.from() == JobState.UNCERTAIN
                        || ((row.event() == JobEvent.RETRY || row.event() == JobEvent.RETRY_CHILDREN)
                                && row.from() != JobState.SUCCEEDED));
    }
}
