-- What files define and refer to, so that relations need no parsing; near-copies; coupling and cohesion.
-- WITHOUT ROWID keeps a table in its key, SQLite's own way; another database does without.

-- names: what others can see of a file; lines: where its definitions start; cohesion: LCOM4 by class.
CREATE TABLE outlines (
    file_id INTEGER PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
    names TEXT NOT NULL,
    lines TEXT NOT NULL,
    cohesion TEXT NOT NULL DEFAULT '{}'
);

-- Each distinct path of a project, with the definition that it stands for (target_file NULL: none).
CREATE TABLE paths (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    target_file INTEGER,
    target TEXT,
    kind TEXT,
    sure INTEGER NOT NULL DEFAULT 1,
    UNIQUE (project_id, text)
);
CREATE INDEX paths_by_target ON paths (target_file, target);

-- Which names a path's resolution asked for, as 32-bit keys.
CREATE TABLE needs (
    key INTEGER NOT NULL,
    path_id INTEGER NOT NULL,
    PRIMARY KEY (key, path_id)
) WITHOUT ROWID;

CREATE TABLE refs (
    file_id INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    source TEXT NOT NULL,
    line INTEGER NOT NULL,
    path_id INTEGER NOT NULL,
    kinds TEXT NOT NULL
);
CREATE INDEX refs_by_file ON refs (file_id, source);
CREATE INDEX refs_by_path ON refs (path_id);

CREATE INDEX relations_by_target ON relations (target_id);
ALTER TABLE relations ADD COLUMN cosine REAL;

-- Two patterns that share a key may be alike.
CREATE TABLE likeness (
    key INTEGER NOT NULL,
    pattern_id INTEGER NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
    PRIMARY KEY (key, pattern_id)
) WITHOUT ROWID;
CREATE INDEX likeness_by_pattern ON likeness (pattern_id);

-- A near-copy is shown by its lead, with all sites; NULL for a pattern that stands for itself.
ALTER TABLE patterns ADD COLUMN lead_id INTEGER REFERENCES patterns (id) ON DELETE SET NULL;
CREATE INDEX patterns_by_lead ON patterns (lead_id) WHERE lead_id IS NOT NULL;

CREATE TABLE metrics (
    pattern_id INTEGER PRIMARY KEY REFERENCES patterns (id) ON DELETE CASCADE,
    fan_in INTEGER NOT NULL,
    fan_out INTEGER NOT NULL,
    coupling INTEGER NOT NULL,
    files INTEGER NOT NULL,
    lcom4 INTEGER
);
