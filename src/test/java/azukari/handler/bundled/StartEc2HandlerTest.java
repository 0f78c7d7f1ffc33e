package azukari.handler.bundled;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.dispatch.ProgressNote;
import azukari.job.ErrorKind;
import azukari.job.JobError;
import azukari.job.JobState;
import azukari.platform.Json;
import azukari.testkit.Emitted;
import azukari.testkit.HandlerKit;
import azukari.testkit.InvalidBodyException;
import azukari.testkit.RunReport;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class StartEc2HandlerTest {
    private static final HandlerKit KIT = HandlerKit.bundled("START_EC2");

    private final StartEc2Handler handler = new StartEc2Handler();

    @Test
    void a_machine_starts_and_an_alarm_follows() {
        RunReport report = KIT.run(handler, "{\"instanceId\": \"i-1\", \"seconds\": 0}");

        assertThat(report.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(report.result()).isEqualTo(Json.read("{\"instanceId\":\"i-1\",\"state\":\"running\"}"));
        assertThat(report.followUps()).extracting(Emitted::code).containsExactly("CREATE_ALARM");
    }

    @Test
    void its_progress_grows_up_to_the_end() {
        RunReport report = KIT.run(handler, "{\"instanceId\": \"i-1\", \"seconds\": 1}");

        assertThat(report.progress()).hasSize(20).startsWith(new ProgressNote(5, "booting"));
        assertThat(report.progress()).isSortedAccordingTo((a, b) -> a.percent() - b.percent());
        assertThat(report.progress()).endsWith(new ProgressNote(100, "running"));
    }

    @Test
    void a_start_asked_to_fail_fails_permanently() {
        RunReport report = KIT.run(handler, "{\"instanceId\": \"i-1\", \"seconds\": 0, \"fail\": true}");

        assertThat(report.state()).isEqualTo(JobState.FAILED);
        assertThat(report.error()).isEqualTo(new JobError(ErrorKind.HANDLER, "instance i-1 did not start"));
        assertThat(report.followUps()).extracting(Emitted::code).containsExactly("CREATE_ALARM");
    }

    @Test
    void a_start_that_is_cancelled_stops() {
        RunReport report = KIT.event("{\"instanceId\": \"i-1\", \"seconds\": 600}")
                .cancelAfter(Duration.ofMillis(20))
                .handledBy(handler);

        assertThat(report.state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void a_start_without_an_instance_is_refused() {
        Assertions.assertThatThrownBy(() -> KIT.event("{\"seconds\": 1}")).isInstanceOf(InvalidBodyException.class);
    }
}
