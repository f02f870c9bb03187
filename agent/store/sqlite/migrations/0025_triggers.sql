-- Steps that make builds of other pipelines: what they ask for, as JSON; NULL for other steps.
ALTER TABLE steps ADD COLUMN build_request TEXT;
-- The build that such a job has made; why it made none; whether it is to get one.
ALTER TABLE jobs ADD COLUMN triggered_build_id BLOB;
ALTER TABLE jobs ADD COLUMN trigger_fault TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN awaits_build INTEGER NOT NULL DEFAULT 0;
CREATE INDEX jobs_awaiting_build ON jobs (id) WHERE awaits_build = 1;

-- Where a build comes from, as it was then: the other build may be gone.
ALTER TABLE builds ADD COLUMN triggered_by BLOB;
ALTER TABLE builds ADD COLUMN triggered_from_id BLOB;
ALTER TABLE builds ADD COLUMN triggered_from_number INTEGER;
ALTER TABLE builds ADD COLUMN triggered_from_slug TEXT;
ALTER TABLE builds ADD COLUMN trigger_depth INTEGER NOT NULL DEFAULT 0;
ALTER TABLE builds ADD COLUMN rebuilt_from_id BLOB;
ALTER TABLE builds ADD COLUMN rebuilt_from_number INTEGER;
-- A newer build of its branch took its place.
ALTER TABLE builds ADD COLUMN superseded INTEGER NOT NULL DEFAULT 0;
