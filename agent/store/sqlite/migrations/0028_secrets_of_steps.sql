-- What a step says of its jobs' secrets (a JSON list) and checkout (an object); empty: nothing.
ALTER TABLE steps ADD COLUMN secrets TEXT NOT NULL DEFAULT '';
ALTER TABLE steps ADD COLUMN checkout TEXT NOT NULL DEFAULT '';
