-- The truth: projects, their files, patterns with versions and sites, evidence.
-- Text ids are UUIDs that faces show; integer ids join tables and number FTS rows.
-- Times are Unix seconds. JSON columns hold lists or objects.

CREATE TABLE projects (
    id INTEGER PRIMARY KEY,
    root TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created REAL NOT NULL,
    scanned REAL,
    options TEXT
);

CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    language TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    content_hash TEXT,
    lines INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    left_out TEXT NOT NULL DEFAULT '{}',
    parsed REAL NOT NULL,
    UNIQUE (project_id, path)
);

-- path, qualname and lines are those of the main site, kept when the pattern is gone.
CREATE TABLE patterns (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    version_id INTEGER REFERENCES versions (id),
    path TEXT NOT NULL,
    qualname TEXT NOT NULL,
    line INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    created REAL NOT NULL,
    updated REAL NOT NULL,
    gone REAL
);
CREATE INDEX patterns_by_project ON patterns (project_id, gone);
CREATE INDEX patterns_by_place ON patterns (project_id, qualname);
CREATE INDEX patterns_by_update ON patterns (gone, updated);

CREATE TABLE versions (
    id INTEGER PRIMARY KEY,
    pattern_id INTEGER NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
    code_hash TEXT NOT NULL,
    structure_hash TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    pattern_type TEXT NOT NULL,
    category TEXT,
    language TEXT NOT NULL,
    framework TEXT,
    code TEXT NOT NULL,
    signature TEXT NOT NULL,
    docstring TEXT,
    complexity INTEGER,
    quality REAL,
    quality_parts TEXT NOT NULL DEFAULT '{}',
    tags TEXT NOT NULL DEFAULT '[]',
    dependencies TEXT NOT NULL DEFAULT '[]',
    facets TEXT NOT NULL DEFAULT '{}',
    shingles BLOB NOT NULL DEFAULT x'',
    doc_hash TEXT NOT NULL,
    created REAL NOT NULL,
    UNIQUE (pattern_id, code_hash)
);
CREATE INDEX versions_by_structure ON versions (structure_hash);
CREATE INDEX versions_by_document ON versions (doc_hash);

CREATE TABLE sites (
    id INTEGER PRIMARY KEY,
    pattern_id INTEGER NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
    version_id INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    file_id INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    qualname TEXT NOT NULL,
    line INTEGER NOT NULL,
    end_line INTEGER NOT NULL
);
CREATE INDEX sites_by_pattern ON sites (pattern_id);
CREATE INDEX sites_by_file ON sites (file_id);

-- Evidence lines are offsets from the unit's first line, so a shift costs nothing.
CREATE TABLE labels (
    version_id INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    confidence REAL NOT NULL,
    evidence TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (version_id, label)
);
CREATE INDEX labels_by_label ON labels (label);

CREATE TABLE relations (
    source_id INTEGER NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
    target_id INTEGER NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    confidence REAL NOT NULL,
    resolved INTEGER NOT NULL,
    PRIMARY KEY (source_id, target_id, kind)
);

-- What is embedded, and the vectors themselves: one per document and model.
CREATE TABLE documents (
    doc_hash TEXT PRIMARY KEY,
    body TEXT NOT NULL
);
CREATE TABLE vectors (
    doc_hash TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (doc_hash, fingerprint)
);
-- Which vector of a pattern the Chroma collection of that name and nonce holds.
CREATE TABLE synced (
    collection TEXT NOT NULL,
    pattern_id INTEGER NOT NULL,
    doc_hash TEXT NOT NULL,
    PRIMARY KEY (collection, pattern_id)
);

CREATE TABLE search_docs (
    pattern_id INTEGER PRIMARY KEY REFERENCES patterns (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    names TEXT NOT NULL,
    path TEXT NOT NULL,
    prose TEXT NOT NULL,
    tags TEXT NOT NULL
);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    agent TEXT,
    model TEXT,
    project_id INTEGER REFERENCES projects (id) ON DELETE SET NULL,
    started REAL NOT NULL,
    ended REAL,
    facts TEXT NOT NULL DEFAULT '{}'
);

CREATE TABLE ratings (
    id INTEGER PRIMARY KEY,
    pattern_id INTEGER NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
    version_id INTEGER REFERENCES versions (id) ON DELETE SET NULL,
    session_id TEXT NOT NULL,
    task TEXT,
    rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 5),
    note TEXT,
    created REAL NOT NULL,
    updated REAL NOT NULL,
    UNIQUE (pattern_id, session_id)
);

CREATE TABLE injections (
    id TEXT PRIMARY KEY,
    session_id TEXT NOT NULL,
    created REAL NOT NULL,
    task TEXT,
    arm TEXT NOT NULL,
    prompt_hash TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    budget INTEGER NOT NULL
);
CREATE INDEX injections_by_time ON injections (created);

CREATE TABLE injection_patterns (
    injection_id TEXT NOT NULL REFERENCES injections (id) ON DELETE CASCADE,
    pattern_id INTEGER NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
    version_id INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    score REAL NOT NULL,
    relevance REAL NOT NULL,
    propensity REAL NOT NULL,
    tokens INTEGER NOT NULL,
    why TEXT NOT NULL DEFAULT '{}',
    state TEXT NOT NULL DEFAULT 'open',
    similarity REAL,
    evidence TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (injection_id, pattern_id)
);
CREATE INDEX injections_by_pattern ON injection_patterns (pattern_id, state);

CREATE TABLE outcomes (
    id INTEGER PRIMARY KEY,
    injection_id TEXT REFERENCES injections (id) ON DELETE CASCADE,
    pattern_id INTEGER NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    success INTEGER,
    weight REAL NOT NULL DEFAULT 1.0,
    source TEXT NOT NULL,
    created REAL NOT NULL,
    detail TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX outcomes_by_pattern ON outcomes (pattern_id);

-- Work that one process asks of whichever process holds the index lock.
CREATE TABLE index_requests (
    id INTEGER PRIMARY KEY,
    root TEXT NOT NULL,
    options TEXT NOT NULL DEFAULT '{}',
    created REAL NOT NULL,
    started REAL,
    finished REAL,
    progress TEXT NOT NULL DEFAULT '{}',
    report TEXT,
    error TEXT
);

-- What the holder of the index lock is doing, for every other process to show.
CREATE TABLE engine_status (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    updated REAL NOT NULL
);
