-- A pipeline upload with replace deletes jobs: what may refer to one is found without a scan.
CREATE INDEX annotations_by_job ON annotations (job_id) WHERE job_id IS NOT NULL;
