-- Why a label was given, in words; empty for labels from before this was kept.
ALTER TABLE labels ADD COLUMN why TEXT NOT NULL DEFAULT '';
