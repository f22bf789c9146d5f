-- What failures teach. fixes and fix_trials are folds over the ledger's events of kind 'fix'; guards
-- follow from trials and tests; the other tables only find red and green again while a test is red.

-- A change that turned an error to green. signature and shape are those of the error (learning/signatures).
CREATE TABLE fixes (
    id TEXT PRIMARY KEY,
    shape TEXT NOT NULL,
    signature TEXT NOT NULL,
    error_class TEXT NOT NULL,
    error_type TEXT NOT NULL,
    message TEXT NOT NULL,
    frame TEXT,
    exit_code INTEGER,
    strategy TEXT NOT NULL,
    diff TEXT NOT NULL,
    paths TEXT NOT NULL,
    project TEXT,
    session_id TEXT,
    found REAL NOT NULL
);
CREATE INDEX fixes_by_shape ON fixes (shape);
CREATE INDEX fixes_by_class ON fixes (error_class);

-- One try at an error: by a known fix, or by a change that is none (fix_id NULL) and did not help.
CREATE TABLE fix_trials (
    subject TEXT PRIMARY KEY,
    fix_id TEXT,
    shape TEXT NOT NULL,
    error_class TEXT NOT NULL,
    strategy TEXT NOT NULL,
    project TEXT,
    session_id TEXT,
    success INTEGER NOT NULL,
    weight REAL NOT NULL,
    at REAL NOT NULL
);
CREATE INDEX fix_trials_by_fix ON fix_trials (fix_id);
CREATE INDEX fix_trials_by_class ON fix_trials (error_class, strategy);

-- What each failing test printed last, masked; put in the place of all that was known with each reading.
CREATE TABLE test_errors (
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    test TEXT NOT NULL,
    ran INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (project_id, test)
);

-- A project as it was when tests failed: its files by the hash of their text.
CREATE TABLE red_states (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    ran INTEGER NOT NULL,
    whole INTEGER NOT NULL,
    files TEXT NOT NULL,
    UNIQUE (project_id, ran)
);
CREATE TABLE red_texts (
    digest TEXT PRIMARY KEY,
    body BLOB NOT NULL
);
-- A test that is red: its error, the state when it was first seen with it, and the last one.
CREATE TABLE red_tests (
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    test TEXT NOT NULL,
    ran INTEGER NOT NULL,
    error TEXT NOT NULL,
    files TEXT NOT NULL,
    base_state INTEGER NOT NULL,
    last_state INTEGER NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (project_id, test)
);

-- Versions of a library with which a use of a pattern worked or failed; a fold over outcomes.
CREATE TABLE library_trials (
    subject TEXT NOT NULL,
    package TEXT NOT NULL,
    version TEXT NOT NULL,
    pattern_id INTEGER NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
    injection_id TEXT,
    session_id TEXT,
    success INTEGER NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (subject, package, version)
);
CREATE INDEX library_trials_by_pattern ON library_trials (pattern_id);

-- Where a pattern fails again and again: conditions that hold together, with the counts behind them.
CREATE TABLE guards (
    pattern_id INTEGER NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
    condition TEXT NOT NULL,
    failures INTEGER NOT NULL,
    successes INTEGER NOT NULL,
    passing INTEGER NOT NULL,
    population INTEGER NOT NULL,
    PRIMARY KEY (pattern_id, condition)
);
