-- 032-sources.sql - streams and line-ins: approved as a bulletin is, and items of a programme.

-- What a source will say nobody hears beforehand. Approved is where its sound comes from, in each
-- language, and the recording that sounds in its place while nothing comes.
ALTER TABLE announcements ADD COLUMN relay TEXT NOT NULL DEFAULT ''
    CONSTRAINT "a source is a stream or a line-in"
    CHECK (relay = '' OR (relay IN ('stream', 'line_in') AND kind = 'bulletin' AND phrase = 0));
CREATE TRIGGER announcements_relay_fixed BEFORE UPDATE OF relay ON announcements
WHEN NEW.relay <> OLD.relay
BEGIN SELECT RAISE(ABORT, 'rule: a source stays what it is, and nothing else becomes one'); END;

ALTER TABLE versions ADD COLUMN address TEXT;
CREATE TRIGGER versions_address_insert BEFORE INSERT ON versions
WHEN (SELECT relay FROM announcements WHERE id = NEW.announcement) <>
     CASE WHEN NEW.address IS NULL THEN '' WHEN substr(NEW.address, 1, 5) = 'line:' THEN 'line_in'
          ELSE 'stream' END
BEGIN SELECT RAISE(ABORT, 'rule: a stream names an address on the net, a line-in one at the station, anything else none'); END;
CREATE TRIGGER versions_address_update BEFORE UPDATE OF address, announcement ON versions
WHEN (SELECT relay FROM announcements WHERE id = NEW.announcement) <>
     CASE WHEN NEW.address IS NULL THEN '' WHEN substr(NEW.address, 1, 5) = 'line:' THEN 'line_in'
          ELSE 'stream' END
BEGIN SELECT RAISE(ABORT, 'rule: a stream names an address on the net, a line-in one at the station, anything else none'); END;

-- Another address is another source: it is judged anew.
DROP TRIGGER versions_changed;
CREATE TRIGGER versions_changed
AFTER UPDATE OF object, script, script_hash, language, announcer, announcer_name, uploader, address
ON versions
WHEN NEW.object IS NOT OLD.object OR NEW.script IS NOT OLD.script
  OR NEW.script_hash IS NOT OLD.script_hash OR NEW.language IS NOT OLD.language
  OR NEW.announcer IS NOT OLD.announcer OR NEW.announcer_name <> OLD.announcer_name
  OR NEW.uploader IS NOT OLD.uploader OR NEW.address IS NOT OLD.address
BEGIN
    UPDATE approvals SET voided_us = NEW.changed_us WHERE version = NEW.id AND voided_us = 0;
    UPDATE versions SET state = 'draft', approval = NULL, checker = NULL, checked_us = 0
        WHERE id = NEW.id;
END;

CREATE TRIGGER wanted_no_source BEFORE INSERT ON wanted
WHEN (SELECT relay FROM announcements WHERE id = NEW.announcement) <> ''
BEGIN SELECT RAISE(ABORT, 'rule: a source speaks for itself: no version of it is asked of anybody'); END;

-- Items with a length of their own, which a table's CHECK is not taught otherwise.
CREATE TABLE new_playlist_items (
    playlist      TEXT NOT NULL REFERENCES playlists (id) ON DELETE CASCADE,
    id            TEXT NOT NULL,
    position      INTEGER NOT NULL,
    kind          TEXT NOT NULL CONSTRAINT "kind of item"
                  CHECK (kind IN ('announcement', 'signal', 'pause', 'stream', 'line_in')),
    announcement  TEXT REFERENCES announcements (id),
    duration_us   INTEGER NOT NULL,
    times         INTEGER NOT NULL CONSTRAINT "an item sounds 1 to 20 times, a source once"
                  CHECK (times BETWEEN 1 AND CASE WHEN kind IN ('stream', 'line_in') THEN 1
                                                  ELSE 20 END),
    PRIMARY KEY (playlist, id),
    CONSTRAINT "an item names what sounds, a pause names nothing"
        CHECK ((announcement IS NULL) = (kind = 'pause')),
    CONSTRAINT "a pause lasts up to ten minutes, a source ten seconds to four hours, nothing else has a duration of its own"
        CHECK (CASE kind WHEN 'pause' THEN duration_us BETWEEN 1 AND 600000000
                         WHEN 'stream' THEN duration_us BETWEEN 10000000 AND 14400000000
                         WHEN 'line_in' THEN duration_us BETWEEN 10000000 AND 14400000000
                         ELSE duration_us = 0 END)
) STRICT, WITHOUT ROWID;
INSERT INTO new_playlist_items (playlist, id, position, kind, announcement, duration_us, times)
    SELECT playlist, id, position, kind, announcement, duration_us, times FROM playlist_items;
DROP TABLE playlist_items;
ALTER TABLE new_playlist_items RENAME TO playlist_items;
CREATE INDEX playlist_items_announcement ON playlist_items (announcement);

-- As they were, but that a source is called what it is.
CREATE TRIGGER playlist_items_kind BEFORE INSERT ON playlist_items
WHEN NEW.kind <> (SELECT CASE WHEN relay <> '' THEN relay WHEN kind = 'signal' THEN 'signal'
                              ELSE 'announcement' END FROM announcements
                  WHERE id = NEW.announcement)
BEGIN SELECT RAISE(ABORT, 'rule: a signal item names a signal, an announcement item a bulletin, a stream or line-in its source'); END;
CREATE TRIGGER playlist_items_no_phrase BEFORE INSERT ON playlist_items
WHEN NEW.announcement IS NOT NULL
 AND (SELECT phrase FROM announcements WHERE id = NEW.announcement) = 1
BEGIN SELECT RAISE(ABORT, 'rule: a phrase of alerts is no item of a programme'); END;
CREATE TRIGGER playlist_items_more AFTER INSERT ON playlist_items
BEGIN
    UPDATE slots SET approved = NULL, approver = NULL, approved_us = 0
        WHERE playlist = NEW.playlist AND approved IS NOT NULL;
    UPDATE slot_overrides SET approver = NULL, approved_us = 0
        WHERE playlist = NEW.playlist AND approver IS NOT NULL;
END;
CREATE TRIGGER playlist_items_other AFTER UPDATE ON playlist_items
BEGIN
    UPDATE slots SET approved = NULL, approver = NULL, approved_us = 0
        WHERE playlist IN (OLD.playlist, NEW.playlist) AND approved IS NOT NULL;
    UPDATE slot_overrides SET approver = NULL, approved_us = 0
        WHERE playlist IN (OLD.playlist, NEW.playlist) AND approver IS NOT NULL;
END;
CREATE TRIGGER playlist_items_fewer AFTER DELETE ON playlist_items
BEGIN
    UPDATE slots SET approved = NULL, approver = NULL, approved_us = 0
        WHERE playlist = OLD.playlist AND approved IS NOT NULL;
    UPDATE slot_overrides SET approver = NULL, approved_us = 0
        WHERE playlist = OLD.playlist AND approver IS NOT NULL;
END;
