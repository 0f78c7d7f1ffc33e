-- H2 binds a list of constants in a check, IN ('A', 'B'), to the session that made the check: when that connection is closed,
-- every statement that has to be checked fails, until the database is opened anew. So no check has a list.
ALTER TABLE job DROP CONSTRAINT job_state_known;
ALTER TABLE job ADD CONSTRAINT job_state_known
    CHECK (state = ANY(ARRAY['WAITING', 'QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'UNCERTAIN']));

ALTER TABLE job DROP CONSTRAINT job_time_has_due;
ALTER TABLE job ADD CONSTRAINT job_time_has_due
    CHECK (waiting_for IS NULL OR (waiting_for <> 'TIME' AND waiting_for <> 'BACKOFF') OR due_at IS NOT NULL);

ALTER TABLE job DROP CONSTRAINT job_ended_has_time;
ALTER TABLE job ADD CONSTRAINT job_ended_has_time
    CHECK ((state = ANY(ARRAY['SUCCEEDED', 'FAILED', 'CANCELLED', 'UNCERTAIN'])) = (finished_at IS NOT NULL));

ALTER TABLE job DROP CONSTRAINT job_failed_says_why;
ALTER TABLE job ADD CONSTRAINT job_failed_says_why
    CHECK ((state <> 'FAILED' AND state <> 'UNCERTAIN') OR error_kind IS NOT NULL);

ALTER TABLE job DROP CONSTRAINT job_queued_is_fenced;
ALTER TABLE job ADD CONSTRAINT job_queued_is_fenced
    CHECK ((state <> 'QUEUED' AND state <> 'RUNNING') OR fence > 0);

ALTER TABLE job DROP CONSTRAINT job_cancelling_goes_on;
ALTER TABLE job ADD CONSTRAINT job_cancelling_goes_on
    CHECK (NOT cancelling OR state = ANY(ARRAY['WAITING', 'QUEUED', 'RUNNING']));

ALTER TABLE run DROP CONSTRAINT run_outcome_known;
ALTER TABLE run ADD CONSTRAINT run_outcome_known
    CHECK (outcome = ANY(ARRAY['FAILED', 'CANCELLED', 'UNCERTAIN', 'RETRY', 'SNOOZED', 'INTERRUPTED']));
