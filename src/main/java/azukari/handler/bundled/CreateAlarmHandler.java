package azukari.handler.bundled;

import azukari.handler.Handler;
import azukari.handler.Outcome;
import azukari.handler.RunContext;
import azukari.notify.Notice;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** Notifies the submitter how a job ended: its body is that job's outcome document. */
@Named("createAlarm")
@ApplicationScoped
class CreateAlarmHandler implements Handler<CreateAlarmHandler.OutcomeDocument> {

    /** The outcome document of the job that ended. */
    record OutcomeDocument(
            UUID job,
            String code,
            String requestId,
            String submitter,
            String outcome,
            JsonNode result,
            JsonNode error) {}

    @Override
    public Outcome handle(OutcomeDocument ended, RunContext run) {
        return Outcome.succeeded()
                .tell(new Notice(
                        ended.job(),
                        ended.code(),
                        ended.requestId(),
                        ended.submitter() == null ? run.submitter() : ended.submitter(),
                        ended.outcome(),
                        ended.result(),
                        ended.error()));
    }
}
