-- Why a label was given, in words; empty for labels from before this was kept.
ALTER TABLE labels ADD COLUMN why TEXT NOT NULL DEFAULT '';

-- Other files that were looked at for base classes while a file was parsed, as they were then;
-- the hash is NULL for one that was not there. Where one has changed since, the file is parsed again.
CREATE TABLE file_reads (
    file_id INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    content_hash TEXT,
    PRIMARY KEY (file_id, path)
);
CREATE INDEX file_reads_by_path ON file_reads (path);
