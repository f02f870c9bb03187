-- What a pipeline keeps, where that is its own affair: days from the end of a build, and numbers of
-- its newest builds. NULL: as the hub says; 0: for ever, or any number.
ALTER TABLE pipelines ADD COLUMN keep_builds_days INTEGER;
ALTER TABLE pipelines ADD COLUMN keep_logs_days INTEGER;
ALTER TABLE pipelines ADD COLUMN keep_artifacts_days INTEGER;
ALTER TABLE pipelines ADD COLUMN keep_newest_builds INTEGER;
ALTER TABLE pipelines ADD COLUMN keep_newest_logs INTEGER;
ALTER TABLE pipelines ADD COLUMN keep_newest_artifacts INTEGER;

DROP INDEX builds_with_logs;
DROP INDEX builds_with_artifacts;
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
