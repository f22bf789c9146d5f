-- What a project's own tools say of its tests. Times of files are in nanoseconds.

-- The files that were read, as they were then; error is one line where one could not be.
CREATE TABLE evidence_sources (
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    kind TEXT NOT NULL,
    mtime_ns INTEGER NOT NULL,
    size INTEGER NOT NULL,
    error TEXT,
    PRIMARY KEY (project_id, path)
);

-- A measured file of that time and size; written is the time of the data. A file changed since is unknown.
CREATE TABLE coverage_files (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    mtime_ns INTEGER NOT NULL,
    size INTEGER NOT NULL,
    written INTEGER NOT NULL,
    UNIQUE (project_id, path)
);
-- passed, failed and unknown count the covering tests; NULL where none were recorded.
CREATE TABLE coverage_units (
    file_id INTEGER NOT NULL REFERENCES coverage_files (id) ON DELETE CASCADE,
    qualname TEXT NOT NULL,
    line INTEGER NOT NULL,
    executed INTEGER NOT NULL,
    statements INTEGER NOT NULL,
    passed INTEGER,
    failed INTEGER,
    unknown INTEGER,
    failing TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (file_id, qualname, line)
);

-- The last known result of each test: passed, failed or skipped.
CREATE TABLE test_results (
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    qualname TEXT NOT NULL,
    variant TEXT NOT NULL DEFAULT '',
    outcome TEXT NOT NULL,
    ran INTEGER NOT NULL,
    PRIMARY KEY (project_id, path, qualname, variant)
);

-- What was last known of the tests that cover a version; failing lists [path, qualname, variant].
-- It outlives the data that it came from: code is believed broken until that test passes or the code changes.
CREATE TABLE version_tests (
    version_id INTEGER PRIMARY KEY REFERENCES versions (id) ON DELETE CASCADE,
    passed INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    unknown INTEGER NOT NULL,
    failing TEXT NOT NULL DEFAULT '[]'
);

-- Tests and fixtures of a file, shown or not, with the fixtures that they ask for.
CREATE TABLE test_units (
    file_id INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    qualname TEXT NOT NULL,
    fixture TEXT,
    autouse INTEGER NOT NULL DEFAULT 0,
    requests TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX test_units_by_file ON test_units (file_id);

-- Why a pattern that stands in the code is not shown; its gone is then set as well.
ALTER TABLE patterns ADD COLUMN withheld TEXT;
