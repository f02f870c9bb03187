-- Blocks and inputs: what they ask, as JSON; NULL for other steps.
ALTER TABLE steps ADD COLUMN gate TEXT;
-- Who opened a gate, and when.
ALTER TABLE jobs ADD COLUMN unblocked_by BLOB REFERENCES users (id);
ALTER TABLE jobs ADD COLUMN unblocked_at INTEGER;
CREATE INDEX jobs_blocked ON jobs (build_id, sort_key) WHERE state = 13;
CREATE INDEX jobs_unblocked ON jobs (build_id, unblocked_at) WHERE unblocked_at IS NOT NULL;

-- The part of open_jobs that waits for other steps, the gates that wait for a person, and as what a
-- blocked build passes.
ALTER TABLE builds ADD COLUMN waiting_jobs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE builds ADD COLUMN blocked_jobs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE builds ADD COLUMN blocked_state INTEGER;
UPDATE builds SET waiting_jobs =
  (SELECT count(*) FROM jobs j JOIN steps s ON s.id = j.step_id
   WHERE j.build_id = builds.id AND j.state = 1 AND s.kind = 0)
WHERE state IN (1, 2, 3, 6);
