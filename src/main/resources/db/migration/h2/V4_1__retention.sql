CREATE INDEX job_by_end ON job (finished_at);
