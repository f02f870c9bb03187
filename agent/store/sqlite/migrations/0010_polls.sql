-- How often the hub looks for new commits in a pipeline's repository. poll_due: when next;
-- poll_failures: looks that failed in a row; poll_seen: polled_heads holds what a look has found.
ALTER TABLE pipelines ADD COLUMN poll_seconds INTEGER;
ALTER TABLE pipelines ADD COLUMN poll_due INTEGER;
ALTER TABLE pipelines ADD COLUMN poll_failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pipelines ADD COLUMN poll_seen INTEGER NOT NULL DEFAULT 0;
CREATE INDEX pipelines_by_poll ON pipelines (poll_due) WHERE poll_seconds IS NOT NULL;

-- Branches of such a repository, as far as their head was built or passed over.
CREATE TABLE polled_heads (
  pipeline_id BLOB NOT NULL REFERENCES pipelines (id) ON DELETE CASCADE,
  branch      TEXT NOT NULL,
  commit_id   TEXT NOT NULL,
  PRIMARY KEY (pipeline_id, branch)
) STRICT, WITHOUT ROWID;
