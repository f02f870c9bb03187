-- A job that runs again is another row. retried_*: the attempt after it, and who asked for that;
-- source_*: the attempt before it. rule_retries: how often each automatic rule of its step has let
-- the chain go on. retry_type: 1 automatic, 2 manual.
ALTER TABLE jobs ADD COLUMN retries_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN rule_retries TEXT NOT NULL DEFAULT '[]';
ALTER TABLE jobs ADD COLUMN source_job_id BLOB;
ALTER TABLE jobs ADD COLUMN source_retry_type INTEGER;
ALTER TABLE jobs ADD COLUMN retried_in_job_id BLOB;
ALTER TABLE jobs ADD COLUMN retry_type INTEGER;
ALTER TABLE jobs ADD COLUMN retried_by BLOB REFERENCES users (id);

-- retry: the policy in JSON, empty when nothing is said. The counters are of the last attempts of
-- its jobs: those that are not over, that failed, and that bar whatever depends on it. obstructed:
-- dependencies that are over and not met; unmet counts them, too.
ALTER TABLE steps ADD COLUMN retry TEXT NOT NULL DEFAULT '';
ALTER TABLE steps ADD COLUMN open_jobs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE steps ADD COLUMN failed_jobs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE steps ADD COLUMN barred_jobs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE steps ADD COLUMN obstructed INTEGER NOT NULL DEFAULT 0;
UPDATE steps SET open_jobs = c.opened, failed_jobs = c.failed, barred_jobs = c.barred FROM (
  SELECT step_id, sum(state NOT IN (2, 6, 8, 10, 11)) AS opened, sum(state IN (2, 6, 8)) AS failed,
         sum(state IN (10, 11)) AS barred
  FROM jobs WHERE NOT (state = 6 AND coalesce(exit_status, 0) = 0) GROUP BY step_id) AS c
WHERE steps.id = c.step_id;
UPDATE steps SET obstructed = (
  SELECT count(*) FROM step_edges e JOIN steps d ON d.id = e.dependency_id
  WHERE e.dependent_id = steps.id AND d.open_jobs = 0
    AND (d.barred_jobs > 0 OR (d.failed_jobs > 0 AND e.allow_failure = 0)))
WHERE id IN (SELECT step_id FROM jobs WHERE state IN (2, 10));
-- Uploaded steps did not count dependencies that were over and not met.
UPDATE steps SET unmet = (
  SELECT count(*) FROM step_edges e JOIN steps d ON d.id = e.dependency_id
  WHERE e.dependent_id = steps.id AND NOT (d.open_jobs = 0 AND d.barred_jobs = 0
    AND (d.failed_jobs = 0 OR e.allow_failure = 1)))
WHERE id IN (SELECT step_id FROM jobs WHERE state IN (2, 10));
