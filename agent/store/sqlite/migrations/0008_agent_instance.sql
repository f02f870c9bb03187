-- Where the agent that holds the session lives, as it said when it registered; empty: it did not.
ALTER TABLE agents ADD COLUMN instance TEXT NOT NULL DEFAULT '';
