-- Builds' events in order, numbered per build. kind, state: as in agent/model/build_event.hpp.
-- subject: the job, annotation or artifact. name: context or key.
CREATE TABLE build_events (
  build_id      BLOB NOT NULL REFERENCES builds (id),
  number        INTEGER NOT NULL,
  kind          INTEGER NOT NULL,
  at            INTEGER NOT NULL,
  subject       BLOB,
  state         INTEGER,
  job_id        BLOB,
  agent_id      BLOB,
  exit_status   INTEGER,
  signal        TEXT,
  signal_reason TEXT,
  name          TEXT,
  PRIMARY KEY (build_id, number)
) STRICT, WITHOUT ROWID;

-- last_event: its number. told_state: the state that the events have told; 0: none yet.
ALTER TABLE builds ADD COLUMN last_event INTEGER NOT NULL DEFAULT 0;
ALTER TABLE builds ADD COLUMN told_state INTEGER NOT NULL DEFAULT 0;
