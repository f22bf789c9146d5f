-- What became of a Chroma collection: how many vectors were replaced or removed since it was made, which go
-- on taking room, and since every vector was last found; up to which pattern a look at all of them has come
-- (NULL: none is under way).
CREATE TABLE collections (
    collection TEXT PRIMARY KEY,
    dead INTEGER NOT NULL DEFAULT 0,
    churn INTEGER NOT NULL DEFAULT 0,
    audited_to INTEGER
);
