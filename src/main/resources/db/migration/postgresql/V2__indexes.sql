-- Partial: they hold only the few rows that they are about, whatever the backlog.
CREATE INDEX job_by_due ON job (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX job_by_owner ON job (owner) WHERE owner IS NOT NULL;
CREATE INDEX outbox_by_age ON outbox (created_at);
CREATE INDEX notification_unplaced ON notification (id) WHERE place IS NULL;
