-- The ledger: what happened, in events that are only ever added. Everything that counts as evidence
-- (ratings, injections, injection_patterns, outcomes, trials, retired) is a fold over it.
-- key makes an event that is told twice one event; at is when it happened, id the order of arrival.

CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    at REAL NOT NULL,
    kind TEXT NOT NULL,
    session_id TEXT,
    injection_id TEXT,
    pattern_id INTEGER REFERENCES patterns (id) ON DELETE CASCADE,
    version_id INTEGER,
    data TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX events_by_pattern ON events (pattern_id, kind, session_id);
CREATE INDEX events_by_injection ON events (injection_id, pattern_id, session_id);
CREATE INDEX events_by_session ON events (session_id);
CREATE INDEX events_by_kind ON events (kind, at);

-- Which event said an outcome, in which session and which project (its root; NULL: that of the pattern).
ALTER TABLE outcomes ADD COLUMN event_id INTEGER;
ALTER TABLE outcomes ADD COLUMN session_id TEXT;
ALTER TABLE outcomes ADD COLUMN project TEXT;
CREATE INDEX outcomes_by_event ON outcomes (event_id);
CREATE INDEX outcomes_by_injection ON outcomes (injection_id, pattern_id, session_id);

-- One use of a pattern of which it is known how it went: what confidence counts. weight is the
-- strength of the word that decided, before any decay.
CREATE TABLE trials (
    subject TEXT PRIMARY KEY,
    pattern_id INTEGER NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
    injection_id TEXT,
    session_id TEXT,
    project TEXT,
    kind TEXT NOT NULL,
    success INTEGER NOT NULL,
    weight REAL NOT NULL,
    at REAL NOT NULL
);
CREATE INDEX trials_by_pattern ON trials (pattern_id, at, success, weight, project);
CREATE INDEX trials_by_injection ON trials (injection_id, pattern_id, session_id);

-- Patterns that are kept, but put into no prompt.
CREATE TABLE retired (
    pattern_id INTEGER PRIMARY KEY REFERENCES patterns (id) ON DELETE CASCADE,
    at REAL NOT NULL,
    source TEXT NOT NULL,
    reason TEXT
);

-- What was recorded before there was a ledger. Numbers with all their digits: json_object keeps 15.
INSERT INTO events (key, at, kind, session_id, pattern_id, version_id, data)
SELECT 'rating:' || t.session_id || ':' || p.uuid || ':0', t.created, 'rating', t.session_id, t.pattern_id,
       t.version_id, json_object('note', t.note, 'rating', t.rating, 'task', t.task)
FROM ratings t JOIN patterns p ON p.id = t.pattern_id ORDER BY t.id;
INSERT INTO events (key, at, kind, session_id, pattern_id, version_id, data)
SELECT 'rating:' || t.session_id || ':' || p.uuid || ':1', t.updated, 'rating', t.session_id, t.pattern_id,
       t.version_id, json_object('note', t.note, 'rating', t.rating, 'task', t.task)
FROM ratings t JOIN patterns p ON p.id = t.pattern_id WHERE t.updated > t.created ORDER BY t.id;

INSERT INTO events (key, at, kind, session_id, injection_id, data)
SELECT 'injection:' || i.id, i.created, 'injection', i.session_id, i.id, json_object(
    'arm', i.arm, 'budget', i.budget, 'prompt_hash', i.prompt_hash, 'task', i.task, 'tokens', i.tokens,
    'patterns', json(COALESCE((
        SELECT json_group_array(json_object(
            'pattern', p.uuid, 'position', x.position, 'propensity', json(printf('%!.17g', x.propensity)),
            'relevance', json(printf('%!.17g', x.relevance)), 'score', json(printf('%!.17g', x.score)),
            'tokens', x.tokens, 'version', x.version_id, 'why', json(x.why)))
        FROM injection_patterns x JOIN patterns p ON p.id = x.pattern_id WHERE x.injection_id = i.id
    ), '[]')))
FROM injections i ORDER BY i.created, i.id;

INSERT INTO events (key, at, kind, session_id, injection_id, pattern_id, data)
SELECT 'outcome:before:' || o.id, o.created, 'outcome', i.session_id, o.injection_id, o.pattern_id, json_object(
    'detail', json(o.detail), 'source', o.source, 'what', o.kind,
    'weight', json(printf('%!.17g', o.weight)),
    'success', json(CASE o.success WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END))
FROM outcomes o LEFT JOIN injections i ON i.id = o.injection_id ORDER BY o.created, o.id;
UPDATE outcomes SET
    event_id = (SELECT e.id FROM events e WHERE e.key = 'outcome:before:' || outcomes.id),
    session_id = (SELECT i.session_id FROM injections i WHERE i.id = outcomes.injection_id);
INSERT INTO trials (subject, pattern_id, session_id, kind, success, weight, at)
SELECT 'rating:' || t.session_id || ':' || p.uuid, t.pattern_id, t.session_id, 'rating', t.rating >= 4, 1.0,
       t.updated
FROM ratings t JOIN patterns p ON p.id = t.pattern_id WHERE t.rating <> 3;
INSERT INTO trials (subject, pattern_id, injection_id, session_id, kind, success, weight, at)
SELECT CASE WHEN o.injection_id IS NULL THEN 'outcome:outcome:before:' || o.id || ':' || p.uuid
       ELSE 'use:' || o.injection_id || ':' || p.uuid END,
       o.pattern_id, o.injection_id, o.session_id, o.kind, o.success, o.weight, o.created
FROM outcomes o JOIN patterns p ON p.id = o.pattern_id WHERE o.success IS NOT NULL
ON CONFLICT (subject) DO NOTHING;
