package azukari.handler.bundled;

import static org.assertj.core.api.Assertions.assertThat;

import azukari.job.JobState;
import azukari.notify.Notice;
import azukari.platform.Json;
import azukari.testkit.Emitted;
import azukari.testkit.HandlerKit;
import azukari.testkit.RunReport;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CreateAlarmHandlerTest {
    private static final HandlerKit KIT = HandlerKit.bundled("CREATE_ALARM");
    private static final UUID JOB = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");

    private final CreateAlarmHandler handler = new CreateAlarmHandler();

    @Test
    void the_submitter_of_the_ended_job_is_notified() {
        RunReport report = KIT.run(handler, """
                {"job": "%s", "code": "START_EC2", "requestId": "r-1", "submitter": "anna", "outcome": "FAILED",
                 "error": {"kind": "HANDLER", "message": "no"}}""".formatted(JOB));

        assertThat(report.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(report.notices())
                .containsExactly(new Notice(
                        JOB,
                        "START_EC2",
                        "r-1",
                        "anna",
                        "FAILED",
                        null,
                        Json.read("{\"kind\":\"HANDLER\",\"message\":\"no\"}")));
    }

    @Test
    void the_outcome_document_of_start_ec2_is_accepted() {
        RunReport start =
                HandlerKit.bundled("START_EC2").run(new StartEc2Handler(), "{\"instanceId\":\"i-1\",\"seconds\":0}");
        Emitted alarm = start.followUps().get(0);

        RunReport report = KIT.run(handler, Json.write(alarm.body()));

        assertThat(report.notices()).singleElement().satisfies(notice -> {
            assertThat(notice.outcome()).isEqualTo("SUCCEEDED");
            assertThat(notice.submitter()).isEqualTo("anonymous");
            assertThat(notice.result()).isEqualTo(start.result());
        });
    }
}
