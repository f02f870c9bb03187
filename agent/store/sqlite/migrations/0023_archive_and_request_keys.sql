-- NULL: it is in use.
ALTER TABLE pipelines ADD COLUMN archived_at INTEGER;

-- Requests that count once, by the token that sent them: which build they have made. digest: SHA-256
-- of what was asked for.
CREATE TABLE request_keys (
  token_id   BLOB NOT NULL,
  key        TEXT NOT NULL,
  digest     TEXT NOT NULL,
  build_id   BLOB NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (token_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_keys_by_expiry ON request_keys (expires_at);
