-- 020-relay-tests.sql - relays tested, by a signed order of the district or at the station.

CREATE TABLE relay_tests (
    station      TEXT NOT NULL REFERENCES stations (id),
    id           TEXT NOT NULL,
    zone         TEXT NOT NULL,
    asked_us     INTEGER NOT NULL,
    asked_by     TEXT NOT NULL,
    duration_ms  INTEGER NOT NULL CONSTRAINT "a test takes up to ten seconds"
                 CHECK (duration_ms BETWEEN 0 AND 10000),
    expires_us   INTEGER NOT NULL,
    answered_us  INTEGER NOT NULL DEFAULT 0,
    verdict      TEXT NOT NULL DEFAULT '',
    relay        TEXT NOT NULL DEFAULT 'unknown',
    PRIMARY KEY (station, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX relay_tests_asked ON relay_tests (station, asked_us);
CREATE TRIGGER relay_tests_fixed
BEFORE UPDATE OF station, id, zone, asked_us, asked_by, duration_ms, expires_us ON relay_tests
BEGIN SELECT RAISE(ABORT, 'rule: what was asked of a station stays as it was asked'); END;
CREATE TRIGGER relay_tests_stay BEFORE DELETE ON relay_tests
WHEN OLD.asked_us >= (SELECT floor_us FROM retention)
BEGIN SELECT RAISE(ABORT, 'rule: a test is kept for the retention time'); END;

-- What happened at a station beside what it played, for its history.
CREATE INDEX records_events ON records (station, at_us)
WHERE kind IN ('boot', 'fault', 'cleared', 'refused', 'clock');
