-- The changes that a running job has made, so that one which is sent again is known whatever has
-- happened to the value since. They go with the end of the job.
CREATE TABLE plugin_state_requests (
  job_id   BLOB NOT NULL,
  request  TEXT NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (job_id, request)
) STRICT, WITHOUT ROWID;
-- By which values of hosts that are gone are told.
CREATE INDEX agents_by_host ON agents (cluster_id, hostname);
DELETE FROM plugin_states WHERE is_deleted = 1;
ALTER TABLE plugin_states DROP COLUMN is_deleted;
ALTER TABLE plugin_states DROP COLUMN request;
