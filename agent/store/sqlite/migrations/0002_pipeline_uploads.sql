-- What jobs uploaded, in the order in which it was applied or refused; a repeated uuid of one job
-- is the same upload. env is the upload's: a layer over the pipeline's for jobs accepted later.
CREATE TABLE pipeline_uploads (
  build_id   BLOB NOT NULL REFERENCES builds (id),
  number     INTEGER NOT NULL,
  job_id     BLOB NOT NULL REFERENCES jobs (id),
  uuid       TEXT NOT NULL,
  state      INTEGER NOT NULL,
  message    TEXT NOT NULL,
  env        TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (build_id, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX pipeline_uploads_by_uuid ON pipeline_uploads (job_id, uuid);

-- uploader_id: the step whose job uploaded it. is_full_wait: a wait that holds for everything
-- before it, not only for what its depends_on names.
ALTER TABLE steps ADD COLUMN uploader_id BLOB;
ALTER TABLE steps ADD COLUMN is_full_wait INTEGER NOT NULL DEFAULT 0;
UPDATE steps SET is_full_wait = 1 WHERE kind = 1;
CREATE INDEX step_edges_by_dependent ON step_edges (dependent_id);

-- uploads_seen: how many uploads of its build there were when the job was accepted.
ALTER TABLE jobs ADD COLUMN uploads_seen INTEGER;
UPDATE jobs SET uploads_seen = 0 WHERE agent_id IS NOT NULL;
