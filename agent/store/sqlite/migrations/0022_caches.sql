-- What jobs of a cluster have put aside for later ones; the bytes are kept elsewhere. key_values:
-- the parts of the key; mandatory: a 0 or 1 for each. key_hash: of target_paths and key_values;
-- family_hash: of target_paths and the first part, by which stand-ins are found. committed: 0 while
-- the bytes are on their way.
CREATE TABLE caches (
  id           BLOB NOT NULL PRIMARY KEY,
  cluster_id   BLOB NOT NULL REFERENCES clusters (id),
  key_hash     TEXT NOT NULL,
  family_hash  TEXT NOT NULL,
  target_paths TEXT NOT NULL,
  key_values   TEXT NOT NULL,
  mandatory    TEXT NOT NULL,
  blobs        TEXT NOT NULL,
  platform     TEXT NOT NULL,
  committed    INTEGER NOT NULL,
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX caches_by_key ON caches (cluster_id, key_hash);
CREATE INDEX caches_by_family ON caches (cluster_id, family_hash, created_at);
CREATE INDEX caches_by_age ON caches (cluster_id, created_at);
CREATE INDEX caches_by_expiry ON caches (expires_at);
