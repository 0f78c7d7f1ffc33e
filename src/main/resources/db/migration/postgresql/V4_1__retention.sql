-- The first jobs of chains, by their end: what retention looks at. An UNCERTAIN job waits for somebody and stays.
CREATE INDEX job_by_end ON job (finished_at) WHERE finished_at IS NOT NULL AND parent IS NULL AND state <> 'UNCERTAIN';
