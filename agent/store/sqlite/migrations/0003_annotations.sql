-- owner_id is what the annotation stands at: the job of one with job_id, else the build. request
-- names the call that changed it last.
CREATE TABLE annotations (
  id         BLOB NOT NULL PRIMARY KEY,
  owner_id   BLOB NOT NULL,
  build_id   BLOB NOT NULL REFERENCES builds (id),
  job_id     BLOB REFERENCES jobs (id),
  context    TEXT NOT NULL,
  style      INTEGER,
  priority   INTEGER NOT NULL,
  body       TEXT NOT NULL,
  request    TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (owner_id, context)
) STRICT;
CREATE INDEX annotations_by_build ON annotations (build_id, priority DESC, id);
