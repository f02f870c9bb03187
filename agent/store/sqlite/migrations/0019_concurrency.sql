-- Concurrency groups of an organization. Whoever lets jobs in locks the row.
CREATE TABLE concurrency_groups (
  id              BLOB NOT NULL PRIMARY KEY,
  organization_id BLOB NOT NULL REFERENCES organizations (id),
  name            TEXT NOT NULL,
  UNIQUE (organization_id, name)
) STRICT;

-- concurrency_limit, concurrency_method: as its step said. limited_at: when nothing but the group
-- was in its way. scheduled_at is the age that counts, which uploaded jobs and retries inherit.
ALTER TABLE jobs ADD COLUMN concurrency_group_id BLOB REFERENCES concurrency_groups (id);
ALTER TABLE jobs ADD COLUMN concurrency_limit INTEGER;
ALTER TABLE jobs ADD COLUMN concurrency_method INTEGER;
ALTER TABLE jobs ADD COLUMN limited_at INTEGER;
-- While it waits for other steps: a gate that nobody has opened is among what these wait for.
ALTER TABLE jobs ADD COLUMN awaits_gate INTEGER NOT NULL DEFAULT 0;
CREATE INDEX jobs_by_group ON jobs
  (concurrency_group_id, state, scheduled_at, build_id, sort_key, id)
  WHERE concurrency_group_id IS NOT NULL;
CREATE INDEX jobs_in_line ON jobs (concurrency_group_id, scheduled_at, build_id, sort_key, id)
  WHERE concurrency_group_id IS NOT NULL AND state = 1 AND awaits_gate = 0;
CREATE INDEX steps_with_gate ON steps (build_id) WHERE gate IS NOT NULL;
CREATE INDEX jobs_limited ON jobs (concurrency_group_id, concurrency_method, concurrency_limit)
  WHERE state = 17;
CREATE INDEX jobs_limited_by_priority ON jobs
  (concurrency_group_id, priority DESC, scheduled_at, build_id, sort_key, id)
  WHERE state = 17 AND concurrency_method = 2;

-- cancel_on_build_failing: its jobs are canceled when the build turns failing.
ALTER TABLE steps ADD COLUMN cancel_on_build_failing INTEGER NOT NULL DEFAULT 0;
CREATE INDEX steps_canceled_on_failing ON steps (build_id) WHERE cancel_on_build_failing = 1;
