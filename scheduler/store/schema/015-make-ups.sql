-- 015-make-ups.sql - what was missed and sounds once more.

-- Before this minute of the date what was missed is made up; 0: not by itself.
ALTER TABLE slots ADD COLUMN make_up_min INTEGER NOT NULL DEFAULT 0
    CONSTRAINT "make up until a minute of the day" CHECK (make_up_min BETWEEN 0 AND 1440);
CREATE TRIGGER slots_make_up AFTER UPDATE OF make_up_min ON slots
WHEN NEW.make_up_min <> OLD.make_up_min
BEGIN UPDATE slots SET approved = NULL, approver = NULL, approved_us = 0 WHERE id = NEW.id; END;

-- One item in one language in one zone, of one occurrence: never twice.
CREATE TABLE make_ups (
    station     TEXT NOT NULL REFERENCES stations (id),
    zone        TEXT NOT NULL,
    slot        TEXT NOT NULL,
    slot_date   TEXT NOT NULL,
    item        TEXT NOT NULL,
    language    TEXT NOT NULL,
    object      TEXT NOT NULL,
    date        TEXT NOT NULL,
    segment     TEXT NOT NULL,
    planned_us  INTEGER NOT NULL,
    start_us    INTEGER NOT NULL,
    made_by     TEXT NOT NULL,
    made_us     INTEGER NOT NULL,
    PRIMARY KEY (station, zone, slot, slot_date, item, language),
    CONSTRAINT "what is made up sounds after it was missed" CHECK (start_us > planned_us)
) STRICT, WITHOUT ROWID;
CREATE INDEX make_ups_start ON make_ups (start_us);
CREATE INDEX make_ups_date ON make_ups (station, date);
CREATE TRIGGER make_ups_fixed BEFORE UPDATE ON make_ups
BEGIN SELECT RAISE(ABORT, 'rule: what was made up stays so'); END;
CREATE TRIGGER make_ups_stay BEFORE DELETE ON make_ups
WHEN OLD.made_us >= (SELECT floor_us FROM retention)
BEGIN SELECT RAISE(ABORT, 'rule: what was made up is kept for the retention time'); END;
