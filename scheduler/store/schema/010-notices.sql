-- 010-notices.sql - bulletins that are to be heard as soon as they are approved, and corrections.

CREATE TABLE notices (
    announcement  TEXT NOT NULL PRIMARY KEY REFERENCES announcements (id),
    version       TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    playlist      TEXT NOT NULL REFERENCES playlists (id),
    corrects      TEXT REFERENCES announcements (id),
    slot          TEXT REFERENCES slots (id),
    start_us      INTEGER NOT NULL,
    CONSTRAINT "nothing corrects itself" CHECK (corrects <> announcement),
    CONSTRAINT "a notice that is placed has a time" CHECK ((slot IS NULL) = (start_us = 0))
) STRICT;
CREATE INDEX notices_corrects ON notices (corrects);
CREATE INDEX notices_slot ON notices (slot);
CREATE TRIGGER notices_once BEFORE UPDATE ON notices
WHEN OLD.slot IS NOT NULL OR NEW.announcement <> OLD.announcement OR NEW.version <> OLD.version
  OR NEW.playlist <> OLD.playlist OR NEW.corrects IS NOT OLD.corrects
BEGIN SELECT RAISE(ABORT, 'rule: a notice is placed once, and never changed'); END;

-- Who heard it: asked for by what was heard.
CREATE INDEX records_heard ON records (object, station, zone) WHERE kind IN ('played', 'part');
