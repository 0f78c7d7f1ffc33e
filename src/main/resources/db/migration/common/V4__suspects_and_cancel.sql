-- Rule 7: how many deaths of a process in a row cut the job's runs off, and how many of them count against it.
ALTER TABLE job ADD COLUMN interrupted integer DEFAULT 0 NOT NULL;
ALTER TABLE job ADD COLUMN deaths integer DEFAULT 0 NOT NULL;
ALTER TABLE job ADD CONSTRAINT job_deaths_interrupt CHECK (deaths >= 0 AND interrupted >= deaths);

-- Somebody asked for its end while it ran, or while it was in doubt: whoever has it next sees to that.
ALTER TABLE job ADD COLUMN cancelling boolean DEFAULT FALSE NOT NULL;
ALTER TABLE job ADD CONSTRAINT job_cancelling_goes_on CHECK (NOT cancelling OR state IN ('WAITING', 'QUEUED', 'RUNNING'));

ALTER TABLE run DROP CONSTRAINT run_outcome_known;
ALTER TABLE run ADD CONSTRAINT run_outcome_known
    CHECK (outcome IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'UNCERTAIN', 'RETRY', 'SNOOZED', 'INTERRUPTED'));

-- A node that stops may be ended by force: what that cuts off is nobody's fault. The job that an incarnation's end counted
-- against is kept, because a node that was only frozen comes back and takes it back.
ALTER TABLE node ADD COLUMN draining boolean DEFAULT FALSE NOT NULL;
ALTER TABLE node ADD COLUMN blamed uuid;
