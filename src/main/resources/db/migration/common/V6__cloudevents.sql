-- The extension attributes of an event that was posted as CloudEvents: a JSON object, or nothing.

ALTER TABLE job ADD COLUMN extensions varchar;
