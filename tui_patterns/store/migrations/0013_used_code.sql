-- Where injected patterns are followed in code, for as long as it is worth knowing. What was concluded
-- from it is in the ledger; these tables only find the place again.

-- What stood in a file just before it first changed after an injection: names and versions of its units.
-- known is 0 for a file that was not there.
CREATE TABLE credit_baselines (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    at REAL NOT NULL,
    known INTEGER NOT NULL,
    units TEXT NOT NULL
);
CREATE INDEX credit_baselines_by_path ON credit_baselines (project_id, path, at);

-- The code that follows an injected pattern: lines of its file (line: that of the unit), the text that
-- they had when they were first seen, and facets whose lines were taken. gone is when it followed no
-- more; kept is the commit that was found to hold it; tests are those that run it.
CREATE TABLE used_code (
    id INTEGER PRIMARY KEY,
    injection_id TEXT NOT NULL REFERENCES injections (id) ON DELETE CASCADE,
    pattern_id INTEGER NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
    version_id INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    qualname TEXT NOT NULL,
    lines TEXT NOT NULL,
    text TEXT NOT NULL,
    facets TEXT NOT NULL DEFAULT '[]',
    similarity REAL NOT NULL,
    at REAL NOT NULL,
    gone REAL,
    kept TEXT,
    findings TEXT,
    tests TEXT NOT NULL DEFAULT '[]',
    UNIQUE (injection_id, pattern_id)
);
CREATE INDEX used_code_by_place ON used_code (project_id, path);

-- How long each run of a test took, in seconds; ran is the time of the file that says so, in nanoseconds.
-- benchmark: pytest-benchmark's median of one run's rounds.
CREATE TABLE test_durations (
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    test TEXT NOT NULL,
    ran INTEGER NOT NULL,
    benchmark INTEGER NOT NULL,
    seconds REAL NOT NULL,
    PRIMARY KEY (project_id, test, benchmark, ran)
);
