-- What the steps of a job have come to, as its agent tells it. sequence: the agent's.
CREATE TABLE job_events (
  job_id   BLOB NOT NULL REFERENCES jobs (id),
  sequence INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  at       INTEGER NOT NULL,
  size     INTEGER NOT NULL,
  data     TEXT NOT NULL,
  PRIMARY KEY (job_id, sequence)
) STRICT;
