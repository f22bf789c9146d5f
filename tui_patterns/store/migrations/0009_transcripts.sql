-- What the transcripts of coding agents say of their sessions. Every row has a key that its source
-- gives (a message's or call's id, a line's own id or its hash), so that reading a file again, a copy
-- of it, or the same line twice adds nothing. Texts are stored with secrets masked.

-- One file that was read: how far, and what its reader must remember to go on.
CREATE TABLE transcripts (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    session_id TEXT NOT NULL,
    format TEXT NOT NULL,
    head TEXT NOT NULL,
    tail TEXT NOT NULL,
    position INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    unreadable INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT '{}',
    imported REAL NOT NULL
);
CREATE INDEX transcripts_by_session ON transcripts (session_id);

-- One request to a model, with the classes of its tokens (input without either cache class).
CREATE TABLE session_messages (
    session_id TEXT NOT NULL,
    key TEXT NOT NULL,
    message_id TEXT NOT NULL,
    transcript_id INTEGER NOT NULL,
    turn INTEGER,
    at REAL,
    model TEXT,
    sidechain INTEGER NOT NULL,
    input INTEGER NOT NULL,
    output INTEGER NOT NULL,
    cache_5m INTEGER NOT NULL,
    cache_1h INTEGER NOT NULL,
    cache_read INTEGER NOT NULL,
    total INTEGER NOT NULL,
    reasoning INTEGER NOT NULL,
    reported_total INTEGER,
    context_window INTEGER,
    fast INTEGER NOT NULL,
    recorded_usd REAL,
    cost_usd REAL,
    price_table TEXT,
    PRIMARY KEY (session_id, key)
);
CREATE INDEX session_messages_by_message ON session_messages (session_id, message_id);

-- A side chain that repeats a message under another request is the same message: the main chain's
-- copy counts, or else the largest.
CREATE VIEW counted_messages AS
SELECT m.* FROM session_messages m
WHERE m.sidechain = 0 OR NOT EXISTS (
    SELECT 1 FROM session_messages b
    WHERE b.session_id = m.session_id AND b.message_id = m.message_id AND b.key <> m.key
      AND (b.sidechain = 0 OR b.total > m.total OR (b.total = m.total AND b.key > m.key))
);

-- What a person asked; turn counts from 1.
CREATE TABLE session_prompts (
    session_id TEXT NOT NULL,
    key TEXT NOT NULL,
    turn INTEGER NOT NULL,
    at REAL,
    text TEXT NOT NULL,
    PRIMARY KEY (session_id, key)
);

-- One use of a tool. success is NULL where it is not known: no result yet, stopped by the person, or
-- an exit code that a pipe or "||" has swallowed.
CREATE TABLE tool_events (
    session_id TEXT NOT NULL,
    call_id TEXT NOT NULL,
    turn INTEGER,
    at REAL,
    ended REAL,
    sidechain INTEGER,
    tool TEXT,
    category TEXT,
    command TEXT,
    decisive INTEGER,
    files TEXT NOT NULL DEFAULT '[]',
    failed INTEGER,
    sure INTEGER,
    stopped INTEGER,
    exit_code INTEGER,
    verdict INTEGER,
    coverage REAL,
    duration_ms REAL,
    success INTEGER,
    output TEXT,
    PRIMARY KEY (session_id, call_id)
);
CREATE INDEX tool_events_by_category ON tool_events (category, at);

-- Code that a session wrote: a whole file (old is NULL), or a piece that replaces old.
CREATE TABLE session_edits (
    session_id TEXT NOT NULL,
    call_id TEXT NOT NULL,
    part INTEGER NOT NULL,
    turn INTEGER,
    at REAL,
    place INTEGER NOT NULL,
    path TEXT NOT NULL,
    old TEXT,
    text TEXT NOT NULL,
    PRIMARY KEY (session_id, call_id, part)
);

-- Items of task lists, in the state in which they were last seen.
CREATE TABLE session_tasks (
    session_id TEXT NOT NULL,
    key TEXT NOT NULL,
    title TEXT,
    status TEXT,
    at REAL NOT NULL,
    PRIMARY KEY (session_id, key)
);

-- Compactions, errors of the model's service, and stops by the person.
CREATE TABLE session_marks (
    session_id TEXT NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    turn INTEGER,
    at REAL,
    detail TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (session_id, key)
);

-- Hashes of the ids of sessions that were forgotten, so that no import brings them back.
CREATE TABLE forgotten_sessions (
    digest TEXT PRIMARY KEY,
    at REAL NOT NULL
);
