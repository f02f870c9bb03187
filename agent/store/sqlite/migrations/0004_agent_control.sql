-- What the hub tells an agent at its next ping. pause_due is when the agent is resumed by itself.
ALTER TABLE agents ADD COLUMN paused_at INTEGER;
ALTER TABLE agents ADD COLUMN pause_note TEXT NOT NULL DEFAULT '';
ALTER TABLE agents ADD COLUMN pause_due INTEGER;
ALTER TABLE agents ADD COLUMN stop_requested INTEGER NOT NULL DEFAULT 0;
CREATE INDEX agents_by_pause_due ON agents (pause_due) WHERE pause_due IS NOT NULL;
