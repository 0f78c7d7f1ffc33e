package azukari.handler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import azukari.database.Database;
import azukari.intake.Intake;
import azukari.intake.Submission;
import azukari.job.ErrorKind;
import azukari.job.Job;
import azukari.job.JobFilter;
import azukari.job.JobState;
import azukari.job.JobTable;
import azukari.job.RunEntry;
import azukari.job.RunOutcome;
import azukari.platform.Json;
import jakarta.inject.Inject;
import java.io.File;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.node.ObjectNode;

/** Handlers in the real container: found by CDI, run by a message-driven bean, with committed outcomes. */
@ExtendWith(ArquillianExtension.class)
class InContainerIT {
    private static final long LONGEST_MILLIS = 20_000;

    @Inject
    private Intake intake;

    @Inject
    private Database database;

    /** The built WAR, with the tests' handlers in it as in a team's overlay. */
    @Deployment
    static WebArchive deployment() {
        return ShrinkWrap.createFromZipFile(WebArchive.class, new File("target/azukari.war"))
                .addClass(TestHandlers.class);
    }

    @Test
    void emitted_events_follow_once_and_in_order() throws Exception {
        Job job = ended(post("EMITTING", "some", 3));
        assertEquals(JobState.SUCCEEDED, job.state());
        List<Job> follows = children(job);
        assertEquals(3, follows.size());
        for (int i = 0; i < 3; i++) {
            assertEquals("FOLLOW_UP", follows.get(i).code());
            assertEquals("{\"ordinal\":" + i + "}", bodyOf(follows.get(i)));
            assertEquals(job.id(), follows.get(i).root());
            assertEquals("in-container", follows.get(i).submitter());
            assertEquals(JobState.SUCCEEDED, ended(follows.get(i)).state());
        }
    }

    private String bodyOf(Job job) {
        return database.inTransaction(tx -> JobTable.payloads(tx, List.of(job.id()), Long.MAX_VALUE))
                .get(job.id())
                .body();
    }

    @Test
    void an_undeclared_event_fails_the_job() throws Exception {
        Job job = ended(post("EMITTING", "undeclared", 0));
        assertFailed(job, "NOOP");
        assertTrue(job.error().message().contains("'emits'"), job.error().message());
        assertTrue(children(job).isEmpty());
        assertFailed(ended(post("EMITTING", "unknown", 0)), "NOWHERE");
    }

    @Test
    void an_emitted_body_that_violates_its_schema_fails_the_job_and_nothing_follows() throws Exception {
        Job job = ended(post("EMITTING", "invalid", 0));
        assertFailed(job, "/ordinal");
        assertTrue(children(job).isEmpty());
    }

    /** It would take the other jobs of its message to the dead letters with it. */
    @Test
    void an_emitted_body_that_could_not_be_read_again_fails_the_job_and_nothing_follows() throws Exception {
        Job job = ended(post("EMITTING", "unreadable", 0));
        assertFailed(job, "could not be read again");
        assertTrue(children(job).isEmpty());
    }

    @Test
    void a_result_may_be_a_java_object() throws Exception {
        Job job = ended(post("DOING", "result", 0));
        assertEquals(JobState.SUCCEEDED, job.state());
        assertEquals("{\"number\":\"r-1\",\"parts\":[1,2],\"at\":\"2030-01-01T00:00:00Z\"}", job.result());
    }

    @Test
    void a_result_that_cannot_be_written_as_json_fails_the_job() throws Exception {
        assertFailed(ended(post("DOING", "unwritable", 0)), "cannot be written as JSON");
    }

    @Test
    void progress_is_visible_during_the_run() throws Exception {
        Job job = await(post("DOING", "progress", 0), seen -> seen.progressPercent() != null);
        assertEquals(40, job.progressPercent());
        assertTrue(job.progressMessage().startsWith("well on its way"), job.progressMessage());
        assertEquals(JobState.SUCCEEDED, ended(job).state());
    }

    @Test
    void a_permanent_failure_exception_is_not_retried() throws Exception {
        Job job = ended(post("DOING", "permanent", 0));
        assertFailed(job, "never");
        assertEquals(1, job.run());
    }

    @Test
    void a_failed_outcome_is_not_retried() throws Exception {
        Job job = ended(post("DOING", "failed", 0));
        assertFailed(job, "it can't be done");
        assertEquals(1, job.run());
    }

    @Test
    void an_exception_is_retried_until_the_attempts_are_used_up() throws Exception {
        Job job = ended(post("DOING", "runtime", 0));
        assertFailed(job, "not this time");
        assertEquals(3, job.attempt());
        assertEquals(
                List.of(RunOutcome.RETRY, RunOutcome.RETRY, RunOutcome.FAILED),
                runs(job).stream().map(RunEntry::outcome).toList());
        assertFailed(ended(post("DOING", "error", 0)), "an Error, too");
    }

    @Test
    void a_retry_after_an_exception_may_succeed() throws Exception {
        Job job = ended(post("DOING", "checked", 0));
        assertEquals(JobState.SUCCEEDED, job.state());
        assertNull(job.error());
        assertEquals(3, job.run());
    }

    @Test
    void a_null_outcome_is_a_failure() throws Exception {
        assertFailed(ended(post("DOING", "null", 0)), "no outcome");
    }

    @Test
    void a_snooze_uses_up_no_attempt() throws Exception {
        Job job = ended(post("DOING", "snooze", 0));
        assertEquals(JobState.SUCCEEDED, job.state());
        assertEquals(2, job.run());
        assertEquals(1, job.attempt());
        assertEquals(RunOutcome.SNOOZED, runs(job).get(0).outcome());
        assertTrue(!runs(job).get(0).counts());
    }

    @Test
    void an_interrupted_run_is_probed_first() throws Exception {
        Job happened = post("PROBED", "happened", 0);
        Job not = post("PROBED", "not", 0);
        Job unknown = post("PROBED", "unknown", 0);

        assertEquals("\"probed\"", ended(happened).result());
        assertEquals(List.of(false, true), probes(happened));
        assertEquals("\"handled\"", ended(not).result());
        assertEquals(List.of(false, true, false), probes(not));
        Job left = ended(unknown);
        assertEquals(JobState.UNCERTAIN, left.state());
        assertEquals(ErrorKind.INTERRUPTED, left.error().kind());
        assertEquals(List.of(false, true), probes(unknown));
    }

    private static List<Boolean> probes(Job job) {
        return TestHandlers.BEGUN.stream()
                .filter(begun -> begun.job().equals(job.id().toString()))
                .map(TestHandlers.Begun::probe)
                .toList();
    }

    private static void assertFailed(Job job, String why) {
        assertEquals(JobState.FAILED, job.state());
        assertNotNull(job.error());
        assertEquals(ErrorKind.HANDLER, job.error().kind());
        assertTrue(job.error().message().contains(why), job.error().message());
    }

    private Job post(String code, String what, int times) throws Exception {
        ObjectNode body = Json.object().put("what", what).put("times", times);
        return intake.accept(new Submission(code, null, body, "in-container", 4, null, null));
    }

    private Job ended(Job job) throws InterruptedException {
        return await(job, seen -> seen.finishedAt() != null);
    }

    private Job await(Job job, Predicate<Job> condition) throws InterruptedException {
        long deadline = System.currentTimeMillis() + LONGEST_MILLIS;
        while (true) {
            Job seen = database.read(em -> JobTable.find(em, job.id())).orElseThrow();
            if (condition.test(seen)) {
                return seen;
            }
            assertTrue(System.currentTimeMillis() < deadline, () -> "job " + seen.id() + " is still " + seen.state());
            Thread.sleep(50);
        }
    }

    private List<Job> children(Job job) {
        UUID parent = job.id();
        List<Job> children =
                new ArrayList<>(database.read(em -> new JobFilter(null, null, null, parent, null, null, null)
                        .page(em, 100)
                        .jobs()));
        children.sort(Comparator.comparing(Job::id));
        return children;
    }

    private List<RunEntry> runs(Job job) {
        return database.read(em -> JobTable.runs(em, JobTable.find(em, job.id()).orElseThrow(), 0, 500));
    }
}
