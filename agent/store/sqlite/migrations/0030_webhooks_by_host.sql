-- The address stays with the build, its host comes to each row: a host's earliest is found however
-- many wait for others. What waits already is of one host, whose name is empty.
ALTER TABLE build_webhooks ADD COLUMN host TEXT NOT NULL DEFAULT '';

ALTER TABLE webhook_deliveries RENAME TO old_webhook_deliveries;
CREATE TABLE webhook_deliveries (
  id        BLOB NOT NULL PRIMARY KEY,
  build_id  BLOB NOT NULL,
  position  INTEGER NOT NULL,
  host      TEXT NOT NULL,
  event     TEXT NOT NULL,
  attempts  INTEGER NOT NULL DEFAULT 0,
  due_at    INTEGER NOT NULL,
  FOREIGN KEY (build_id, position) REFERENCES build_webhooks (build_id, position) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO webhook_deliveries
  SELECT d.id, d.build_id, min(w.position), '', d.event, d.attempts, d.due_at
  FROM old_webhook_deliveries d JOIN build_webhooks w ON w.build_id = d.build_id AND w.url = d.url
  GROUP BY d.id;
DROP TABLE old_webhook_deliveries;
CREATE INDEX webhook_deliveries_by_host ON webhook_deliveries (host, due_at, id);
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (build_id, position);

-- Builds that a newer one of their branch may skip.
CREATE INDEX builds_queued_by_branch ON builds (pipeline_id, branch, number) WHERE state = 1;
