-- Which patterns call what by which name, and which are defined by it, as 32-bit keys of project and name:
-- who calls a pattern says what it is for, also where nothing tells what the name stands for.

CREATE TABLE calls (
    key INTEGER NOT NULL,
    pattern_id INTEGER NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
    PRIMARY KEY (key, pattern_id)
) WITHOUT ROWID;
CREATE INDEX calls_by_pattern ON calls (pattern_id);
