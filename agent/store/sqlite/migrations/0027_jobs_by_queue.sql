-- Jobs of one queue in all builds, the newest first.
CREATE INDEX jobs_by_queue ON jobs (queue_id, id);
