-- A run that succeeded is its job's last, and the job's row says all of it: the ledger holds the others.

DELETE FROM run WHERE outcome = 'SUCCEEDED';
ALTER TABLE run DROP CONSTRAINT run_outcome_known;
ALTER TABLE run ADD CONSTRAINT run_outcome_known
    CHECK (outcome IN ('FAILED', 'CANCELLED', 'UNCERTAIN', 'RETRY', 'SNOOZED', 'INTERRUPTED'));
