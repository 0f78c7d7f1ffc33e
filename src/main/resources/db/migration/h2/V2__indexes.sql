-- H2 has no partial indexes; null stands in these columns for all rows that they are not about.
CREATE INDEX job_by_due ON job (due_at);
CREATE INDEX job_by_owner ON job (owner);
CREATE INDEX outbox_by_age ON outbox (created_at);
