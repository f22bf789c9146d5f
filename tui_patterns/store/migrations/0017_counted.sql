-- What is counted of all patterns, read without their long rows.
CREATE INDEX patterns_shown ON patterns (gone, lead_id, project_id, version_id);
CREATE INDEX versions_counted
    ON versions (pattern_id, language, kind, framework, pattern_type, category, quality, doc_hash);
CREATE INDEX relations_by_kind ON relations (kind);
