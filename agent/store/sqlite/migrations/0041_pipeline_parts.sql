-- Pipelines by a part of their name or of their repository. What a virtual table has is known by a
-- number alone, and the rows of "pipelines" have none that stays: hence one of its own for each.
-- The index keeps no texts: to take something out of it, what was put in is said again.
CREATE TABLE pipeline_numbers (
  number      INTEGER PRIMARY KEY,
  pipeline_id BLOB NOT NULL UNIQUE REFERENCES pipelines (id)
) STRICT;
CREATE VIRTUAL TABLE pipeline_parts
  USING fts5(name, repository, content = '', tokenize = 'trigram');

INSERT INTO pipeline_numbers (pipeline_id) SELECT id FROM pipelines ORDER BY created_at, id;
INSERT INTO pipeline_parts (rowid, name, repository)
  SELECT n.number, p.name, p.repository
  FROM pipeline_numbers n JOIN pipelines p ON p.id = n.pipeline_id;

CREATE TRIGGER pipeline_parts_of_new AFTER INSERT ON pipelines BEGIN
  INSERT INTO pipeline_numbers (pipeline_id) VALUES (NEW.id);
  INSERT INTO pipeline_parts (rowid, name, repository)
    SELECT number, NEW.name, NEW.repository FROM pipeline_numbers WHERE pipeline_id = NEW.id;
END;
CREATE TRIGGER pipeline_parts_of_changed AFTER UPDATE OF name, repository ON pipelines
  WHEN NEW.name <> OLD.name OR NEW.repository <> OLD.repository BEGIN
  INSERT INTO pipeline_parts (pipeline_parts, rowid, name, repository)
    SELECT 'delete', number, OLD.name, OLD.repository
    FROM pipeline_numbers WHERE pipeline_id = OLD.id;
  INSERT INTO pipeline_parts (rowid, name, repository)
    SELECT number, NEW.name, NEW.repository FROM pipeline_numbers WHERE pipeline_id = NEW.id;
END;
CREATE TRIGGER pipeline_parts_of_removed BEFORE DELETE ON pipelines BEGIN
  INSERT INTO pipeline_parts (pipeline_parts, rowid, name, repository)
    SELECT 'delete', number, OLD.name, OLD.repository
    FROM pipeline_numbers WHERE pipeline_id = OLD.id;
  DELETE FROM pipeline_numbers WHERE pipeline_id = OLD.id;
END;
