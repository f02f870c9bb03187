-- logs_removed, artifacts_removed: the build stays, these are gone.
ALTER TABLE builds ADD COLUMN logs_removed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE builds ADD COLUMN artifacts_removed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX builds_with_logs ON builds (finished_at)
  WHERE finished_at IS NOT NULL AND logs_removed = 0;
CREATE INDEX builds_with_artifacts ON builds (finished_at)
  WHERE finished_at IS NOT NULL AND artifacts_removed = 0;

-- Blobs that have lost their rows and still have files. kind: 0 log, 1 artifact.
CREATE TABLE removed_blobs (
  kind INTEGER NOT NULL,
  id   BLOB NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
