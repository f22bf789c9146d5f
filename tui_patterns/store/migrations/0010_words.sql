-- More of what a pattern is found by: what its class and module say of themselves, and the words of its
-- code. Every column holds stems, once each, so that the ranking need not split them again; title and names
-- hold the words as written too, for what is being typed. What is stored already is found by its old words
-- until its file is read again.

ALTER TABLE sites ADD COLUMN context TEXT NOT NULL DEFAULT '';
ALTER TABLE search_docs ADD COLUMN context TEXT NOT NULL DEFAULT '';
ALTER TABLE search_docs ADD COLUMN body TEXT NOT NULL DEFAULT '';

DROP TRIGGER search_docs_added;
DROP TRIGGER search_docs_removed;
DROP TRIGGER search_docs_changed;
DROP TABLE search_words;
DROP TABLE search_index;

CREATE VIRTUAL TABLE search_index USING fts5 (
    title, names, path, prose, tags, context, body,
    content = 'search_docs', content_rowid = 'pattern_id',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);
INSERT INTO search_index (search_index, rank) VALUES ('rank', 'bm25(8.0, 5.0, 2.0, 2.0, 1.0, 0.5, 1.0)');
INSERT INTO search_index (search_index) VALUES ('rebuild');

CREATE VIRTUAL TABLE search_words USING fts5vocab ('search_index', 'row');

CREATE TRIGGER search_docs_added AFTER INSERT ON search_docs BEGIN
    INSERT INTO search_index (rowid, title, names, path, prose, tags, context, body)
    VALUES (new.pattern_id, new.title, new.names, new.path, new.prose, new.tags, new.context, new.body);
END;

CREATE TRIGGER search_docs_removed AFTER DELETE ON search_docs BEGIN
    INSERT INTO search_index (search_index, rowid, title, names, path, prose, tags, context, body)
    VALUES ('delete', old.pattern_id, old.title, old.names, old.path, old.prose, old.tags, old.context,
            old.body);
END;

CREATE TRIGGER search_docs_changed AFTER UPDATE ON search_docs BEGIN
    INSERT INTO search_index (search_index, rowid, title, names, path, prose, tags, context, body)
    VALUES ('delete', old.pattern_id, old.title, old.names, old.path, old.prose, old.tags, old.context,
            old.body);
    INSERT INTO search_index (rowid, title, names, path, prose, tags, context, body)
    VALUES (new.pattern_id, new.title, new.names, new.path, new.prose, new.tags, new.context, new.body);
END;
