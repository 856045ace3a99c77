-- 008-quiet.sql - silence that somebody asked for, and what did not sound because of it.

CREATE TABLE quiets (
    id        TEXT NOT NULL PRIMARY KEY,
    area      TEXT NOT NULL,
    station   TEXT NOT NULL,
    zone      TEXT NOT NULL,
    from_us   INTEGER NOT NULL,
    until_us  INTEGER NOT NULL,
    reason    TEXT NOT NULL CONSTRAINT "reason for silence"
              CHECK (reason IN ('funeral', 'ceremony', 'exam', 'other')),
    words     TEXT NOT NULL,
    author    TEXT NOT NULL REFERENCES accounts (id),
    made_us   INTEGER NOT NULL,
    ended_us  INTEGER NOT NULL,
    ended_by  TEXT REFERENCES accounts (id),
    CONSTRAINT "silence is asked for an area, or for a zone of a station"
        CHECK ((area <> '' AND station = '' AND zone = '')
            OR (area = '' AND station <> '' AND zone <> '')),
    CONSTRAINT "silence ends after it begins" CHECK (until_us > from_us),
    CONSTRAINT "who ended it is known" CHECK ((ended_us = 0) = (ended_by IS NULL))
) STRICT;
CREATE INDEX quiets_until ON quiets (until_us);
CREATE TRIGGER quiets_exist BEFORE INSERT ON quiets
WHEN NOT EXISTS (SELECT 1 FROM areas WHERE id = NEW.area)
 AND NOT EXISTS (SELECT 1 FROM zones WHERE station = NEW.station AND id = NEW.zone)
BEGIN SELECT RAISE(ABORT, 'missing: silence is asked for an area or a zone that exists'); END;
CREATE TRIGGER quiets_fixed BEFORE UPDATE ON quiets
WHEN OLD.ended_us <> 0 OR NEW.id <> OLD.id OR NEW.area <> OLD.area
  OR NEW.station <> OLD.station OR NEW.zone <> OLD.zone OR NEW.from_us <> OLD.from_us
  OR NEW.until_us <> OLD.until_us OR NEW.reason <> OLD.reason OR NEW.words <> OLD.words
  OR NEW.author <> OLD.author OR NEW.made_us <> OLD.made_us
BEGIN SELECT RAISE(ABORT, 'rule: a quiet request is never changed, only ended, and once'); END;
CREATE TRIGGER quiets_stay BEFORE DELETE ON quiets
WHEN OLD.made_us >= (SELECT floor_us FROM retention)
BEGIN SELECT RAISE(ABORT, 'rule: a quiet request is kept for the retention time'); END;

-- Segments that a plan left out in a zone; they stand in no day plan that could be read again.
CREATE TABLE silenced (
    station      TEXT NOT NULL REFERENCES stations (id),
    segment      TEXT NOT NULL,
    zone         TEXT NOT NULL,
    quiet        TEXT NOT NULL REFERENCES quiets (id),
    date         TEXT NOT NULL,
    occurrence   TEXT NOT NULL,
    slot         TEXT NOT NULL,
    item         TEXT NOT NULL,
    title        TEXT NOT NULL,
    language     TEXT,
    object       TEXT,
    start_us     INTEGER NOT NULL,
    duration_us  INTEGER NOT NULL,
    PRIMARY KEY (station, segment, zone)
) STRICT, WITHOUT ROWID;
CREATE INDEX silenced_start ON silenced (station, start_us);
CREATE INDEX silenced_quiet ON silenced (quiet);
