-- What was published and is not any more: its version never means something else, and agents that
-- ask for it are told.
CREATE TABLE unpublished_plugins (
  organization_id BLOB NOT NULL REFERENCES organizations (id),
  name            TEXT NOT NULL,
  version         TEXT NOT NULL,
  platform        TEXT NOT NULL,
  sha256          TEXT NOT NULL,
  unpublished_at  INTEGER NOT NULL,
  UNIQUE (organization_id, name, version, platform)
) STRICT;
CREATE INDEX unpublished_plugins_by_digest ON unpublished_plugins (sha256, platform);
