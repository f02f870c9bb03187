-- Clusters, queues and agent tokens that people make and change. A queue or cluster that is deleted
-- keeps its row, under a name that nobody can give, for the jobs and agents that it had.
ALTER TABLE clusters ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE clusters ADD COLUMN emoji TEXT NOT NULL DEFAULT '';
ALTER TABLE clusters ADD COLUMN color TEXT NOT NULL DEFAULT '';
ALTER TABLE clusters ADD COLUMN created_by BLOB REFERENCES users (id);
ALTER TABLE clusters ADD COLUMN deleted_at INTEGER;

-- lease_seconds: NULL is the hub's own. retry_agent_affinity: 0 prefer-warmest, 1 prefer-different.
ALTER TABLE queues ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE queues ADD COLUMN retry_agent_affinity INTEGER NOT NULL DEFAULT 0;
ALTER TABLE queues ADD COLUMN lease_seconds INTEGER;
ALTER TABLE queues ADD COLUMN dispatch_paused_at INTEGER;
ALTER TABLE queues ADD COLUMN dispatch_paused_by BLOB REFERENCES users (id);
ALTER TABLE queues ADD COLUMN dispatch_paused_note TEXT NOT NULL DEFAULT '';
ALTER TABLE queues ADD COLUMN created_by BLOB REFERENCES users (id);
ALTER TABLE queues ADD COLUMN deleted_at INTEGER;

-- Of agent tokens. allowed_ip_addresses: networks, a space apart; empty is every address.
ALTER TABLE tokens ADD COLUMN allowed_ip_addresses TEXT NOT NULL DEFAULT '';
ALTER TABLE tokens ADD COLUMN created_by BLOB REFERENCES users (id);
CREATE INDEX tokens_by_cluster ON tokens (cluster_id, id) WHERE cluster_id IS NOT NULL;
CREATE INDEX agents_by_queue ON agents (queue_id, state);
