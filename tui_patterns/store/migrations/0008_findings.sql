-- What the files hold of anti-patterns, as of the content that was examined.

CREATE TABLE examined (
    file_id INTEGER PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
    content_hash TEXT NOT NULL,
    rules INTEGER NOT NULL,
    error TEXT
);

CREATE TABLE findings (
    id INTEGER PRIMARY KEY,
    file_id INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    rule TEXT NOT NULL,
    qualname TEXT,
    line INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    measured TEXT NOT NULL,
    mark TEXT NOT NULL
);
CREATE INDEX findings_by_file ON findings (file_id, line);
CREATE INDEX findings_by_label ON findings (label);
CREATE INDEX findings_by_mark ON findings (mark);

-- Functions that may stand in two places: which do is asked when somebody looks.
CREATE TABLE bodies (
    id INTEGER PRIMARY KEY,
    file_id INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    body_hash TEXT NOT NULL,
    qualname TEXT NOT NULL,
    line INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    mark TEXT NOT NULL,
    quiet INTEGER NOT NULL
);
CREATE INDEX bodies_by_file ON bodies (file_id);
CREATE INDEX bodies_by_hash ON bodies (body_hash);
CREATE INDEX bodies_by_mark ON bodies (mark);

-- "Not a problem here": by the mark of a finding; file, label and line are for people.
CREATE TABLE dismissals (
    mark TEXT PRIMARY KEY,
    file TEXT NOT NULL,
    qualname TEXT,
    label TEXT NOT NULL,
    line TEXT NOT NULL,
    created REAL NOT NULL
);
