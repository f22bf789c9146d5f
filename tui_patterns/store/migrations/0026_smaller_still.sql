-- Less room again (store/packing.py, store/numbers.py).

-- A vector is a multiple and a byte for each number.
UPDATE vectors SET vector = shrink_half(vector);

-- A document that can be written again from its version is not noted.
DELETE FROM documents WHERE body IS NULL;

-- 24 bits of a shingle tell as much as 32 did; bands are made again when their files are read next. A version's
-- hash has only to tell it from the others of its pattern.
UPDATE versions SET shingles = shorter(shingles), code_hash = SUBSTR(code_hash, 1, 16);
DELETE FROM likeness;
DROP TRIGGER bands_removed;
DELETE FROM bands;
CREATE TRIGGER bands_removed AFTER DELETE ON bands BEGIN
    DELETE FROM likeness WHERE pattern_id = old.pattern_id
        AND key IN (SELECT value FROM json_each(keys_of(old.keys)));
END;

-- The texts of a version apart from what it is looked through by: of long rows few fit on a page, and of those
-- the rest of the page is lost.
CREATE TABLE codes (
    version_id INTEGER PRIMARY KEY REFERENCES versions (id) ON DELETE CASCADE,
    body BLOB NOT NULL
);
INSERT INTO codes (version_id, body) SELECT id, body FROM versions ORDER BY id;
ALTER TABLE versions DROP COLUMN body;

-- That a pattern was first seen, its own row says; seen_in: the session whose code it was.
ALTER TABLE patterns ADD COLUMN seen_in TEXT;
UPDATE patterns SET seen_in = e.session_id FROM events e
WHERE e.kind = 'pattern_identified' AND e.session_id IS NOT NULL AND e.pattern_id = patterns.id;
CREATE INDEX patterns_by_session ON patterns (seen_in) WHERE seen_in IS NOT NULL;
DELETE FROM events WHERE kind = 'pattern_identified';
CREATE VIEW all_events AS
SELECT id, key, at, kind, session_id, injection_id, pattern_id, version_id, data FROM events
UNION ALL
SELECT -p.id, 'pattern_identified:' || p.uuid, p.created, 'pattern_identified', p.seen_in, NULL, p.id,
       (SELECT MIN(v.id) FROM versions v WHERE v.pattern_id = p.id), '{}'
FROM patterns p;

-- Tables that are kept in their keys; indexes without what nobody looks up by them.
CREATE TABLE keyed_relations (
    source_id INTEGER NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
    target_id INTEGER NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    confidence REAL NOT NULL,
    resolved INTEGER NOT NULL,
    cosine REAL,
    PRIMARY KEY (source_id, target_id, kind)
) WITHOUT ROWID;
INSERT INTO keyed_relations (source_id, target_id, kind, confidence, resolved, cosine)
SELECT source_id, target_id, kind, confidence, resolved, cosine FROM relations ORDER BY 1, 2, 3;
DROP TABLE relations;
ALTER TABLE keyed_relations RENAME TO relations;
CREATE INDEX relations_by_target ON relations (target_id);

CREATE TABLE keyed_reads (
    file_id INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    content_hash TEXT,
    PRIMARY KEY (file_id, path)
) WITHOUT ROWID;
INSERT INTO keyed_reads (file_id, path, content_hash)
SELECT file_id, path, content_hash FROM file_reads ORDER BY 1, 2;
DROP TABLE file_reads;
ALTER TABLE keyed_reads RENAME TO file_reads;
CREATE INDEX file_reads_by_path ON file_reads (path);

CREATE TABLE right_labels (
    id INTEGER PRIMARY KEY,
    label TEXT NOT NULL UNIQUE
);
INSERT INTO right_labels (label) SELECT DISTINCT label FROM rights ORDER BY 1;
CREATE TABLE numbered_rights (
    label INTEGER NOT NULL REFERENCES right_labels (id),
    version_id INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    PRIMARY KEY (label, version_id)
) WITHOUT ROWID;
INSERT INTO numbered_rights (label, version_id)
SELECT n.id, w.version_id FROM rights w JOIN right_labels n USING (label) ORDER BY 1, 2;
DROP TABLE rights;
ALTER TABLE numbered_rights RENAME TO rights;
CREATE INDEX rights_by_version ON rights (version_id);

-- Keys of 32 bits are signed. The keys of a pattern's calls stand with it once, as its bands do.
UPDATE paths SET checksum = signed(checksum);
UPDATE contexts SET checksum = signed(checksum);
CREATE TABLE signed_needs (
    key INTEGER NOT NULL,
    block INTEGER NOT NULL,
    paths BLOB NOT NULL,
    PRIMARY KEY (key, block)
) WITHOUT ROWID;
INSERT INTO signed_needs (key, block, paths) SELECT signed(key), block, paths FROM needs ORDER BY 1, 2;
DROP TABLE needs;
ALTER TABLE signed_needs RENAME TO needs;
CREATE TABLE called (
    pattern_id INTEGER PRIMARY KEY REFERENCES patterns (id) ON DELETE CASCADE,
    keys BLOB NOT NULL
);
INSERT INTO called (pattern_id, keys)
SELECT pattern_id, pack_signed(json_group_array(signed(key))) FROM calls GROUP BY pattern_id;
CREATE TABLE signed_calls (
    key INTEGER NOT NULL,
    pattern_id INTEGER NOT NULL,
    PRIMARY KEY (key, pattern_id)
) WITHOUT ROWID;
INSERT INTO signed_calls (key, pattern_id) SELECT signed(key), pattern_id FROM calls ORDER BY 1, 2;
DROP TABLE calls;
ALTER TABLE signed_calls RENAME TO calls;
CREATE TRIGGER called_removed AFTER DELETE ON called BEGIN
    DELETE FROM calls WHERE pattern_id = old.pattern_id
        AND key IN (SELECT value FROM json_each(keys_of(old.keys)));
END;

-- refs: what each source refers to, by path, with kinds; referrers leads back, 256 of neighbouring sources to a
-- row: sources holds what a byte tells of each.
CREATE TABLE packed_sources (
    id INTEGER PRIMARY KEY,
    file_id INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    line INTEGER NOT NULL,
    refs BLOB NOT NULL
);
INSERT INTO packed_sources (id, file_id, name, line, refs)
SELECT s.id, s.file_id, s.name, s.line,
       pack_refs((SELECT json_group_object(r.path_id, r.kinds) FROM refs r WHERE r.source_id = s.id))
FROM sources s ORDER BY s.id;
CREATE TABLE referrers (
    path_id INTEGER NOT NULL,
    block INTEGER NOT NULL,
    sources BLOB NOT NULL,
    PRIMARY KEY (path_id, block)
) WITHOUT ROWID;
INSERT INTO referrers (path_id, block, sources)
SELECT path_id, source_id / 256, bytes_of(json_group_array(source_id % 256)) FROM refs GROUP BY 1, 2 ORDER BY 1, 2;
DROP TABLE refs;
DROP TABLE sources;
ALTER TABLE packed_sources RENAME TO sources;
CREATE INDEX sources_by_file ON sources (file_id);
CREATE TRIGGER sources_removed AFTER DELETE ON sources BEGIN
    UPDATE referrers SET sources = without(sources, old.id % 256)
    WHERE block = old.id / 256 AND path_id IN (SELECT value FROM json_each(paths_of(old.refs)));
    DELETE FROM referrers WHERE block = old.id / 256 AND sources = x''
        AND path_id IN (SELECT value FROM json_each(paths_of(old.refs)));
END;

DROP INDEX paths_by_target;
CREATE INDEX paths_by_target ON paths (target_file, target) WHERE target_file IS NOT NULL;

-- What a pattern is found by is packed with a dictionary of its own. The column with the most words comes first
-- in the index, since FTS5 writes down for all but the first in which column a word stands.
DROP TRIGGER search_docs_added;
DROP TRIGGER search_docs_removed;
DROP TRIGGER search_docs_changed;
DROP TABLE search_words;
DROP TABLE search_index;
DROP VIEW search_texts;
UPDATE search_docs SET words = pack_words(line(words, 0), line(words, 1), line(words, 2), line(words, 3),
                                          line(words, 4), line(words, 5), line(words, 6));
CREATE VIEW search_texts AS
SELECT pattern_id, words_of(words, 6) AS body, words_of(words, 0) AS title, words_of(words, 1) AS names,
       words_of(words, 2) AS path, words_of(words, 3) AS prose, words_of(words, 4) AS tags,
       words_of(words, 5) AS context, beginnings(words_of(words, 0), words_of(words, 1)) AS begins
FROM search_docs;
CREATE VIRTUAL TABLE search_index USING fts5 (
    body, title, names, path, prose, tags, context, begins,
    content = 'search_texts', content_rowid = 'pattern_id', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO search_index (search_index, rank) VALUES ('rank', 'bm25(1.0, 8.0, 5.0, 2.0, 2.0, 1.0, 0.5, 5.0)');
INSERT INTO search_index (search_index) VALUES ('rebuild');
CREATE VIRTUAL TABLE search_words USING fts5vocab ('search_index', 'row');

CREATE TRIGGER search_docs_added AFTER INSERT ON search_docs BEGIN
    INSERT INTO search_index (rowid, title, names, path, prose, tags, context, body, begins)
    VALUES (new.pattern_id, words_of(new.words, 0), words_of(new.words, 1), words_of(new.words, 2),
            words_of(new.words, 3), words_of(new.words, 4), words_of(new.words, 5), words_of(new.words, 6),
            beginnings(words_of(new.words, 0), words_of(new.words, 1)));
END;

CREATE TRIGGER search_docs_removed AFTER DELETE ON search_docs BEGIN
    INSERT INTO search_index (search_index, rowid, title, names, path, prose, tags, context, body, begins)
    VALUES ('delete', old.pattern_id, words_of(old.words, 0), words_of(old.words, 1), words_of(old.words, 2),
            words_of(old.words, 3), words_of(old.words, 4), words_of(old.words, 5), words_of(old.words, 6),
            beginnings(words_of(old.words, 0), words_of(old.words, 1)));
END;

CREATE TRIGGER search_docs_changed AFTER UPDATE ON search_docs BEGIN
    INSERT INTO search_index (search_index, rowid, title, names, path, prose, tags, context, body, begins)
    VALUES ('delete', old.pattern_id, words_of(old.words, 0), words_of(old.words, 1), words_of(old.words, 2),
            words_of(old.words, 3), words_of(old.words, 4), words_of(old.words, 5), words_of(old.words, 6),
            beginnings(words_of(old.words, 0), words_of(old.words, 1)));
    INSERT INTO search_index (rowid, title, names, path, prose, tags, context, body, begins)
    VALUES (new.pattern_id, words_of(new.words, 0), words_of(new.words, 1), words_of(new.words, 2),
            words_of(new.words, 3), words_of(new.words, 4), words_of(new.words, 5), words_of(new.words, 6),
            beginnings(words_of(new.words, 0), words_of(new.words, 1)));
END;
