-- Anti-patterns by label, and the versions that do right what they do wrong.
CREATE TABLE rights (
    label TEXT NOT NULL,
    version_id INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    PRIMARY KEY (label, version_id)
) WITHOUT ROWID;
CREATE INDEX rights_by_version ON rights (version_id);
