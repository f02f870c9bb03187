-- Step plugins that agents can have from here; their archives are blobs.
CREATE TABLE plugins (
  id              BLOB PRIMARY KEY,
  organization_id BLOB NOT NULL REFERENCES organizations (id),
  name            TEXT NOT NULL,
  version         TEXT NOT NULL,
  platform        TEXT NOT NULL,
  description     TEXT NOT NULL,
  sha256          TEXT NOT NULL,
  signature       TEXT NOT NULL,
  archive_sha256  TEXT NOT NULL,
  size            INTEGER NOT NULL,
  published_at    INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX plugins_by_name ON plugins (organization_id, name, version, platform);
CREATE INDEX plugins_by_digest ON plugins (organization_id, sha256);
