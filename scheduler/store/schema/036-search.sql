-- 036-search.sql - announcements are found by their source and by the words of their scripts, too.

-- Folded like the title; fold() is the program's.
ALTER TABLE announcements ADD COLUMN folded_source TEXT NOT NULL DEFAULT '';
UPDATE announcements SET folded_source = fold(source_number || ' ' || source_issuer);

-- The number by which the index of words knows a version. The later it came, the higher. What the
-- index still has of a number that is not here is never found, and replaced.
CREATE TABLE script_texts (
    n             INTEGER PRIMARY KEY,
    version       TEXT NOT NULL UNIQUE REFERENCES versions (id) ON DELETE CASCADE,
    announcement  TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE script_words USING fts5 (
    folded, tokenize = "unicode61 remove_diacritics 0", prefix = '2 3'
);
INSERT INTO script_texts (version, announcement)
SELECT id, announcement FROM versions WHERE script IS NOT NULL ORDER BY created_us, id;
INSERT INTO script_words (rowid, folded)
SELECT t.n, fold(v.script) FROM script_texts AS t JOIN versions AS v ON v.id = t.version;
