-- Who holds and who waits for a lock of a cluster. place: in the order of the queue. fence: of who
-- holds it. left_at: nobody waits for it any more; the row stays a while so that the wish, should it
-- come again, is not taken for a new one.
CREATE TABLE plugin_locks (
  job_id     BLOB NOT NULL,
  request    TEXT NOT NULL,
  cluster_id BLOB NOT NULL,
  name       TEXT NOT NULL,
  place      INTEGER NOT NULL,
  fence      INTEGER,
  left_at    INTEGER,
  PRIMARY KEY (job_id, request)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX plugin_locks_held ON plugin_locks (cluster_id, name) WHERE fence IS NOT NULL;
CREATE INDEX plugin_locks_waiting ON plugin_locks (cluster_id, name, place)
  WHERE fence IS NULL AND left_at IS NULL;
