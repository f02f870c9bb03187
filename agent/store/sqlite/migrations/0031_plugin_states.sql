-- Values that step plugins keep for later runs. owner: a pipeline (scope 0) or a cluster. A deleted
-- value stays for an hour with the request that deleted it, so that its repeat is known.
CREATE TABLE plugin_states (
  owner      BLOB NOT NULL,
  scope      INTEGER NOT NULL,
  host       TEXT NOT NULL,
  plugin     TEXT NOT NULL,
  key        TEXT NOT NULL,
  value      TEXT NOT NULL,
  is_deleted INTEGER NOT NULL,
  revision   INTEGER NOT NULL,
  request    TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  UNIQUE (owner, scope, host, plugin, key)
) STRICT;

-- The last number that was given to a value, or to who holds a lock: one row.
CREATE TABLE plugin_numbers (
  last INTEGER NOT NULL
) STRICT;
INSERT INTO plugin_numbers (last) VALUES (0);
