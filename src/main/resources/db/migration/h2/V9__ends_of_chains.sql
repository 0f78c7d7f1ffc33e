-- Of two conditions H2 takes an index that has both; by its parent alone it would read every first job there is.
DROP INDEX job_by_end;
CREATE INDEX job_by_end ON job (parent, finished_at);
