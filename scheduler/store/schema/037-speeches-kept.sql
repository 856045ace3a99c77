-- 037-speeches-kept.sql - what was said into a station's own microphone; and speeches that a second
-- person agreed to beforehand.

CREATE TABLE speech_parts (
    alert        TEXT NOT NULL REFERENCES speeches (alert) ON DELETE CASCADE,
    object       TEXT NOT NULL,
    from_us      INTEGER NOT NULL,
    duration_us  INTEGER NOT NULL CONSTRAINT "a part has a word" CHECK (duration_us > 0),
    kept_us      INTEGER NOT NULL,
    PRIMARY KEY (alert, object)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER speech_parts_fixed BEFORE UPDATE ON speech_parts
BEGIN SELECT RAISE(ABORT, 'rule: what was said is never changed'); END;

-- That the station itself, with its own key, says so too.
CREATE INDEX records_speech_kept ON records (occurrence, object) WHERE kind = 'speech_kept';

CREATE TABLE speech_orders (
    id           TEXT NOT NULL PRIMARY KEY,
    speaker      TEXT NOT NULL REFERENCES accounts (id),
    approver     TEXT NOT NULL REFERENCES accounts (id)
                 CONSTRAINT "nobody approves what they say themselves" CHECK (approver <> speaker),
    station      TEXT REFERENCES stations (id),
    about        TEXT NOT NULL,
    drill        INTEGER NOT NULL CHECK (drill IN (0, 1)),
    from_us      INTEGER NOT NULL,
    ends_us      INTEGER NOT NULL CONSTRAINT "it ends after it begins, within an hour"
                 CHECK (ends_us > from_us AND ends_us - from_us <= 3600000000),
    approved_us  INTEGER NOT NULL,
    alert        TEXT REFERENCES alerts (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX speech_orders_ends ON speech_orders (ends_us);
CREATE UNIQUE INDEX speech_orders_alert ON speech_orders (alert) WHERE alert IS NOT NULL;

CREATE TABLE speech_order_areas (
    speech_order TEXT NOT NULL REFERENCES speech_orders (id) ON DELETE CASCADE,
    area         TEXT NOT NULL REFERENCES areas (id),
    PRIMARY KEY (speech_order, area)
) STRICT, WITHOUT ROWID;

-- Spoken once, as it was approved.
CREATE TRIGGER speech_orders_fixed BEFORE UPDATE ON speech_orders
WHEN (OLD.alert IS NOT NULL AND NEW.alert IS NOT NULL) OR NEW.id <> OLD.id
  OR NEW.speaker <> OLD.speaker OR NEW.approver <> OLD.approver OR NEW.station IS NOT OLD.station
  OR NEW.drill <> OLD.drill OR NEW.from_us <> OLD.from_us OR NEW.ends_us <> OLD.ends_us
BEGIN SELECT RAISE(ABORT, 'rule: an order to speak is never changed'); END;
