-- 023-alerts.sql - what alerts say, the alerts and stops that were ordered, and who was told.

-- A phrase is recorded, checked and approved as a bulletin is, and sounds in alerts alone.
ALTER TABLE announcements ADD COLUMN phrase INTEGER NOT NULL DEFAULT 0
    CONSTRAINT "only a bulletin is a phrase of alerts"
    CHECK (phrase = 0 OR (phrase = 1 AND kind = 'bulletin'));
CREATE TRIGGER announcements_phrase_fixed BEFORE UPDATE OF phrase ON announcements
WHEN NEW.phrase <> OLD.phrase
BEGIN SELECT RAISE(ABORT, 'rule: a phrase of alerts stays one, and nothing else becomes one'); END;
CREATE TRIGGER playlist_items_no_phrase BEFORE INSERT ON playlist_items
WHEN NEW.announcement IS NOT NULL
 AND (SELECT phrase FROM announcements WHERE id = NEW.announcement) = 1
BEGIN SELECT RAISE(ABORT, 'rule: a phrase of alerts is no item of a programme'); END;

CREATE TABLE alert_templates (
    id        TEXT NOT NULL PRIMARY KEY,
    event     TEXT NOT NULL CONSTRAINT "one template an event" UNIQUE,
    title     TEXT NOT NULL CONSTRAINT "a template has a title" CHECK (title <> ''),
    severity  INTEGER NOT NULL CONSTRAINT "severity is 1 to 5" CHECK (severity BETWEEN 1 AND 5),
    tone      TEXT NOT NULL,
    tone_ms   INTEGER NOT NULL CONSTRAINT "a tone lasts 3 to 10 s"
              CHECK (tone_ms BETWEEN 3000 AND 10000),
    repeats   INTEGER NOT NULL CONSTRAINT "1 to 20 repeats" CHECK (repeats BETWEEN 1 AND 20),
    gap_ms    INTEGER NOT NULL CONSTRAINT "a gap is at most 10 s"
              CHECK (gap_ms BETWEEN 0 AND 10000),
    again_s   INTEGER NOT NULL,
    life_min  INTEGER NOT NULL CONSTRAINT "an alert lives a day at most"
              CHECK (life_min BETWEEN 1 AND 1440)
) STRICT;

-- What it says, in order: a phrase, or a blank that the call fills.
CREATE TABLE alert_parts (
    template  TEXT NOT NULL REFERENCES alert_templates (id),
    position  INTEGER NOT NULL,
    phrase    TEXT REFERENCES announcements (id),
    blank     TEXT NOT NULL,
    PRIMARY KEY (template, position),
    CONSTRAINT "a part is a phrase or a blank" CHECK ((phrase IS NULL) = (blank <> 'none'))
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_parts_phrase ON alert_parts (phrase);

-- What may fill a blank; its phrase has the same id.
CREATE TABLE alert_values (
    id        TEXT NOT NULL PRIMARY KEY REFERENCES announcements (id),
    blank     TEXT NOT NULL CONSTRAINT "a value fills a blank" CHECK (blank <> 'none'),
    area      TEXT REFERENCES areas (id),
    position  INTEGER NOT NULL
) STRICT;
CREATE INDEX alert_values_area ON alert_values (area);

ALTER TABLE manifests ADD COLUMN templates TEXT REFERENCES documents (hash);
CREATE INDEX manifests_templates ON manifests (templates);

CREATE TABLE alerts (
    id            TEXT NOT NULL PRIMARY KEY,
    hash          TEXT NOT NULL REFERENCES documents (hash),
    event         TEXT NOT NULL,
    title         TEXT NOT NULL,
    severity      INTEGER NOT NULL,
    drill         INTEGER NOT NULL,
    template      TEXT,
    author        TEXT NOT NULL REFERENCES accounts (id),
    issued_us     INTEGER NOT NULL,
    expires_us    INTEGER NOT NULL,
    published_us  INTEGER NOT NULL
) STRICT;
CREATE INDEX alerts_issued ON alerts (issued_us);
CREATE INDEX alerts_hash ON alerts (hash);
CREATE INDEX alerts_expires ON alerts (expires_us);
CREATE TABLE alert_areas (
    alert  TEXT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    area   TEXT NOT NULL REFERENCES areas (id),
    PRIMARY KEY (alert, area)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_areas_area ON alert_areas (area);

CREATE TABLE alert_stops (
    id            TEXT NOT NULL PRIMARY KEY,
    hash          TEXT NOT NULL REFERENCES documents (hash),
    alert         TEXT REFERENCES alerts (id) ON DELETE CASCADE,
    author        TEXT NOT NULL REFERENCES accounts (id),
    issued_us     INTEGER NOT NULL,
    expires_us    INTEGER NOT NULL,
    published_us  INTEGER NOT NULL
) STRICT;
CREATE INDEX alert_stops_alert ON alert_stops (alert);
CREATE INDEX alert_stops_hash ON alert_stops (hash);
CREATE INDEX alert_stops_expires ON alert_stops (expires_us);
CREATE TABLE alert_stop_areas (
    stop  TEXT NOT NULL REFERENCES alert_stops (id) ON DELETE CASCADE,
    area  TEXT NOT NULL REFERENCES areas (id),
    PRIMARY KEY (stop, area)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_stop_areas_area ON alert_stop_areas (area);

-- What was ordered stays as it was; that it went out is noted once.
CREATE TRIGGER alerts_fixed BEFORE UPDATE ON alerts
WHEN OLD.published_us <> 0 OR NEW.id <> OLD.id OR NEW.hash <> OLD.hash
  OR NEW.author <> OLD.author OR NEW.issued_us <> OLD.issued_us OR NEW.expires_us <> OLD.expires_us
BEGIN SELECT RAISE(ABORT, 'rule: an alert is never changed'); END;
CREATE TRIGGER alert_stops_fixed BEFORE UPDATE ON alert_stops
WHEN OLD.published_us <> 0 OR NEW.id <> OLD.id OR NEW.hash <> OLD.hash
  OR NEW.author <> OLD.author OR NEW.issued_us <> OLD.issued_us
BEGIN SELECT RAISE(ABORT, 'rule: a stop is never changed'); END;
CREATE TRIGGER alerts_stay BEFORE DELETE ON alerts
WHEN OLD.issued_us >= (SELECT floor_us FROM retention)
BEGIN SELECT RAISE(ABORT, 'rule: an alert is kept for the retention time'); END;
CREATE TRIGGER alert_stops_stay BEFORE DELETE ON alert_stops
WHEN OLD.issued_us >= (SELECT floor_us FROM retention)
BEGIN SELECT RAISE(ABORT, 'rule: a stop is kept for the retention time'); END;

-- One person called it: every approver of the place is told, and says that they saw it.
CREATE TABLE alert_told (
    alert    TEXT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    account  TEXT NOT NULL REFERENCES accounts (id),
    seen_us  INTEGER NOT NULL,
    PRIMARY KEY (alert, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_told_account ON alert_told (account, seen_us);

-- What stations say of an alert.
CREATE INDEX records_alert ON records (occurrence, station)
    WHERE kind IN ('alert_taken', 'alert_ended');
