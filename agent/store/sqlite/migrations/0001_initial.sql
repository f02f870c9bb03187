-- Ids are 16-byte UUIDv7 blobs, times int64 microseconds of the hub's clock, lists and
-- environments JSON text. The numbers of states and kinds are those of the enums in agent/model.

CREATE TABLE organizations (
  id         BLOB NOT NULL PRIMARY KEY,
  slug       TEXT NOT NULL UNIQUE,
  name       TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE clusters (
  id              BLOB NOT NULL PRIMARY KEY,
  organization_id BLOB NOT NULL REFERENCES organizations (id),
  name            TEXT NOT NULL,
  created_at      INTEGER NOT NULL,
  UNIQUE (organization_id, name)
) STRICT;

CREATE TABLE queues (
  id         BLOB NOT NULL PRIMARY KEY,
  cluster_id BLOB NOT NULL REFERENCES clusters (id),
  key        TEXT NOT NULL,
  is_default INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (cluster_id, key)
) STRICT;

CREATE TABLE users (
  id              BLOB NOT NULL PRIMARY KEY,
  organization_id BLOB NOT NULL REFERENCES organizations (id),
  name            TEXT NOT NULL,
  email           TEXT NOT NULL,
  created_at      INTEGER NOT NULL
) STRICT;

-- hash is the SHA-256 of the token in lower-case hex. kind: 1 agent token (organization, cluster),
-- 2 session (agent), 3 job (agent, job), 4 API (organization, user, scopes).
CREATE TABLE tokens (
  hash            TEXT NOT NULL PRIMARY KEY,
  id              BLOB NOT NULL,
  kind            INTEGER NOT NULL,
  organization_id BLOB REFERENCES organizations (id),
  cluster_id      BLOB REFERENCES clusters (id),
  user_id         BLOB REFERENCES users (id),
  agent_id        BLOB,
  job_id          BLOB,
  description     TEXT NOT NULL DEFAULT '',
  scopes          TEXT NOT NULL DEFAULT '[]',
  created_at      INTEGER NOT NULL,
  expires_at      INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_by_agent ON tokens (agent_id) WHERE agent_id IS NOT NULL;
CREATE INDEX tokens_by_job ON tokens (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX tokens_by_expiry ON tokens (expires_at) WHERE expires_at IS NOT NULL;

-- One session of an agent. lost_due is when it counts as lost unless it is heard before.
CREATE TABLE agents (
  id                   BLOB NOT NULL PRIMARY KEY,
  cluster_id           BLOB NOT NULL REFERENCES clusters (id),
  queue_id             BLOB NOT NULL REFERENCES queues (id),
  state                INTEGER NOT NULL,
  name                 TEXT NOT NULL,
  hostname             TEXT NOT NULL,
  os                   TEXT NOT NULL,
  arch                 TEXT NOT NULL,
  version              TEXT NOT NULL,
  build                TEXT NOT NULL,
  user_agent           TEXT NOT NULL,
  ip_address           TEXT NOT NULL,
  machine_id           TEXT NOT NULL,
  tags                 TEXT NOT NULL,
  features             TEXT NOT NULL,
  priority             INTEGER,
  pid                  INTEGER NOT NULL,
  ignore_in_dispatches INTEGER NOT NULL,
  lease_seconds        INTEGER NOT NULL,
  lease_until          INTEGER NOT NULL,
  lost_due             INTEGER,
  job_id               BLOB,
  created_at           INTEGER NOT NULL,
  connected_at         INTEGER,
  heartbeat_at         INTEGER,
  disconnected_at      INTEGER,
  lost_at              INTEGER,
  last_job_finished_at INTEGER
) STRICT;
CREATE INDEX agents_by_lost_due ON agents (lost_due) WHERE lost_due IS NOT NULL;
CREATE INDEX agents_by_lease ON agents (lease_until) WHERE job_id IS NOT NULL;
CREATE INDEX agents_by_state ON agents (state, created_at DESC, id DESC);

CREATE TABLE pipelines (
  id                                  BLOB NOT NULL PRIMARY KEY,
  organization_id                     BLOB NOT NULL REFERENCES organizations (id),
  cluster_id                          BLOB NOT NULL REFERENCES clusters (id),
  name                                TEXT NOT NULL,
  slug                                TEXT NOT NULL,
  repository                          TEXT NOT NULL,
  configuration                       TEXT NOT NULL,
  description                         TEXT NOT NULL,
  default_branch                      TEXT NOT NULL,
  branch_configuration                TEXT NOT NULL,
  provider                            TEXT NOT NULL,
  visibility                          TEXT NOT NULL,
  emoji                               TEXT NOT NULL,
  color                               TEXT NOT NULL,
  env                                 TEXT NOT NULL,
  tags                                TEXT NOT NULL,
  allow_rebuilds                      INTEGER NOT NULL,
  skip_queued_branch_builds           INTEGER NOT NULL,
  cancel_running_branch_builds        INTEGER NOT NULL,
  skip_queued_branch_builds_filter    TEXT NOT NULL,
  cancel_running_branch_builds_filter TEXT NOT NULL,
  default_command_step_timeout        INTEGER,
  maximum_command_step_timeout        INTEGER,
  created_by                          BLOB REFERENCES users (id),
  last_build_number                   INTEGER NOT NULL DEFAULT 0,
  created_at                          INTEGER NOT NULL,
  UNIQUE (organization_id, slug),
  UNIQUE (organization_id, name)
) STRICT;
CREATE INDEX pipelines_by_age ON pipelines (organization_id, created_at DESC, id DESC);

-- pipeline_env is the pipeline's environment as it was when the build was made; env the build's.
-- The counters are those of model::JobCounts.
CREATE TABLE builds (
  id                       BLOB NOT NULL PRIMARY KEY,
  pipeline_id              BLOB NOT NULL REFERENCES pipelines (id),
  number                   INTEGER NOT NULL,
  state                    INTEGER NOT NULL,
  source                   INTEGER NOT NULL,
  commit_ref               TEXT NOT NULL,
  branch                   TEXT NOT NULL,
  message                  TEXT NOT NULL,
  tag                      TEXT NOT NULL,
  pipeline_env             TEXT NOT NULL,
  env                      TEXT NOT NULL,
  clean_checkout           INTEGER NOT NULL,
  author_name              TEXT,
  author_email             TEXT,
  author_username          TEXT,
  pull_request_id          TEXT,
  pull_request_base_branch TEXT,
  pull_request_repository  TEXT,
  creator_id               BLOB REFERENCES users (id),
  open_jobs                INTEGER NOT NULL DEFAULT 0,
  with_agent_jobs          INTEGER NOT NULL DEFAULT 0,
  executed_jobs            INTEGER NOT NULL DEFAULT 0,
  hard_failed_jobs         INTEGER NOT NULL DEFAULT 0,
  cancel_requested         INTEGER NOT NULL DEFAULT 0,
  cancel_reason            TEXT NOT NULL DEFAULT '',
  created_at               INTEGER NOT NULL,
  scheduled_at             INTEGER,
  started_at               INTEGER,
  failing_at               INTEGER,
  finished_at              INTEGER,
  UNIQUE (pipeline_id, number)
) STRICT;
CREATE INDEX builds_by_age ON builds (created_at DESC, id DESC);
CREATE INDEX builds_by_pipeline ON builds (pipeline_id, created_at DESC, id DESC);
CREATE INDEX builds_by_branch ON builds (branch, created_at DESC, id DESC);
CREATE INDEX builds_by_commit ON builds (commit_ref, created_at DESC, id DESC);
CREATE INDEX builds_by_state ON builds (state, created_at DESC, id DESC);
CREATE INDEX builds_by_pipeline_state ON builds (pipeline_id, state, created_at DESC, id DESC);
CREATE INDEX builds_by_creator ON builds (creator_id, created_at DESC, id DESC);
CREATE INDEX builds_by_finish ON builds (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE meta_data (
  build_id BLOB NOT NULL REFERENCES builds (id),
  key      TEXT NOT NULL,
  value    TEXT NOT NULL,
  PRIMARY KEY (build_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX meta_data_by_value ON meta_data (key, substr(value, 1, 200), build_id);

-- A step has jobs, edges run between steps. sort_key leaves room for steps that come in later.
-- unmet counts its dependencies that are not met yet.
CREATE TABLE steps (
  id                 BLOB NOT NULL PRIMARY KEY,
  build_id           BLOB NOT NULL REFERENCES builds (id),
  sort_key           INTEGER NOT NULL,
  kind               INTEGER NOT NULL,
  key                TEXT NOT NULL,
  label              TEXT NOT NULL,
  command            TEXT NOT NULL,
  env                TEXT NOT NULL,
  agent_query_rules  TEXT NOT NULL,
  artifact_paths     TEXT NOT NULL,
  timeout_in_minutes INTEGER,
  unmet              INTEGER NOT NULL,
  UNIQUE (build_id, sort_key)
) STRICT;
CREATE UNIQUE INDEX steps_by_key ON steps (build_id, key) WHERE key <> '';

CREATE TABLE step_edges (
  dependency_id BLOB NOT NULL REFERENCES steps (id),
  dependent_id  BLOB NOT NULL REFERENCES steps (id),
  allow_failure INTEGER NOT NULL,
  PRIMARY KEY (dependency_id, dependent_id)
) STRICT, WITHOUT ROWID;

-- due_at: when time alone moves the job on (see sweep). agent_*: what its agent said, kept and
-- compared for equality only.
CREATE TABLE jobs (
  id                  BLOB NOT NULL PRIMARY KEY,
  build_id            BLOB NOT NULL REFERENCES builds (id),
  step_id             BLOB NOT NULL REFERENCES steps (id),
  queue_id            BLOB NOT NULL REFERENCES queues (id),
  sort_key            INTEGER NOT NULL,
  state               INTEGER NOT NULL,
  priority            INTEGER NOT NULL DEFAULT 0,
  agent_id            BLOB,
  exit_status         INTEGER,
  signal              TEXT NOT NULL DEFAULT '',
  signal_reason       TEXT NOT NULL DEFAULT '',
  agent_started_at    INTEGER,
  agent_finished_at   INTEGER,
  chunks_failed_count INTEGER NOT NULL DEFAULT 0,
  due_at              INTEGER,
  created_at          INTEGER NOT NULL,
  scheduled_at        INTEGER,
  runnable_at         INTEGER,
  started_at          INTEGER,
  finished_at         INTEGER,
  expired_at          INTEGER
) STRICT;
CREATE INDEX jobs_by_build ON jobs (build_id, sort_key, id);
CREATE INDEX jobs_by_step ON jobs (step_id);
CREATE INDEX jobs_scheduled ON jobs (id) WHERE state = 3;
CREATE INDEX jobs_by_due ON jobs (due_at) WHERE due_at IS NOT NULL;

-- readable: bytes before the first gap. received: bytes of all chunks. dropped: bytes over the
-- log limit. stored: bytes of the blob that the index knows.
CREATE TABLE job_logs (
  job_id   BLOB NOT NULL PRIMARY KEY REFERENCES jobs (id),
  readable INTEGER NOT NULL,
  received INTEGER NOT NULL,
  dropped  INTEGER NOT NULL,
  stored   INTEGER NOT NULL,
  complete INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- start: place in the log as readers see it. agent_offset: as the agent declared it; they differ
-- only behind a marker. A marker stands for lost bytes; it has no sequence and no stored bytes.
CREATE TABLE log_chunks (
  job_id       BLOB NOT NULL REFERENCES jobs (id),
  start        INTEGER NOT NULL,
  size         INTEGER NOT NULL,
  sequence     INTEGER,
  agent_offset INTEGER,
  position     INTEGER NOT NULL DEFAULT 0,
  stored_size  INTEGER NOT NULL DEFAULT 0,
  marker       TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (job_id, start)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX log_chunks_by_sequence ON log_chunks (job_id, sequence)
  WHERE sequence IS NOT NULL;

CREATE TABLE artifacts (
  id                 BLOB NOT NULL PRIMARY KEY,
  job_id             BLOB NOT NULL REFERENCES jobs (id),
  build_id           BLOB NOT NULL REFERENCES builds (id),
  batch              TEXT NOT NULL,
  place              INTEGER NOT NULL,
  state              INTEGER NOT NULL,
  path               TEXT NOT NULL,
  absolute_path      TEXT NOT NULL,
  content_type       TEXT NOT NULL,
  sha1sum            TEXT NOT NULL,
  sha256sum          TEXT NOT NULL,
  upload_destination TEXT NOT NULL,
  url                TEXT NOT NULL,
  file_size          INTEGER NOT NULL,
  created_at         INTEGER NOT NULL,
  UNIQUE (job_id, batch, place)
) STRICT;
CREATE INDEX artifacts_by_build ON artifacts (build_id, created_at DESC, id DESC);
CREATE INDEX artifacts_by_job ON artifacts (job_id, created_at DESC, id DESC);
