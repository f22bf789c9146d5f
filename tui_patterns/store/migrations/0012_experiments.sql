-- Two patterns, or two versions of one, against each other. A version is NULL where the pattern's own counts.
CREATE TABLE experiments (
    id INTEGER PRIMARY KEY,
    a_pattern INTEGER NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
    a_version INTEGER REFERENCES versions (id) ON DELETE CASCADE,
    b_pattern INTEGER NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
    b_version INTEGER REFERENCES versions (id) ON DELETE CASCADE,
    effect REAL NOT NULL,
    threshold REAL NOT NULL,
    started REAL NOT NULL,
    stopped REAL
);

-- Sessions in the order in which they came to an experiment, each with its arm for good.
CREATE TABLE experiment_sessions (
    experiment_id INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
    session_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    arm TEXT NOT NULL CHECK (arm IN ('a', 'b')),
    at REAL NOT NULL,
    PRIMARY KEY (experiment_id, session_id),
    UNIQUE (experiment_id, position)
);
