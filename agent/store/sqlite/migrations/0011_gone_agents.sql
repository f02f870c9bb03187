-- Whether a job names an agent; one that none names goes with its last token.
CREATE INDEX jobs_by_agent ON jobs (agent_id) WHERE agent_id IS NOT NULL;

-- Sessions that are lost, or were never connected, end like those that have disconnected.
UPDATE tokens SET expires_at = unixepoch() * 1000000 + 86400000000
  WHERE kind = 2 AND expires_at IS NULL
  AND agent_id IN (SELECT id FROM agents WHERE state IN (1, 4));

-- Those that disconnected long ago.
DELETE FROM agents WHERE state = 3
  AND NOT EXISTS (SELECT 1 FROM tokens t WHERE t.agent_id = agents.id)
  AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.agent_id = agents.id);
