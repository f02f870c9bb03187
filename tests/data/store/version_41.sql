PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE organizations (
  id         BLOB NOT NULL PRIMARY KEY,
  slug       TEXT NOT NULL UNIQUE,
  name       TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
INSERT INTO organizations VALUES(X'01a1fdb2fb6c7abb8b18c2ac5e0da139','ostler','Ostler',1800000000000000);
CREATE TABLE clusters (
  id              BLOB NOT NULL PRIMARY KEY,
  organization_id BLOB NOT NULL REFERENCES organizations (id),
  name            TEXT NOT NULL,
  created_at      INTEGER NOT NULL, description TEXT NOT NULL DEFAULT '', emoji TEXT NOT NULL DEFAULT '', color TEXT NOT NULL DEFAULT '', created_by BLOB REFERENCES users (id), deleted_at INTEGER,
  UNIQUE (organization_id, name)
) STRICT;
INSERT INTO clusters VALUES(X'01a1fdb2fb6c790f8df9b5de934e203a',X'01a1fdb2fb6c7abb8b18c2ac5e0da139','Default',1800000000000000,'','','',NULL,NULL);
CREATE TABLE queues (
  id         BLOB NOT NULL PRIMARY KEY,
  cluster_id BLOB NOT NULL REFERENCES clusters (id),
  key        TEXT NOT NULL,
  is_default INTEGER NOT NULL,
  created_at INTEGER NOT NULL, description TEXT NOT NULL DEFAULT '', retry_agent_affinity INTEGER NOT NULL DEFAULT 0, lease_seconds INTEGER, dispatch_paused_at INTEGER, dispatch_paused_by BLOB REFERENCES users (id), dispatch_paused_note TEXT NOT NULL DEFAULT '', created_by BLOB REFERENCES users (id), deleted_at INTEGER,
  UNIQUE (cluster_id, key)
) STRICT;
INSERT INTO queues VALUES(X'01a1fdb2fb6c727bba9867206b4c702e',X'01a1fdb2fb6c790f8df9b5de934e203a','default',1,1800000000000000,'',0,NULL,NULL,NULL,'',NULL,NULL);
CREATE TABLE users (
  id              BLOB NOT NULL PRIMARY KEY,
  organization_id BLOB NOT NULL REFERENCES organizations (id),
  name            TEXT NOT NULL,
  email           TEXT NOT NULL,
  created_at      INTEGER NOT NULL
) STRICT;
INSERT INTO users VALUES(X'01a1fdb2fb6c7444ae4540138b760770',X'01a1fdb2fb6c7abb8b18c2ac5e0da139','Administrator','admin@localhost',1800000000000000);
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
, allowed_ip_addresses TEXT NOT NULL DEFAULT '', created_by BLOB REFERENCES users (id)) STRICT, WITHOUT ROWID;
INSERT INTO tokens VALUES('169aad48423efd2eeeb5dec73575f8c310ac0cdfc605282b85f62e3246dc642e',X'01a1fdb2fb8674a2926ddd69ae0531bf',2,NULL,NULL,NULL,X'01a1fdb2fb867176b7710d84cbde8811',NULL,'','[]',1800000000000000,NULL,'',NULL);
INSERT INTO tokens VALUES('2ad5dac81f25b759a6ec14ddeac32d268890f114481c49aa627fd596df116d22',X'01a1fdb2fb6e7a73ba455718c0b57d67',4,X'01a1fdb2fb6c7abb8b18c2ac5e0da139',NULL,X'01a1fdb2fb6c7444ae4540138b760770',NULL,NULL,'first API token','["read_builds","write_builds"]',1800000000000000,NULL,'',NULL);
INSERT INTO tokens VALUES('32257fce83749bb1bb97a1ba12e85fd2fdb033c965c2a91dce3c0c40b800eac8',X'01a1fdb2fb927f08a48bf44bad10a5a8',2,NULL,NULL,NULL,X'01a1fdb2fb92766d9ad105b574453996',NULL,'','[]',1800000000000000,NULL,'',NULL);
INSERT INTO tokens VALUES('4b6ec745ce6ed05b0c8d56c00a8e22dc312947dd77e692335c5e91a5ffb365be',X'01a1fdb2fb6c70ffa8b803e9b951a9e3',1,X'01a1fdb2fb6c7abb8b18c2ac5e0da139',X'01a1fdb2fb6c790f8df9b5de934e203a',NULL,NULL,NULL,'first agent token','[]',1800000000000000,NULL,'',NULL);
INSERT INTO tokens VALUES('9b4bad57d83a80fdcee31a0e8090cc947d532d102e2c66a6f5661cd3e22cef37',X'01a1fdb2fba37531934d735cf55f4442',3,NULL,NULL,NULL,X'01a1fdb2fb92766d9ad105b574453996',X'01a1fdb2fb9c7595bf82a95610568e1a','','[]',1800000000000000,1800086400000000,'',NULL);
INSERT INTO tokens VALUES('a11e4154cf7e7193be6ef2bb1edd228395b2c072f59f1c95de36feb37876c41e',X'01a1fdb2fb9f77558f8729168d51078d',3,NULL,NULL,NULL,X'01a1fdb2fb7e720b905c91df52bc7209',X'01a1fdb2fb9a71498d93ec1ec219591b','','[]',1800000000000000,1800086400000000,'',NULL);
INSERT INTO tokens VALUES('a60086eaf6e0764327e2ab9c5932e14904cd7b7f3ccdac8e5d2bcaad6d721696',X'01a1fdb2fb9f7650ac5c86f7d3d5c40e',3,NULL,NULL,NULL,X'01a1fdb2fb867176b7710d84cbde8811',X'01a1fdb2fb9b74aaaa026fdad0a27a97','','[]',1800000000000000,1800086400000000,'',NULL);
INSERT INTO tokens VALUES('af394771dab7feedf686f50143516cea122525a55a71ffd14f001b8a8c1e034e',X'01a1fdb2fb7e7a9890d36399c488a7ab',2,NULL,NULL,NULL,X'01a1fdb2fb7e720b905c91df52bc7209',NULL,'','[]',1800000000000000,NULL,'',NULL);
INSERT INTO tokens VALUES('c264947db9a695161af6acc451bc3c99d3ea80346818a4a3c2368dd8f30aa9fa',X'01a1fdb2fb8e72e5ab46a9d3a418a95d',2,NULL,NULL,NULL,X'01a1fdb2fb8e735c94d5e6f24cfb1584',NULL,'','[]',1800000000000000,NULL,'',NULL);
INSERT INTO tokens VALUES('ea53d674052a50aaf053f0e72cb0121875c0c6519b04202f64b2213ecae33cba',X'01a1fdb2fba27f42ac365da036cbbc5a',3,NULL,NULL,NULL,X'01a1fdb2fb8e735c94d5e6f24cfb1584',X'01a1fdb2fb9b71d08dc30b50d889117d','','[]',1800000000000000,1800086400000000,'',NULL);
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
, paused_at INTEGER, pause_note TEXT NOT NULL DEFAULT '', pause_due INTEGER, stop_requested INTEGER NOT NULL DEFAULT 0, instance TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO agents VALUES(X'01a1fdb2fb7e720b905c91df52bc7209',X'01a1fdb2fb6c790f8df9b5de934e203a',X'01a1fdb2fb6c727bba9867206b4c702e',2,'a','','','','','','','','','[]','[]',NULL,0,0,600,1800000600000000,1800000180000000,NULL,1800000000000000,1800000000000000,1800000000000000,NULL,NULL,1800000000000000,NULL,'',NULL,0,'');
INSERT INTO agents VALUES(X'01a1fdb2fb867176b7710d84cbde8811',X'01a1fdb2fb6c790f8df9b5de934e203a',X'01a1fdb2fb6c727bba9867206b4c702e',2,'b','','','','','','','','','[]','[]',NULL,0,0,600,1800000600000000,1800000180000000,NULL,1800000000000000,1800000000000000,1800000000000000,NULL,NULL,1800000000000000,NULL,'',NULL,0,'');
INSERT INTO agents VALUES(X'01a1fdb2fb8e735c94d5e6f24cfb1584',X'01a1fdb2fb6c790f8df9b5de934e203a',X'01a1fdb2fb6c727bba9867206b4c702e',2,'c','','','','','','','','','[]','[]',NULL,0,0,600,1800000600000000,1800000180000000,NULL,1800000000000000,1800000000000000,1800000000000000,NULL,NULL,1800000000000000,NULL,'',NULL,0,'');
INSERT INTO agents VALUES(X'01a1fdb2fb92766d9ad105b574453996',X'01a1fdb2fb6c790f8df9b5de934e203a',X'01a1fdb2fb6c727bba9867206b4c702e',2,'d','','','','','','','','','[]','[]',NULL,0,0,600,1800000600000000,1800000180000000,NULL,1800000000000000,1800000000000000,1800000000000000,NULL,NULL,1800000000000000,NULL,'',NULL,0,'');
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
  created_at                          INTEGER NOT NULL, poll_seconds INTEGER, poll_due INTEGER, poll_failures INTEGER NOT NULL DEFAULT 0, poll_seen INTEGER NOT NULL DEFAULT 0, keep_builds_days INTEGER, keep_logs_days INTEGER, keep_artifacts_days INTEGER, keep_newest_builds INTEGER, keep_newest_logs INTEGER, keep_newest_artifacts INTEGER, archived_at INTEGER,
  UNIQUE (organization_id, slug),
  UNIQUE (organization_id, name)
) STRICT;
INSERT INTO pipelines VALUES(X'01a1fdb2fb7b7a4e8dc71942971e1d6f',X'01a1fdb2fb6c7abb8b18c2ac5e0da139',X'01a1fdb2fb6c790f8df9b5de934e203a','Hello','hello','https://git.example/hello.git','','','main','','git','private','','','[["LAYER","pipeline"],["FROM_PIPELINE","1"]]','[]',1,0,0,'','',NULL,NULL,X'01a1fdb2fb6c7444ae4540138b760770',4,1800000000000000,60,1800000060000000,0,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
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
  finished_at              INTEGER, logs_removed INTEGER NOT NULL DEFAULT 0, artifacts_removed INTEGER NOT NULL DEFAULT 0, last_event INTEGER NOT NULL DEFAULT 0, told_state INTEGER NOT NULL DEFAULT 0, waiting_jobs INTEGER NOT NULL DEFAULT 0, blocked_jobs INTEGER NOT NULL DEFAULT 0, blocked_state INTEGER, removing INTEGER NOT NULL DEFAULT 0, triggered_by BLOB, triggered_from_id BLOB, triggered_from_number INTEGER, triggered_from_slug TEXT, trigger_depth INTEGER NOT NULL DEFAULT 0, rebuilt_from_id BLOB, rebuilt_from_number INTEGER, superseded INTEGER NOT NULL DEFAULT 0,
  UNIQUE (pipeline_id, number)
) STRICT;
INSERT INTO builds VALUES(X'01a1fdb2fb9a74c5b100885f6de1a414',X'01a1fdb2fb7b7a4e8dc71942971e1d6f',1,4,1,'HEAD','','','','[["LAYER","pipeline"],["FROM_PIPELINE","1"]]','[]',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,1,0,0,'',1800000000000000,1800000000000000,1800000000000000,NULL,1800000000000000,0,0,0,0,0,0,NULL,0,NULL,NULL,NULL,NULL,0,NULL,NULL,0);
INSERT INTO builds VALUES(X'01a1fdb2fb9b74fea163c7f2faee48a6',X'01a1fdb2fb7b7a4e8dc71942971e1d6f',2,4,1,'HEAD','','','','[["LAYER","pipeline"],["FROM_PIPELINE","1"]]','[]',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,1,0,0,'',1800000000000000,1800000000000000,1800000000000000,NULL,1800000000000000,0,0,0,0,0,0,NULL,0,NULL,NULL,NULL,NULL,0,NULL,NULL,0);
INSERT INTO builds VALUES(X'01a1fdb2fb9b7ca7bde17b1e834e30c1',X'01a1fdb2fb7b7a4e8dc71942971e1d6f',3,4,1,'HEAD','','','','[["LAYER","pipeline"],["FROM_PIPELINE","1"]]','[]',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,1,0,0,'',1800000000000000,1800000000000000,1800000000000000,NULL,1800000000000000,0,0,0,0,0,0,NULL,0,NULL,NULL,NULL,NULL,0,NULL,NULL,0);
INSERT INTO builds VALUES(X'01a1fdb2fb9c7342a2036d8b8b042dd3',X'01a1fdb2fb7b7a4e8dc71942971e1d6f',4,4,1,'HEAD','','','','[["LAYER","pipeline"],["FROM_PIPELINE","1"]]','[]',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,1,0,0,'',1800000000000000,1800000000000000,1800000000000000,NULL,1800000000000000,0,0,0,0,0,0,NULL,0,NULL,NULL,NULL,NULL,0,NULL,NULL,0);
CREATE TABLE meta_data (
  build_id BLOB NOT NULL REFERENCES builds (id),
  key      TEXT NOT NULL,
  value    TEXT NOT NULL,
  PRIMARY KEY (build_id, key)
) STRICT, WITHOUT ROWID;
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
  unmet              INTEGER NOT NULL, uploader_id BLOB, is_full_wait INTEGER NOT NULL DEFAULT 0, retry TEXT NOT NULL DEFAULT '', open_jobs INTEGER NOT NULL DEFAULT 0, failed_jobs INTEGER NOT NULL DEFAULT 0, barred_jobs INTEGER NOT NULL DEFAULT 0, obstructed INTEGER NOT NULL DEFAULT 0, continue_on_failure INTEGER NOT NULL DEFAULT 0, gate TEXT, cancel_on_build_failing INTEGER NOT NULL DEFAULT 0, group_id BLOB REFERENCES step_groups (id), image TEXT NOT NULL DEFAULT '', plugins TEXT NOT NULL DEFAULT '', signature TEXT NOT NULL DEFAULT '', build_request TEXT, secrets TEXT NOT NULL DEFAULT '', checkout TEXT NOT NULL DEFAULT '',
  UNIQUE (build_id, sort_key)
) STRICT;
INSERT INTO steps VALUES(X'01a1fdb2fb9a7d57962f499448dfad80',X'01a1fdb2fb9a74c5b100885f6de1a414',0,0,'','','make','[]','[]','',NULL,0,NULL,0,'',0,0,0,0,0,NULL,0,NULL,'','','',NULL,'','');
INSERT INTO steps VALUES(X'01a1fdb2fb9b7493b499ca94d7497a61',X'01a1fdb2fb9b74fea163c7f2faee48a6',0,0,'','','make','[]','[]','',NULL,0,NULL,0,'',0,0,0,0,0,NULL,0,NULL,'','','',NULL,'','');
INSERT INTO steps VALUES(X'01a1fdb2fb9b717e8683887775553b71',X'01a1fdb2fb9b7ca7bde17b1e834e30c1',0,0,'','','make','[]','[]','',NULL,0,NULL,0,'',0,0,0,0,0,NULL,0,NULL,'','','',NULL,'','');
INSERT INTO steps VALUES(X'01a1fdb2fb9c74bc843531f3103536f4',X'01a1fdb2fb9c7342a2036d8b8b042dd3',0,0,'','','make','[]','[]','',NULL,0,NULL,0,'',0,0,0,0,0,NULL,0,NULL,'','','',NULL,'','');
CREATE TABLE step_edges (
  dependency_id BLOB NOT NULL REFERENCES steps (id),
  dependent_id  BLOB NOT NULL REFERENCES steps (id),
  allow_failure INTEGER NOT NULL,
  PRIMARY KEY (dependency_id, dependent_id)
) STRICT, WITHOUT ROWID;
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
, uploads_seen INTEGER, timeout_in_minutes INTEGER, promised_exit_status INTEGER, promised_reason TEXT NOT NULL DEFAULT '', retries_count INTEGER NOT NULL DEFAULT 0, rule_retries TEXT NOT NULL DEFAULT '[]', source_job_id BLOB, source_retry_type INTEGER, retried_in_job_id BLOB, retry_type INTEGER, retried_by BLOB REFERENCES users (id), parallel_index INTEGER, parallel_total INTEGER, matrix TEXT NOT NULL DEFAULT '{}', soft_fail TEXT NOT NULL DEFAULT '', soft_failed INTEGER NOT NULL DEFAULT 0, broken_reason TEXT NOT NULL DEFAULT '', unblocked_by BLOB REFERENCES users (id), unblocked_at INTEGER, concurrency_group_id BLOB REFERENCES concurrency_groups (id), concurrency_limit INTEGER, concurrency_method INTEGER, limited_at INTEGER, awaits_gate INTEGER NOT NULL DEFAULT 0, triggered_build_id BLOB, trigger_fault TEXT NOT NULL DEFAULT '', awaits_build INTEGER NOT NULL DEFAULT 0, end_cause INTEGER) STRICT;
INSERT INTO jobs VALUES(X'01a1fdb2fb9a71498d93ec1ec219591b',X'01a1fdb2fb9a74c5b100885f6de1a414',X'01a1fdb2fb9a7d57962f499448dfad80',X'01a1fdb2fb6c727bba9867206b4c702e',0,6,0,X'01a1fdb2fb7e720b905c91df52bc7209',0,'','',1800000000000000,1,0,NULL,1800000000000000,1800000000000000,1800000000000000,1800000000000000,1800000000000000,NULL,0,NULL,NULL,'',0,'[]',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{}','',0,'',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'',0,NULL);
INSERT INTO jobs VALUES(X'01a1fdb2fb9b74aaaa026fdad0a27a97',X'01a1fdb2fb9b74fea163c7f2faee48a6',X'01a1fdb2fb9b7493b499ca94d7497a61',X'01a1fdb2fb6c727bba9867206b4c702e',0,6,0,X'01a1fdb2fb867176b7710d84cbde8811',0,'','',1800000000000000,1,0,NULL,1800000000000000,1800000000000000,1800000000000000,1800000000000000,1800000000000000,NULL,0,NULL,NULL,'',0,'[]',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{}','',0,'',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'',0,NULL);
INSERT INTO jobs VALUES(X'01a1fdb2fb9b71d08dc30b50d889117d',X'01a1fdb2fb9b7ca7bde17b1e834e30c1',X'01a1fdb2fb9b717e8683887775553b71',X'01a1fdb2fb6c727bba9867206b4c702e',0,6,0,X'01a1fdb2fb8e735c94d5e6f24cfb1584',0,'','',1800000000000000,1,0,NULL,1800000000000000,1800000000000000,1800000000000000,1800000000000000,1800000000000000,NULL,0,NULL,NULL,'',0,'[]',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{}','',0,'',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'',0,NULL);
INSERT INTO jobs VALUES(X'01a1fdb2fb9c7595bf82a95610568e1a',X'01a1fdb2fb9c7342a2036d8b8b042dd3',X'01a1fdb2fb9c74bc843531f3103536f4',X'01a1fdb2fb6c727bba9867206b4c702e',0,6,0,X'01a1fdb2fb92766d9ad105b574453996',0,'','',1800000000000000,1,0,NULL,1800000000000000,1800000000000000,1800000000000000,1800000000000000,1800000000000000,NULL,0,NULL,NULL,'',0,'[]',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{}','',0,'',NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'',0,NULL);
CREATE TABLE job_logs (
  job_id   BLOB NOT NULL PRIMARY KEY REFERENCES jobs (id),
  readable INTEGER NOT NULL,
  received INTEGER NOT NULL,
  dropped  INTEGER NOT NULL,
  stored   INTEGER NOT NULL,
  complete INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO job_logs VALUES(X'01a1fdb2fb9a71498d93ec1ec219591b',29150,29150,0,2018,1);
INSERT INTO job_logs VALUES(X'01a1fdb2fb9b71d08dc30b50d889117d',29150,29150,0,2025,1);
INSERT INTO job_logs VALUES(X'01a1fdb2fb9b74aaaa026fdad0a27a97',29150,29150,0,2031,1);
INSERT INTO job_logs VALUES(X'01a1fdb2fb9c7595bf82a95610568e1a',29150,29150,0,2029,1);
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
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9a71498d93ec1ec219591b',0,520,1,0,0,97,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9a71498d93ec1ec219591b',520,1050,2,520,97,120,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9a71498d93ec1ec219591b',1570,1580,3,1570,217,145,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9a71498d93ec1ec219591b',3150,2110,4,3150,362,168,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9a71498d93ec1ec219591b',5260,2640,5,5260,530,191,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9a71498d93ec1ec219591b',7900,3170,6,7900,721,213,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9a71498d93ec1ec219591b',11070,3700,7,11070,934,236,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9a71498d93ec1ec219591b',14770,4230,8,14770,1170,260,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9a71498d93ec1ec219591b',19000,4760,9,19000,1430,282,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9a71498d93ec1ec219591b',23760,5390,10,23760,1712,306,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9b71d08dc30b50d889117d',0,520,1,0,0,98,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9b71d08dc30b50d889117d',520,1050,2,520,98,121,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9b71d08dc30b50d889117d',1570,1580,3,1570,219,145,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9b71d08dc30b50d889117d',3150,2110,4,3150,364,168,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9b71d08dc30b50d889117d',5260,2640,5,5260,532,192,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9b71d08dc30b50d889117d',7900,3170,6,7900,724,214,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9b71d08dc30b50d889117d',11070,3700,7,11070,938,237,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9b71d08dc30b50d889117d',14770,4230,8,14770,1175,260,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9b71d08dc30b50d889117d',19000,4760,9,19000,1435,284,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9b71d08dc30b50d889117d',23760,5390,10,23760,1719,306,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9b74aaaa026fdad0a27a97',0,520,1,0,0,98,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9b74aaaa026fdad0a27a97',520,1050,2,520,98,123,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9b74aaaa026fdad0a27a97',1570,1580,3,1570,221,145,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9b74aaaa026fdad0a27a97',3150,2110,4,3150,366,169,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9b74aaaa026fdad0a27a97',5260,2640,5,5260,535,192,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9b74aaaa026fdad0a27a97',7900,3170,6,7900,727,215,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9b74aaaa026fdad0a27a97',11070,3700,7,11070,942,237,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9b74aaaa026fdad0a27a97',14770,4230,8,14770,1179,260,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9b74aaaa026fdad0a27a97',19000,4760,9,19000,1439,284,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9b74aaaa026fdad0a27a97',23760,5390,10,23760,1723,308,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9c7595bf82a95610568e1a',0,520,1,0,0,98,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9c7595bf82a95610568e1a',520,1050,2,520,98,122,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9c7595bf82a95610568e1a',1570,1580,3,1570,220,145,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9c7595bf82a95610568e1a',3150,2110,4,3150,365,169,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9c7595bf82a95610568e1a',5260,2640,5,5260,534,192,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9c7595bf82a95610568e1a',7900,3170,6,7900,726,215,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9c7595bf82a95610568e1a',11070,3700,7,11070,941,238,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9c7595bf82a95610568e1a',14770,4230,8,14770,1179,260,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9c7595bf82a95610568e1a',19000,4760,9,19000,1439,282,'');
INSERT INTO log_chunks VALUES(X'01a1fdb2fb9c7595bf82a95610568e1a',23760,5390,10,23760,1721,308,'');
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
CREATE TABLE pipeline_uploads (
  build_id   BLOB NOT NULL REFERENCES builds (id),
  number     INTEGER NOT NULL,
  job_id     BLOB NOT NULL REFERENCES jobs (id),
  uuid       TEXT NOT NULL,
  state      INTEGER NOT NULL,
  message    TEXT NOT NULL,
  env        TEXT NOT NULL,
  created_at INTEGER NOT NULL, replaces INTEGER NOT NULL DEFAULT 0, created_jobs INTEGER, size INTEGER,
  PRIMARY KEY (build_id, number)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE step_updates (
  step_id BLOB NOT NULL REFERENCES steps (id) ON DELETE CASCADE,
  request TEXT NOT NULL,
  PRIMARY KEY (step_id, request)
) STRICT, WITHOUT ROWID;
CREATE TABLE secrets (
  id          BLOB NOT NULL PRIMARY KEY,
  cluster_id  BLOB NOT NULL REFERENCES clusters (id),
  key         TEXT NOT NULL COLLATE NOCASE,
  description TEXT NOT NULL,
  sealed      TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL, writable_by_jobs INTEGER NOT NULL DEFAULT 0, put_job BLOB, put_build BLOB, put_plugin TEXT NOT NULL DEFAULT '',
  UNIQUE (cluster_id, key)
) STRICT;
INSERT INTO secrets VALUES(X'01a1fdb2fb9c7595bf82a95610568e20',X'01a1fdb2fb6c790f8df9b5de934e203a','KEY','','v1.sealed',1800000000000000,1800000000000000,0,NULL,NULL,'');
CREATE TABLE removed_blobs (
  kind INTEGER NOT NULL,
  id   BLOB NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE polled_heads (
  pipeline_id BLOB NOT NULL REFERENCES pipelines (id) ON DELETE CASCADE,
  branch      TEXT NOT NULL,
  commit_id   TEXT NOT NULL,
  PRIMARY KEY (pipeline_id, branch)
) STRICT, WITHOUT ROWID;
INSERT INTO polled_heads VALUES(X'01a1fdb2fb7b7a4e8dc71942971e1d6f','main','3f2a000000000000000000000000000000000000');
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
CREATE TABLE concurrency_groups (
  id              BLOB NOT NULL PRIMARY KEY,
  organization_id BLOB NOT NULL REFERENCES organizations (id),
  name            TEXT NOT NULL,
  UNIQUE (organization_id, name)
) STRICT;
CREATE TABLE step_groups (
  id       BLOB NOT NULL PRIMARY KEY,
  build_id BLOB NOT NULL REFERENCES builds (id),
  key      TEXT NOT NULL,
  label    TEXT NOT NULL
) STRICT;
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
CREATE TABLE request_keys (
  token_id   BLOB NOT NULL,
  key        TEXT NOT NULL,
  digest     TEXT NOT NULL,
  build_id   BLOB NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (token_id, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE build_webhooks (
  build_id  BLOB NOT NULL REFERENCES builds (id) ON DELETE CASCADE,
  position  INTEGER NOT NULL,
  url       TEXT NOT NULL,
  condition TEXT NOT NULL, host TEXT NOT NULL DEFAULT '',  -- what must be true of the build then; empty: nothing
  PRIMARY KEY (build_id, position)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE webhook_deliveries (
  id        BLOB NOT NULL PRIMARY KEY,
  build_id  BLOB NOT NULL,
  position  INTEGER NOT NULL,
  host      TEXT NOT NULL,
  event     TEXT NOT NULL,
  attempts  INTEGER NOT NULL DEFAULT 0,
  due_at    INTEGER NOT NULL,
  FOREIGN KEY (build_id, position) REFERENCES build_webhooks (build_id, position) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE plugin_states (
  owner      BLOB NOT NULL,
  scope      INTEGER NOT NULL,
  host       TEXT NOT NULL,
  plugin     TEXT NOT NULL,
  key        TEXT NOT NULL,
  value      TEXT NOT NULL,
  revision   INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  UNIQUE (owner, scope, host, plugin, key)
) STRICT;
CREATE TABLE plugin_numbers (
  last INTEGER NOT NULL
) STRICT;
INSERT INTO plugin_numbers VALUES(0);
CREATE TABLE plugin_locks (
  job_id     BLOB NOT NULL,
  request    TEXT NOT NULL,
  cluster_id BLOB NOT NULL,
  name       TEXT NOT NULL,
  place      INTEGER NOT NULL,
  fence      INTEGER,
  left_at    INTEGER,
  PRIMARY KEY (job_id, request)
) STRICT, WITHOUT ROWID;
CREATE TABLE job_events (
  job_id   BLOB NOT NULL REFERENCES jobs (id),
  sequence INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  at       INTEGER NOT NULL,
  size     INTEGER NOT NULL,
  data     TEXT NOT NULL,
  PRIMARY KEY (job_id, sequence)
) STRICT;
CREATE TABLE plugin_state_requests (
  job_id   BLOB NOT NULL,
  request  TEXT NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (job_id, request)
) STRICT, WITHOUT ROWID;
CREATE TABLE unpublished_plugins (
  organization_id BLOB NOT NULL REFERENCES organizations (id),
  name            TEXT NOT NULL,
  version         TEXT NOT NULL,
  platform        TEXT NOT NULL,
  sha256          TEXT NOT NULL,
  unpublished_at  INTEGER NOT NULL,
  UNIQUE (organization_id, name, version, platform)
) STRICT;
CREATE TABLE secret_puts (
  job_id  BLOB NOT NULL,
  request TEXT NOT NULL,
  PRIMARY KEY (job_id, request)
) STRICT, WITHOUT ROWID;
CREATE TABLE pipeline_numbers (
  number      INTEGER PRIMARY KEY,
  pipeline_id BLOB NOT NULL UNIQUE REFERENCES pipelines (id)
) STRICT;
INSERT INTO pipeline_numbers VALUES(1,X'01a1fdb2fb7b7a4e8dc71942971e1d6f');
PRAGMA writable_schema=ON;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','pipeline_parts','pipeline_parts',0,'CREATE VIRTUAL TABLE pipeline_parts
  USING fts5(name, repository, content = '''', tokenize = ''trigram'')');
CREATE TABLE IF NOT EXISTS 'pipeline_parts_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO pipeline_parts_data VALUES(1,X'01031b');
INSERT INTO pipeline_parts_data VALUES(10,X'000000000101010001010101');
INSERT INTO pipeline_parts_data VALUES(137438953473,X'0000010104302e6578010601010d02026769010601011b01032f2f67010601010802026769010601010902026865010601011501033a2f2f01060101070103616d7001060101100103652f68010601011402026c6c01080301011702027861010601010e0103676974010801010a14010368656c010802010116020274740106010102010369742e010601010b01036c652f010601011302026c6f01080401011802026f2e010601011901036d706c010601011101036f2e67010601011a0103706c6501060101120202733a01060101050103733a2f01060101060103742e65010601010c020270730106010104020274700106010103010378616d010601010f040a090a09090a0a0a0a090b0b090a0a0a090a0a0a090a0a0909');
CREATE TABLE IF NOT EXISTS 'pipeline_parts_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO pipeline_parts_idx VALUES(1,X'',2);
CREATE TABLE IF NOT EXISTS 'pipeline_parts_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO pipeline_parts_docsize VALUES(1,X'031b');
CREATE TABLE IF NOT EXISTS 'pipeline_parts_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO pipeline_parts_config VALUES('version',4);
CREATE INDEX tokens_by_agent ON tokens (agent_id) WHERE agent_id IS NOT NULL;
CREATE INDEX tokens_by_job ON tokens (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX tokens_by_expiry ON tokens (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX agents_by_lost_due ON agents (lost_due) WHERE lost_due IS NOT NULL;
CREATE INDEX agents_by_lease ON agents (lease_until) WHERE job_id IS NOT NULL;
CREATE INDEX agents_by_state ON agents (state, created_at DESC, id DESC);
CREATE INDEX pipelines_by_age ON pipelines (organization_id, created_at DESC, id DESC);
CREATE INDEX builds_by_age ON builds (created_at DESC, id DESC);
CREATE INDEX builds_by_pipeline ON builds (pipeline_id, created_at DESC, id DESC);
CREATE INDEX builds_by_branch ON builds (branch, created_at DESC, id DESC);
CREATE INDEX builds_by_commit ON builds (commit_ref, created_at DESC, id DESC);
CREATE INDEX builds_by_state ON builds (state, created_at DESC, id DESC);
CREATE INDEX builds_by_pipeline_state ON builds (pipeline_id, state, created_at DESC, id DESC);
CREATE INDEX builds_by_creator ON builds (creator_id, created_at DESC, id DESC);
CREATE INDEX builds_by_finish ON builds (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX meta_data_by_value ON meta_data (key, substr(value, 1, 200), build_id);
CREATE UNIQUE INDEX steps_by_key ON steps (build_id, key) WHERE key <> '';
CREATE INDEX jobs_by_build ON jobs (build_id, sort_key, id);
CREATE INDEX jobs_by_step ON jobs (step_id);
CREATE INDEX jobs_scheduled ON jobs (id) WHERE state = 3;
CREATE INDEX jobs_by_due ON jobs (due_at) WHERE due_at IS NOT NULL;
CREATE UNIQUE INDEX log_chunks_by_sequence ON log_chunks (job_id, sequence)
  WHERE sequence IS NOT NULL;
CREATE INDEX artifacts_by_build ON artifacts (build_id, created_at DESC, id DESC);
CREATE INDEX artifacts_by_job ON artifacts (job_id, created_at DESC, id DESC);
CREATE UNIQUE INDEX pipeline_uploads_by_uuid ON pipeline_uploads (job_id, uuid);
CREATE INDEX step_edges_by_dependent ON step_edges (dependent_id);
CREATE INDEX annotations_by_build ON annotations (build_id, priority DESC, id);
CREATE INDEX agents_by_pause_due ON agents (pause_due) WHERE pause_due IS NOT NULL;
CREATE INDEX annotations_by_job ON annotations (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX pipelines_by_poll ON pipelines (poll_due) WHERE poll_seconds IS NOT NULL;
CREATE INDEX jobs_by_agent ON jobs (agent_id) WHERE agent_id IS NOT NULL;
CREATE INDEX tokens_by_cluster ON tokens (cluster_id, id) WHERE cluster_id IS NOT NULL;
CREATE INDEX builds_by_pipeline_finish ON builds (pipeline_id, finished_at)
  WHERE finished_at IS NOT NULL;
CREATE INDEX builds_with_logs ON builds (pipeline_id, finished_at)
  WHERE finished_at IS NOT NULL AND logs_removed = 0;
CREATE INDEX builds_with_artifacts ON builds (pipeline_id, finished_at)
  WHERE finished_at IS NOT NULL AND artifacts_removed = 0;
CREATE INDEX builds_with_logs_by_age ON builds (pipeline_id, created_at, id)
  WHERE finished_at IS NOT NULL AND logs_removed = 0;
CREATE INDEX builds_with_artifacts_by_age ON builds (pipeline_id, created_at, id)
  WHERE finished_at IS NOT NULL AND artifacts_removed = 0;
CREATE INDEX jobs_blocked ON jobs (build_id, sort_key) WHERE state = 13;
CREATE INDEX jobs_unblocked ON jobs (build_id, unblocked_at) WHERE unblocked_at IS NOT NULL;
CREATE INDEX jobs_by_group ON jobs
  (concurrency_group_id, state, scheduled_at, build_id, sort_key, id)
  WHERE concurrency_group_id IS NOT NULL;
CREATE INDEX jobs_in_line ON jobs (concurrency_group_id, scheduled_at, build_id, sort_key, id)
  WHERE concurrency_group_id IS NOT NULL AND state = 1 AND awaits_gate = 0;
CREATE INDEX steps_with_gate ON steps (build_id) WHERE gate IS NOT NULL;
CREATE INDEX jobs_limited ON jobs (concurrency_group_id, concurrency_method, concurrency_limit)
  WHERE state = 17;
CREATE INDEX jobs_limited_by_priority ON jobs
  (concurrency_group_id, priority DESC, scheduled_at, build_id, sort_key, id)
  WHERE state = 17 AND concurrency_method = 2;
CREATE INDEX steps_canceled_on_failing ON steps (build_id) WHERE cancel_on_build_failing = 1;
CREATE INDEX step_groups_by_build ON step_groups (build_id);
CREATE INDEX steps_by_group ON steps (group_id) WHERE group_id IS NOT NULL;
CREATE INDEX caches_by_key ON caches (cluster_id, key_hash);
CREATE INDEX caches_by_family ON caches (cluster_id, family_hash, created_at);
CREATE INDEX caches_by_age ON caches (cluster_id, created_at);
CREATE INDEX caches_by_expiry ON caches (expires_at);
CREATE INDEX request_keys_by_expiry ON request_keys (expires_at);
CREATE INDEX builds_by_pipeline_branch ON builds (pipeline_id, branch, created_at DESC, id DESC);
CREATE INDEX jobs_awaiting_build ON jobs (id) WHERE awaits_build = 1;
CREATE INDEX jobs_by_queue ON jobs (queue_id, id);
CREATE UNIQUE INDEX plugins_by_name ON plugins (organization_id, name, version, platform);
CREATE INDEX plugins_by_digest ON plugins (organization_id, sha256);
CREATE INDEX webhook_deliveries_by_host ON webhook_deliveries (host, due_at, id);
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (build_id, position);
CREATE INDEX builds_queued_by_branch ON builds (pipeline_id, branch, number) WHERE state = 1;
CREATE UNIQUE INDEX plugin_locks_held ON plugin_locks (cluster_id, name) WHERE fence IS NOT NULL;
CREATE INDEX plugin_locks_waiting ON plugin_locks (cluster_id, name, place)
  WHERE fence IS NULL AND left_at IS NULL;
CREATE INDEX agents_by_host ON agents (cluster_id, hostname);
CREATE INDEX unpublished_plugins_by_digest ON unpublished_plugins (sha256, platform);
CREATE INDEX jobs_by_state ON jobs (state, id);
CREATE INDEX jobs_by_queue_and_state ON jobs (queue_id, state, id);
CREATE INDEX agents_by_name ON agents (name, created_at DESC, id DESC) WHERE state = 2;
CREATE INDEX agents_by_hostname ON agents (hostname, created_at DESC, id DESC) WHERE state = 2;
CREATE INDEX agents_by_version ON agents (version, created_at DESC, id DESC) WHERE state = 2;
CREATE INDEX agents_by_work ON agents ((job_id IS NOT NULL), created_at DESC, id DESC)
  WHERE state = 2;
CREATE INDEX agents_by_pause ON agents ((paused_at IS NOT NULL), created_at DESC, id DESC)
  WHERE state = 2;
CREATE INDEX agents_by_queue ON agents (queue_id, state, created_at DESC, id DESC);
CREATE INDEX plugins_by_age ON plugins (organization_id, published_at DESC, id DESC);
CREATE TRIGGER pipeline_parts_of_new AFTER INSERT ON pipelines BEGIN
  INSERT INTO pipeline_numbers (pipeline_id) VALUES (NEW.id);
  INSERT INTO pipeline_parts (rowid, name, repository)
    SELECT number, NEW.name, NEW.repository FROM pipeline_numbers WHERE pipeline_id = NEW.id;
END;
CREATE TRIGGER pipeline_parts_of_changed AFTER UPDATE OF name, repository ON pipelines
  WHEN NEW.name <> OLD.name OR NEW.repository <> OLD.repository BEGIN
  INSERT INTO pipeline_parts (pipeline_parts, rowid, name, repository)
    SELECT 'delete', number, OLD.name, OLD.repository
    FROM pipeline_numbers WHERE pipeline_id = OLD.id;
  INSERT INTO pipeline_parts (rowid, name, repository)
    SELECT number, NEW.name, NEW.repository FROM pipeline_numbers WHERE pipeline_id = NEW.id;
END;
CREATE TRIGGER pipeline_parts_of_removed BEFORE DELETE ON pipelines BEGIN
  INSERT INTO pipeline_parts (pipeline_parts, rowid, name, repository)
    SELECT 'delete', number, OLD.name, OLD.repository
    FROM pipeline_numbers WHERE pipeline_id = OLD.id;
  DELETE FROM pipeline_numbers WHERE pipeline_id = OLD.id;
END;
PRAGMA writable_schema=OFF;
COMMIT;
PRAGMA user_version = 41;
PRAGMA application_id = 1332966508;
