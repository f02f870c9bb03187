-- Updates of steps that have been made, so that a repeat changes nothing.
CREATE TABLE step_updates (
  step_id BLOB NOT NULL REFERENCES steps (id) ON DELETE CASCADE,
  request TEXT NOT NULL,
  PRIMARY KEY (step_id, request)
) STRICT, WITHOUT ROWID;

-- timeout_in_minutes: in place of the step's. promised_*: the failure that stands even when the job
-- reports success.
ALTER TABLE jobs ADD COLUMN timeout_in_minutes INTEGER;
ALTER TABLE jobs ADD COLUMN promised_exit_status INTEGER;
ALTER TABLE jobs ADD COLUMN promised_reason TEXT NOT NULL DEFAULT '';
