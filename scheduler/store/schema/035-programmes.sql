-- 035-programmes.sql - all that is different in a week of an area, submitted and judged as one.

-- What was submitted never changes: it is judged once, or another one is submitted in its place.
CREATE TABLE programmes (
    id         TEXT NOT NULL PRIMARY KEY,
    area       TEXT NOT NULL,
    from_date  TEXT NOT NULL,
    content    TEXT NOT NULL,
    author     TEXT NOT NULL,
    made_us    INTEGER NOT NULL,
    state      TEXT NOT NULL CONSTRAINT "state of a programme"
               CHECK (state IN ('open', 'approved', 'returned', 'replaced')),
    judge      TEXT,
    judged_us  INTEGER NOT NULL,
    note       TEXT NOT NULL,
    CONSTRAINT "nobody approves a programme that they submitted"
        CHECK (state <> 'approved' OR (judge IS NOT NULL AND judge <> author))
) STRICT;
CREATE UNIQUE INDEX programmes_open ON programmes (area, from_date) WHERE state = 'open';
CREATE INDEX programmes_week ON programmes (area, from_date, made_us);
CREATE INDEX programmes_state ON programmes (state, made_us);
CREATE TRIGGER programmes_begin BEFORE INSERT ON programmes
WHEN NEW.state <> 'open'
BEGIN SELECT RAISE(ABORT, 'rule: a programme begins open'); END;
CREATE TRIGGER programmes_fixed BEFORE UPDATE ON programmes
WHEN OLD.state <> 'open' OR NEW.id <> OLD.id OR NEW.area <> OLD.area
  OR NEW.from_date <> OLD.from_date OR NEW.content <> OLD.content OR NEW.author <> OLD.author
  OR NEW.made_us <> OLD.made_us
BEGIN SELECT RAISE(ABORT, 'rule: a programme is never changed, only judged, and once'); END;
CREATE TRIGGER programmes_stay BEFORE DELETE ON programmes
WHEN OLD.made_us >= (SELECT floor_us FROM retention)
BEGIN SELECT RAISE(ABORT, 'rule: a programme is kept for the retention time'); END;

-- A slot (no date) or what is different on one of its dates; before and content are hashes, '' for
-- what was never approved and for what is heard no more.
CREATE TABLE programme_parts (
    programme  TEXT NOT NULL REFERENCES programmes (id) ON DELETE CASCADE,
    slot       TEXT NOT NULL,
    date       TEXT NOT NULL,
    change     TEXT NOT NULL CONSTRAINT "change of a programme"
               CHECK (change IN ('added', 'moved', 'changed', 'removed')),
    before     TEXT NOT NULL,
    content    TEXT NOT NULL,
    PRIMARY KEY (programme, slot, date)
) STRICT, WITHOUT ROWID;
CREATE INDEX programme_parts_slot ON programme_parts (slot, date);
CREATE TRIGGER programme_parts_fixed BEFORE UPDATE ON programme_parts
BEGIN SELECT RAISE(ABORT, 'rule: what was submitted is never changed'); END;
