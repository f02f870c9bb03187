-- Addresses that hear of what becomes of a build, in the order of its pipeline's notify.
CREATE TABLE build_webhooks (
  build_id  BLOB NOT NULL REFERENCES builds (id) ON DELETE CASCADE,
  position  INTEGER NOT NULL,
  url       TEXT NOT NULL,
  condition TEXT NOT NULL,  -- what must be true of the build then; empty: nothing
  PRIMARY KEY (build_id, position)
) STRICT, WITHOUT ROWID;

-- What they are still to be told: written with the change itself, gone once it is told or given up.
CREATE TABLE webhook_deliveries (
  id        BLOB NOT NULL PRIMARY KEY,
  build_id  BLOB NOT NULL REFERENCES builds (id) ON DELETE CASCADE,
  url       TEXT NOT NULL,
  event     TEXT NOT NULL,
  attempts  INTEGER NOT NULL DEFAULT 0,
  due_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at, id);
CREATE INDEX webhook_deliveries_by_build ON webhook_deliveries (build_id);
