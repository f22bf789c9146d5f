-- Hashes of the structures of patterns that were forgotten for good, so that no reading of the same code
-- brings them back.
CREATE TABLE forgotten_patterns (
    digest TEXT PRIMARY KEY,
    at REAL NOT NULL
);
