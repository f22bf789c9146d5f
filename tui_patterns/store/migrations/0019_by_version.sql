-- Who shows a version, and where it stands: asked for each new unit, and, by the foreign keys, for each
-- version that is deleted. Without these every one of them reads whole tables.
CREATE INDEX patterns_by_version ON patterns (version_id);
CREATE INDEX sites_by_version ON sites (version_id);
