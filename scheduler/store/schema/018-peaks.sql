-- 018-peaks.sql - the shape of a recording, measured when it is taken in.

CREATE TABLE peaks (
    object  TEXT NOT NULL PRIMARY KEY REFERENCES objects (hash) ON DELETE CASCADE,
    peaks   TEXT NOT NULL CONSTRAINT "800 peaks in hex"
        CHECK (length(peaks) = 1600 AND peaks NOT GLOB '*[^0-9a-f]*')
) STRICT, WITHOUT ROWID;
