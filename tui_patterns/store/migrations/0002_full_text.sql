-- SQLite's own full-text index over search_docs, kept in step by triggers.
-- A PostgreSQL store would put a tsvector column here instead.

CREATE VIRTUAL TABLE search_index USING fts5 (
    title, names, path, prose, tags,
    content = 'search_docs', content_rowid = 'pattern_id',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);
INSERT INTO search_index (search_index, rank) VALUES ('rank', 'bm25(8.0, 5.0, 2.0, 2.0, 3.0)');

CREATE VIRTUAL TABLE search_words USING fts5vocab ('search_index', 'row');

CREATE TRIGGER search_docs_added AFTER INSERT ON search_docs BEGIN
    INSERT INTO search_index (rowid, title, names, path, prose, tags)
    VALUES (new.pattern_id, new.title, new.names, new.path, new.prose, new.tags);
END;

CREATE TRIGGER search_docs_removed AFTER DELETE ON search_docs BEGIN
    INSERT INTO search_index (search_index, rowid, title, names, path, prose, tags)
    VALUES ('delete', old.pattern_id, old.title, old.names, old.path, old.prose, old.tags);
END;

CREATE TRIGGER search_docs_changed AFTER UPDATE ON search_docs BEGIN
    INSERT INTO search_index (search_index, rowid, title, names, path, prose, tags)
    VALUES ('delete', old.pattern_id, old.title, old.names, old.path, old.prose, old.tags);
    INSERT INTO search_index (rowid, title, names, path, prose, tags)
    VALUES (new.pattern_id, new.title, new.names, new.path, new.prose, new.tags);
END;
