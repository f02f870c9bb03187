-- What is told of an upload: whether it replaced steps, how many jobs came of it, how large it was.
-- created_jobs is null of one that was rejected, and so are both of those from before.
ALTER TABLE pipeline_uploads ADD COLUMN replaces INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pipeline_uploads ADD COLUMN created_jobs INTEGER;
ALTER TABLE pipeline_uploads ADD COLUMN size INTEGER;
