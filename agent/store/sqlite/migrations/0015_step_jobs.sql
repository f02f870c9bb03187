-- What makes one job of a step differ from the others: its number, its values of the matrix, which
-- of its failures are soft. soft_failed: it failed so. broken_reason: why it never runs.
ALTER TABLE jobs ADD COLUMN parallel_index INTEGER;
ALTER TABLE jobs ADD COLUMN parallel_total INTEGER;
ALTER TABLE jobs ADD COLUMN matrix TEXT NOT NULL DEFAULT '{}';
ALTER TABLE jobs ADD COLUMN soft_fail TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN soft_failed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN broken_reason TEXT NOT NULL DEFAULT '';
