-- 009-special-days.sql - Tết, festivals, mourning; and which signals are music.

-- What is different for the slots of an area, and all below it, on some local dates.
CREATE TABLE special_days (
    id          TEXT NOT NULL PRIMARY KEY,
    name        TEXT NOT NULL CONSTRAINT "a special day has a name" CHECK (name <> ''),
    area        TEXT NOT NULL REFERENCES areas (id),
    first_date  TEXT NOT NULL,
    last_date   TEXT NOT NULL,
    from_min    INTEGER NOT NULL,
    to_min      INTEGER NOT NULL,
    act         TEXT NOT NULL CONSTRAINT "act of a special day"
                CHECK (act IN ('skip', 'no_music', 'move_to', 'move_by', 'replace')),
    minutes     INTEGER NOT NULL,
    playlist    TEXT REFERENCES playlists (id),
    off         INTEGER NOT NULL CONSTRAINT "off is 0 or 1" CHECK (off IN (0, 1)),
    content     TEXT NOT NULL,
    approved    TEXT,
    approver    TEXT REFERENCES accounts (id),
    changed_by  TEXT NOT NULL,
    changed_us  INTEGER NOT NULL,
    revision    INTEGER NOT NULL,
    CONSTRAINT "a special day ends on or after its first date, and lasts 60 days at most"
        CHECK (last_date >= first_date AND julianday(last_date) - julianday(first_date) < 60),
    CONSTRAINT "hours of a special day lie inside one day, their end after their beginning"
        CHECK (from_min >= 0 AND from_min < to_min AND to_min <= 1440),
    CONSTRAINT "a move names a minute of the day, or by how many minutes, at most 12 hours"
        CHECK (CASE act WHEN 'move_to' THEN minutes BETWEEN 0 AND 1439
                        WHEN 'move_by' THEN minutes BETWEEN -720 AND 720 AND minutes <> 0
                        ELSE minutes = 0 END),
    CONSTRAINT "a special day that replaces names a playlist, no other does"
        CHECK ((playlist IS NOT NULL) = (act = 'replace')),
    CONSTRAINT "approval and approver go together"
        CHECK ((approved IS NULL) = (approver IS NULL))
) STRICT;
CREATE INDEX special_days_area ON special_days (area, last_date);
CREATE INDEX special_days_playlist ON special_days (playlist);

-- Two that move or replace cannot hold at once; silence may always be added.
CREATE TRIGGER special_days_one_insert BEFORE INSERT ON special_days
WHEN NEW.off = 0 AND NEW.act IN ('move_to', 'move_by', 'replace') AND EXISTS (
    SELECT 1 FROM special_days WHERE area = NEW.area AND id <> NEW.id AND off = 0
      AND act IN ('move_to', 'move_by', 'replace')
      AND first_date <= NEW.last_date AND last_date >= NEW.first_date
      AND from_min < NEW.to_min AND to_min > NEW.from_min)
BEGIN SELECT RAISE(ABORT, 'conflict: another special day moves or replaces the same slots of this area then'); END;
CREATE TRIGGER special_days_one_update BEFORE UPDATE ON special_days
WHEN NEW.off = 0 AND NEW.act IN ('move_to', 'move_by', 'replace') AND EXISTS (
    SELECT 1 FROM special_days WHERE area = NEW.area AND id <> NEW.id AND off = 0
      AND act IN ('move_to', 'move_by', 'replace')
      AND first_date <= NEW.last_date AND last_date >= NEW.first_date
      AND from_min < NEW.to_min AND to_min > NEW.from_min)
BEGIN SELECT RAISE(ABORT, 'conflict: another special day moves or replaces the same slots of this area then'); END;

-- Who wrote the playlist approves no day that puts it on the air.
CREATE TRIGGER special_days_approve_insert BEFORE INSERT ON special_days
WHEN NEW.approver IS NOT NULL AND EXISTS (
    SELECT 1 FROM authors WHERE account = NEW.approver AND object = NEW.playlist)
BEGIN SELECT RAISE(ABORT, 'rule: a special day is approved by somebody who did not write its playlist'); END;
CREATE TRIGGER special_days_approve_update BEFORE UPDATE OF approved, approver ON special_days
WHEN NEW.approver IS NOT NULL AND NEW.approved IS NOT OLD.approved AND EXISTS (
    SELECT 1 FROM authors WHERE account = NEW.approver AND object = NEW.playlist)
 AND NEW.approver IS NOT OLD.approver
BEGIN SELECT RAISE(ABORT, 'rule: a special day is approved by somebody who did not write its playlist'); END;
CREATE TRIGGER special_days_stay BEFORE DELETE ON special_days
BEGIN SELECT RAISE(ABORT, 'rule: a special day is taken back, never deleted'); END;

-- A signal that is music is left out where a special day says so.
ALTER TABLE announcements ADD COLUMN music INTEGER NOT NULL DEFAULT 0
    CONSTRAINT "only a signal is music" CHECK (music = 0 OR (music = 1 AND kind = 'signal'));
-- What is no longer music would sound there.
CREATE TRIGGER announcements_no_music AFTER UPDATE OF music ON announcements
WHEN OLD.music = 1 AND NEW.music = 0
BEGIN
    UPDATE approvals SET voided_us = NEW.changed_us
        WHERE announcement = NEW.id AND voided_us = 0;
    UPDATE versions SET state = CASE WHEN checker IS NULL THEN 'draft' ELSE 'checked' END,
                        approval = NULL
        WHERE announcement = NEW.id AND state = 'approved';
END;
