-- Jobs in one state in all builds, the newest first, and those of one queue.
CREATE INDEX jobs_by_state ON jobs (state, id);
CREATE INDEX jobs_by_queue_and_state ON jobs (queue_id, state, id);
