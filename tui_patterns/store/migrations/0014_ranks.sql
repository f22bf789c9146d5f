-- Among many patterns of one band, the one of the lowest rank stands for all; bands are made again when
-- their files are read next.
DELETE FROM likeness;
ALTER TABLE likeness ADD COLUMN rank INTEGER NOT NULL DEFAULT 0;
