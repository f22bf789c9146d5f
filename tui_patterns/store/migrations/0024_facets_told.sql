-- What tests said of facets follows from the ledger like all else: the words that they said it by name them.

UPDATE events SET data = json_set(data, '$.detail.facets', json((
    SELECT json_group_array(f.facet) FROM facet_evidence f
    WHERE f.pattern_id = events.pattern_id AND f.source = 'use:' || events.injection_id)))
WHERE kind = 'outcome' AND json_extract(data, '$.what') = 'test' AND EXISTS (
    SELECT 1 FROM facet_evidence f
    WHERE f.pattern_id = events.pattern_id AND f.source = 'use:' || events.injection_id);
