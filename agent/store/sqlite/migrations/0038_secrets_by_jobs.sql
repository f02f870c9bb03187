-- Values that plugins of jobs set: whether they may, and for whom the present one was set.
ALTER TABLE secrets ADD COLUMN writable_by_jobs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE secrets ADD COLUMN put_job BLOB;
ALTER TABLE secrets ADD COLUMN put_build BLOB;
ALTER TABLE secrets ADD COLUMN put_plugin TEXT NOT NULL DEFAULT '';

-- The values that a running job has set, so that one which is sent again is known whatever has
-- happened to the secret since. They go with the end of the job.
CREATE TABLE secret_puts (
  job_id  BLOB NOT NULL,
  request TEXT NOT NULL,
  PRIMARY KEY (job_id, request)
) STRICT, WITHOUT ROWID;
