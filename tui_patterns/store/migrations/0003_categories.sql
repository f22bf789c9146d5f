-- What a version is for and what it is in its framework; its complexity range follows from complexity.

ALTER TABLE versions ADD COLUMN subcategory TEXT;
ALTER TABLE versions ADD COLUMN component_type TEXT;
ALTER TABLE versions ADD COLUMN form TEXT;
