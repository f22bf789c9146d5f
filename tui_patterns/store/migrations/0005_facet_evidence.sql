-- What a use of a pattern said of one of its facets. One row an event, so that weights can change
-- or decay later; an event told again by the same source replaces what it said before.

CREATE TABLE facet_evidence (
    id INTEGER PRIMARY KEY,
    pattern_id INTEGER NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
    facet TEXT NOT NULL,
    source TEXT NOT NULL,
    success INTEGER NOT NULL CHECK (success IN (0, 1)),
    weight REAL NOT NULL DEFAULT 1.0 CHECK (weight > 0),
    created REAL NOT NULL,
    UNIQUE (pattern_id, facet, source)
);
