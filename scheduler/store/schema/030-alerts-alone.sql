-- 030-alerts-alone.sql - alerts that a commune started alone stand beside the district's.

-- Its station told of it by records: there is no document here that anybody signed.
CREATE TABLE alerts_of_all (
    id            TEXT NOT NULL PRIMARY KEY,
    hash          TEXT REFERENCES documents (hash),
    event         TEXT NOT NULL,
    title         TEXT NOT NULL,
    severity      INTEGER NOT NULL,
    drill         INTEGER NOT NULL,
    template      TEXT,
    author        TEXT REFERENCES accounts (id),
    issued_us     INTEGER NOT NULL,
    expires_us    INTEGER NOT NULL,
    published_us  INTEGER NOT NULL,
    station       TEXT REFERENCES stations (id),
    caller        TEXT,
    by_button     INTEGER NOT NULL DEFAULT 0,
    fills         TEXT NOT NULL DEFAULT '',
    grant_id      TEXT,
    CONSTRAINT "the district signs its own alerts, and those alone"
        CHECK ((station IS NULL) = (hash IS NOT NULL)),
    CONSTRAINT "an alert of the district has an author, of a station a caller"
        CHECK ((station IS NULL AND author IS NOT NULL) OR caller IS NOT NULL)
) STRICT;
INSERT INTO alerts_of_all (id, hash, event, title, severity, drill, template, author, issued_us,
    expires_us, published_us)
SELECT id, hash, event, title, severity, drill, template, author, issued_us, expires_us,
    published_us FROM alerts;
DROP TABLE alerts;
ALTER TABLE alerts_of_all RENAME TO alerts;
CREATE INDEX alerts_issued ON alerts (issued_us);
CREATE INDEX alerts_hash ON alerts (hash);
CREATE INDEX alerts_expires ON alerts (expires_us);
CREATE INDEX alerts_author ON alerts (author);
CREATE INDEX alerts_station ON alerts (station);

CREATE TRIGGER alerts_fixed BEFORE UPDATE ON alerts
WHEN OLD.published_us <> 0 OR NEW.id <> OLD.id OR NEW.hash IS NOT OLD.hash
  OR NEW.author IS NOT OLD.author OR NEW.issued_us <> OLD.issued_us
  OR NEW.expires_us <> OLD.expires_us OR NEW.station IS NOT OLD.station
BEGIN SELECT RAISE(ABORT, 'rule: an alert is never changed'); END;
CREATE TRIGGER alerts_stay BEFORE DELETE ON alerts
WHEN OLD.issued_us >= (SELECT floor_us FROM retention)
BEGIN SELECT RAISE(ABORT, 'rule: an alert is kept for the retention time'); END;

-- What a station says of one alert that it started, or was told to stop there.
CREATE INDEX records_local_alert ON records (occurrence, station)
    WHERE kind IN ('alert_started_locally', 'alert_stopped_locally');
