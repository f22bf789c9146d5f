-- What a path asked for is noted more narrowly: all paths are resolved anew when their files are read next.
DELETE FROM needs;
DELETE FROM refs;
DELETE FROM paths;
DELETE FROM outlines;
DELETE FROM metrics;
DELETE FROM relations WHERE kind <> 'SIMILAR_TO';
