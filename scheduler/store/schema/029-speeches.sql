-- 029-speeches.sql - alerts that somebody speaks live, and what is kept of what was said.

CREATE TABLE speeches (
    alert        TEXT NOT NULL PRIMARY KEY REFERENCES alerts (id) ON DELETE CASCADE,
    origin       TEXT NOT NULL CHECK (origin IN ('district', 'station')),
    station      TEXT REFERENCES stations (id)
                 CONSTRAINT "a station's microphone has a station" CHECK ((station IS NULL) = (origin = 'district')),
    speaker      TEXT NOT NULL,
    ended_us     INTEGER NOT NULL DEFAULT 0,
    ending       TEXT NOT NULL DEFAULT 'none',
    n_frames     INTEGER NOT NULL DEFAULT 0,
    n_lost       INTEGER NOT NULL DEFAULT 0,
    duration_us  INTEGER NOT NULL DEFAULT 0,
    object       TEXT
) STRICT;
CREATE INDEX speeches_station ON speeches (station);

-- What was said and what it came to stays as it was.
CREATE TRIGGER speeches_fixed BEFORE UPDATE ON speeches
WHEN OLD.ended_us <> 0 OR NEW.alert <> OLD.alert OR NEW.origin <> OLD.origin
  OR NEW.station IS NOT OLD.station OR NEW.speaker <> OLD.speaker
BEGIN SELECT RAISE(ABORT, 'rule: a speech is never changed'); END;
