-- removing: a first part of it is gone already; it must not be taken up again.
ALTER TABLE builds ADD COLUMN removing INTEGER NOT NULL DEFAULT 0;
