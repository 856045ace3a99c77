-- 003-second-person.sql - changes that wait for a second person, and dates whose approval is lost.

-- A change that would make more sound, kept as it was asked for until somebody else judges it.
CREATE TABLE proposals (
    id         TEXT NOT NULL PRIMARY KEY,
    route      TEXT NOT NULL,
    arguments  TEXT NOT NULL,
    body       TEXT NOT NULL,
    author     TEXT NOT NULL,
    made_us    INTEGER NOT NULL,
    state      TEXT NOT NULL CONSTRAINT "state of a proposal"
               CHECK (state IN ('open', 'approved', 'refused', 'replaced')),
    judge      TEXT,
    judged_us  INTEGER NOT NULL,
    CONSTRAINT "nobody approves a change that they asked for"
        CHECK (state <> 'approved' OR (judge IS NOT NULL AND judge <> author))
) STRICT;
CREATE INDEX proposals_state ON proposals (state, made_us);
CREATE TRIGGER proposals_begin BEFORE INSERT ON proposals
WHEN NEW.state <> 'open'
BEGIN SELECT RAISE(ABORT, 'rule: a proposal begins open'); END;
CREATE TRIGGER proposals_fixed BEFORE UPDATE ON proposals
WHEN OLD.state <> 'open' OR NEW.id <> OLD.id OR NEW.route <> OLD.route
  OR NEW.arguments <> OLD.arguments OR NEW.body <> OLD.body OR NEW.author <> OLD.author
  OR NEW.made_us <> OLD.made_us
BEGIN SELECT RAISE(ABORT, 'rule: a proposal is never changed, only judged, and once'); END;
CREATE TRIGGER proposals_stay BEFORE DELETE ON proposals
WHEN OLD.made_us >= (SELECT floor_us FROM retention)
BEGIN SELECT RAISE(ABORT, 'rule: a proposal is kept for the retention time'); END;

-- What was approved for a date and no longer is leaves silence: the slot's own playlist, which it
-- stood in for, would be sound that nobody approved for that date.
CREATE TRIGGER slot_overrides_lost AFTER UPDATE OF approver ON slot_overrides
WHEN OLD.approver IS NOT NULL AND NEW.approver IS NULL AND NEW.cancelled = 0
BEGIN UPDATE slot_overrides SET cancelled = 1 WHERE slot = NEW.slot AND date = NEW.date; END;
DROP TRIGGER slot_overrides_stay;
CREATE TRIGGER slot_overrides_stay BEFORE DELETE ON slot_overrides
WHEN OLD.cancelled = 1 OR OLD.approver IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'rule: a date that was cancelled or changed sounds as the slot says again only when a second person approves the slot''s own playlist for it'); END;
