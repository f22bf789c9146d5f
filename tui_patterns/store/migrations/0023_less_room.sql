-- The same in less than half the room. What SQL never looks into is packed (store/packing.py): pack(), part()
-- and the other functions are the program's own, known to each of its connections.

-- Code, docstring, signature, facets and calls of a version, in this order; what was stored before has no calls. The parts of its quality become a list. Hashes of documents and of versions are
-- as long as it takes to tell a thousand million of them apart.
ALTER TABLE versions ADD COLUMN body BLOB NOT NULL DEFAULT x'';
DROP INDEX versions_counted;
UPDATE versions SET body = pack(code, docstring, signature, facets),
    quality_parts = values_of(quality_parts), code = '', docstring = NULL,
    signature = '', facets = '', doc_hash = SUBSTR(doc_hash, 1, 16), code_hash = SUBSTR(code_hash, 1, 32);
ALTER TABLE versions DROP COLUMN code;
ALTER TABLE versions DROP COLUMN docstring;
ALTER TABLE versions DROP COLUMN signature;
ALTER TABLE versions DROP COLUMN facets;
CREATE INDEX versions_counted
    ON versions (pattern_id, language, kind, framework, pattern_type, category, quality, doc_hash);

-- body: the document, packed, where it cannot be written again from its version's calls.
CREATE TABLE packed_documents (
    doc_hash TEXT PRIMARY KEY,
    body BLOB
);
INSERT INTO packed_documents (doc_hash, body)
SELECT SUBSTR(doc_hash, 1, 16), pack(body) FROM documents WHERE true ORDER BY rowid ON CONFLICT DO NOTHING;
DROP TABLE documents;
ALTER TABLE packed_documents RENAME TO documents;

-- Numbers of half precision. Of a fix the key is 'fix:' and its id.
CREATE TABLE models (
    id INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL UNIQUE
);
INSERT INTO models (fingerprint) SELECT DISTINCT fingerprint FROM vectors;
CREATE TABLE half_vectors (
    doc_hash TEXT NOT NULL,
    model INTEGER NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (doc_hash, model)
);
INSERT INTO half_vectors (doc_hash, model, vector)
SELECT CASE WHEN x.doc_hash >= 'fix:' AND x.doc_hash < 'fix;' THEN x.doc_hash ELSE SUBSTR(x.doc_hash, 1, 16) END,
       m.id, halve(x.vector)
FROM vectors x JOIN models m ON m.fingerprint = x.fingerprint WHERE true ORDER BY x.rowid
ON CONFLICT DO NOTHING;
DROP TABLE vectors;
ALTER TABLE half_vectors RENAME TO vectors;

-- Which vector of a pattern a collection holds.
CREATE TABLE numbered_collections (
    id INTEGER PRIMARY KEY,
    collection TEXT NOT NULL UNIQUE,
    dead INTEGER NOT NULL DEFAULT 0,
    churn INTEGER NOT NULL DEFAULT 0,
    audited_to INTEGER
);
INSERT INTO numbered_collections (collection, dead, churn, audited_to)
SELECT collection, dead, churn, audited_to FROM collections;
INSERT INTO numbered_collections (collection) SELECT DISTINCT collection FROM synced WHERE true
ON CONFLICT DO NOTHING;
DROP TABLE collections;
ALTER TABLE numbered_collections RENAME TO collections;
CREATE TABLE numbered_synced (
    collection INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    pattern_id INTEGER NOT NULL,
    doc_hash TEXT NOT NULL,
    PRIMARY KEY (collection, pattern_id)
) WITHOUT ROWID;
INSERT INTO numbered_synced (collection, pattern_id, doc_hash)
SELECT c.id, s.pattern_id, SUBSTR(s.doc_hash, 1, 16) FROM synced s JOIN collections c USING (collection);
DROP TABLE synced;
ALTER TABLE numbered_synced RENAME TO synced;

-- What a pattern is found by: its fields (store/words.py), packed. The index keeps no text of its own and
-- reads this through a view. Beginnings of names are words of their own, since an index of the beginnings of
-- all words is twice as large as that of the words.
DROP TRIGGER search_docs_added;
DROP TRIGGER search_docs_removed;
DROP TRIGGER search_docs_changed;
DROP TABLE search_words;
DROP TABLE search_index;
CREATE TABLE packed_docs (
    pattern_id INTEGER PRIMARY KEY REFERENCES patterns (id) ON DELETE CASCADE,
    words BLOB NOT NULL
);
INSERT INTO packed_docs (pattern_id, words)
SELECT pattern_id, pack_lines(title, names, path, prose, tags, context, body) FROM search_docs;
DROP TABLE search_docs;
ALTER TABLE packed_docs RENAME TO search_docs;

CREATE VIEW search_texts AS
SELECT pattern_id, line(words, 0) AS title, line(words, 1) AS names, line(words, 2) AS path,
       line(words, 3) AS prose, line(words, 4) AS tags, line(words, 5) AS context, line(words, 6) AS body,
       beginnings(line(words, 0), line(words, 1)) AS begins
FROM search_docs;
CREATE VIRTUAL TABLE search_index USING fts5 (
    title, names, path, prose, tags, context, body, begins,
    content = 'search_texts', content_rowid = 'pattern_id', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO search_index (search_index, rank) VALUES ('rank', 'bm25(8.0, 5.0, 2.0, 2.0, 1.0, 0.5, 1.0, 5.0)');
INSERT INTO search_index (search_index) VALUES ('rebuild');
CREATE VIRTUAL TABLE search_words USING fts5vocab ('search_index', 'row');

CREATE TRIGGER search_docs_added AFTER INSERT ON search_docs BEGIN
    INSERT INTO search_index (rowid, title, names, path, prose, tags, context, body, begins)
    VALUES (new.pattern_id, line(new.words, 0), line(new.words, 1), line(new.words, 2), line(new.words, 3),
            line(new.words, 4), line(new.words, 5), line(new.words, 6),
            beginnings(line(new.words, 0), line(new.words, 1)));
END;

CREATE TRIGGER search_docs_removed AFTER DELETE ON search_docs BEGIN
    INSERT INTO search_index (search_index, rowid, title, names, path, prose, tags, context, body, begins)
    VALUES ('delete', old.pattern_id, line(old.words, 0), line(old.words, 1), line(old.words, 2),
            line(old.words, 3), line(old.words, 4), line(old.words, 5), line(old.words, 6),
            beginnings(line(old.words, 0), line(old.words, 1)));
END;

CREATE TRIGGER search_docs_changed AFTER UPDATE ON search_docs BEGIN
    INSERT INTO search_index (search_index, rowid, title, names, path, prose, tags, context, body, begins)
    VALUES ('delete', old.pattern_id, line(old.words, 0), line(old.words, 1), line(old.words, 2),
            line(old.words, 3), line(old.words, 4), line(old.words, 5), line(old.words, 6),
            beginnings(line(old.words, 0), line(old.words, 1)));
    INSERT INTO search_index (rowid, title, names, path, prose, tags, context, body, begins)
    VALUES (new.pattern_id, line(new.words, 0), line(new.words, 1), line(new.words, 2), line(new.words, 3),
            line(new.words, 4), line(new.words, 5), line(new.words, 6),
            beginnings(line(new.words, 0), line(new.words, 1)));
END;

-- What the class and the module around many units say of themselves, once each, found by its CRC-32.
CREATE TABLE contexts (
    id INTEGER PRIMARY KEY,
    checksum INTEGER NOT NULL,
    words BLOB NOT NULL
);
INSERT INTO contexts (checksum, words)
SELECT checksum(context), pack(context) FROM (SELECT DISTINCT context FROM sites WHERE context <> '');
CREATE INDEX contexts_by_words ON contexts (checksum);
ALTER TABLE sites ADD COLUMN context_id INTEGER;
UPDATE sites SET context_id = (SELECT c.id FROM contexts c WHERE c.checksum = checksum(sites.context)
    AND c.words = pack(sites.context)), context = '' WHERE context <> '';
ALTER TABLE sites DROP COLUMN context;

-- What files define: names, lines and cohesion, packed; spoken: the names that are given to values.
CREATE TABLE packed_outlines (
    file_id INTEGER PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
    packed BLOB NOT NULL,
    spoken TEXT NOT NULL
);
INSERT INTO packed_outlines (file_id, packed, spoken)
SELECT file_id, pack(names, lines, cohesion), spoken(names) FROM outlines;
DROP TABLE outlines;
ALTER TABLE packed_outlines RENAME TO outlines;
UPDATE bodies SET body_hash = SUBSTR(body_hash, 1, 16);

-- Who refers (a definition of a file, or a file's own code), apart from what to. A path is found by the CRC-32
-- of its text, which is told from others of the same by reading it.
CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    file_id INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    line INTEGER NOT NULL
);
INSERT INTO sources (file_id, name, line) SELECT DISTINCT file_id, source, line FROM refs ORDER BY 1, 2, 3;
CREATE INDEX sources_by_file ON sources (file_id, name, line);
CREATE TABLE short_refs (
    source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    path_id INTEGER NOT NULL,
    kinds TEXT NOT NULL,
    PRIMARY KEY (source_id, path_id)
) WITHOUT ROWID;
INSERT INTO short_refs (source_id, path_id, kinds)
SELECT s.id, r.path_id, r.kinds FROM refs r
JOIN sources s ON s.file_id = r.file_id AND s.name = r.source AND s.line = r.line
WHERE true ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING;
DROP TABLE refs;
ALTER TABLE short_refs RENAME TO refs;
CREATE INDEX refs_by_path ON refs (path_id);
CREATE TABLE summed_paths (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    checksum INTEGER NOT NULL,
    text TEXT NOT NULL,
    target_file INTEGER,
    target TEXT,
    kind TEXT,
    sure INTEGER NOT NULL DEFAULT 1
);
INSERT INTO summed_paths (id, project_id, checksum, text, target_file, target, kind, sure)
SELECT id, project_id, checksum(text), text, target_file, target, kind, sure FROM paths;
DROP TABLE paths;
ALTER TABLE summed_paths RENAME TO paths;
CREATE INDEX paths_by_text ON paths (project_id, checksum);
CREATE INDEX paths_by_target ON paths (target_file, target);

-- Which paths asked for a name (key), 256 of neighbouring ids to a row: paths holds what a byte tells of each.
CREATE TABLE blocked_needs (
    key INTEGER NOT NULL,
    block INTEGER NOT NULL,
    paths BLOB NOT NULL,
    PRIMARY KEY (key, block)
) WITHOUT ROWID;
INSERT INTO blocked_needs (key, block, paths)
SELECT key, path_id / 256, bytes_of(json_group_array(path_id % 256)) FROM needs GROUP BY 1, 2 ORDER BY 1, 2;
DROP TABLE needs;
ALTER TABLE blocked_needs RENAME TO needs;

-- The keys that a pattern is found by (32 bits each), its rank told once; likeness leads back from each key.
CREATE TABLE bands (
    pattern_id INTEGER PRIMARY KEY REFERENCES patterns (id) ON DELETE CASCADE,
    rank INTEGER NOT NULL,
    keys BLOB NOT NULL
);
INSERT INTO bands (pattern_id, rank, keys)
SELECT pattern_id, rank, pack_keys(json_group_array(key)) FROM likeness GROUP BY pattern_id;
CREATE TABLE short_likeness (
    key INTEGER NOT NULL,
    pattern_id INTEGER NOT NULL,
    PRIMARY KEY (key, pattern_id)
) WITHOUT ROWID;
INSERT INTO short_likeness (key, pattern_id) SELECT key, pattern_id FROM likeness ORDER BY 1, 2;
DROP TABLE likeness;
ALTER TABLE short_likeness RENAME TO likeness;
CREATE TRIGGER bands_removed AFTER DELETE ON bands BEGIN
    DELETE FROM likeness WHERE pattern_id = old.pattern_id
        AND key IN (SELECT value FROM json_each(keys_of(old.keys)));
END;
