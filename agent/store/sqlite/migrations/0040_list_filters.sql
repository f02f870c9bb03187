-- Each filter of the lists of agents finds those that are connected in the order of the list. None
-- holds a column that a sign of life of a connected agent changes.
CREATE INDEX agents_by_name ON agents (name, created_at DESC, id DESC) WHERE state = 2;
CREATE INDEX agents_by_hostname ON agents (hostname, created_at DESC, id DESC) WHERE state = 2;
CREATE INDEX agents_by_version ON agents (version, created_at DESC, id DESC) WHERE state = 2;
CREATE INDEX agents_by_work ON agents ((job_id IS NOT NULL), created_at DESC, id DESC)
  WHERE state = 2;
CREATE INDEX agents_by_pause ON agents ((paused_at IS NOT NULL), created_at DESC, id DESC)
  WHERE state = 2;
DROP INDEX agents_by_queue;
CREATE INDEX agents_by_queue ON agents (queue_id, state, created_at DESC, id DESC);

CREATE INDEX plugins_by_age ON plugins (organization_id, published_at DESC, id DESC);
