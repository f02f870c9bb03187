-- What steps of a build are shown under.
CREATE TABLE step_groups (
  id       BLOB NOT NULL PRIMARY KEY,
  build_id BLOB NOT NULL REFERENCES builds (id),
  key      TEXT NOT NULL,
  label    TEXT NOT NULL
) STRICT;
CREATE INDEX step_groups_by_build ON step_groups (build_id);
ALTER TABLE steps ADD COLUMN group_id BLOB REFERENCES step_groups (id);
CREATE INDEX steps_by_group ON steps (group_id) WHERE group_id IS NOT NULL;

-- What a step hands on to its jobs. plugins, signature: JSON.
ALTER TABLE steps ADD COLUMN image TEXT NOT NULL DEFAULT '';
ALTER TABLE steps ADD COLUMN plugins TEXT NOT NULL DEFAULT '';
ALTER TABLE steps ADD COLUMN signature TEXT NOT NULL DEFAULT '';
