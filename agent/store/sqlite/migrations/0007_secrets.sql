-- Values that jobs of a cluster may ask for. sealed: the value, encrypted with a key that is not in
-- this database.
CREATE TABLE secrets (
  id          BLOB NOT NULL PRIMARY KEY,
  cluster_id  BLOB NOT NULL REFERENCES clusters (id),
  key         TEXT NOT NULL COLLATE NOCASE,
  description TEXT NOT NULL,
  sealed      TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  UNIQUE (cluster_id, key)
) STRICT;
