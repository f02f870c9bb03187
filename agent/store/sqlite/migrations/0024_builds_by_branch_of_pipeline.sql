-- A pipeline's builds of one branch are what people list most.
CREATE INDEX builds_by_pipeline_branch ON builds (pipeline_id, branch, created_at DESC, id DESC);
