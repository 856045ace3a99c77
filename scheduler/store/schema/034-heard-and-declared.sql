-- 034-heard-and-declared.sql - what stands behind an approval beside its statement: that nobody saw a
-- state secret in it, that the approver heard all of it, and the text as it was then.

-- Said by whoever last put it before its judges; 0 from before it was asked for.
ALTER TABLE versions ADD COLUMN no_state_secret INTEGER NOT NULL DEFAULT 0
    CONSTRAINT "declared or not" CHECK (no_state_secret IN (0, 1));

-- The same by the approver; when they had heard its audio to the end (0: before that was kept);
-- and the script, which the version keeps only until it is changed.
ALTER TABLE approvals ADD COLUMN no_state_secret INTEGER NOT NULL DEFAULT 0
    CONSTRAINT "declared or not" CHECK (no_state_secret IN (0, 1));
ALTER TABLE approvals ADD COLUMN heard_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE approvals ADD COLUMN script TEXT;
DROP TRIGGER approvals_fixed;
UPDATE approvals SET script =
    (SELECT v.script FROM versions AS v
     WHERE v.id = approvals.version AND v.script_hash = approvals.script_hash);
CREATE TRIGGER approvals_fixed BEFORE UPDATE ON approvals
WHEN OLD.voided_us <> 0 OR NEW.voided_us = 0 OR NEW.hash <> OLD.hash
  OR NEW.announcement <> OLD.announcement OR NEW.version <> OLD.version
  OR NEW.object <> OLD.object OR NEW.script_hash IS NOT OLD.script_hash
  OR NEW.language IS NOT OLD.language OR NEW.class <> OLD.class
  OR NEW.approver <> OLD.approver OR NEW.approved_us <> OLD.approved_us
  OR NEW.no_state_secret <> OLD.no_state_secret OR NEW.heard_us <> OLD.heard_us
  OR NEW.script IS NOT OLD.script
BEGIN SELECT RAISE(ABORT, 'rule: an approval is never changed, only made void'); END;

-- Who listens to what. Only one at a time is under way for a person: begun_us > 0, heard_us = 0.
CREATE TABLE listenings (
    account   TEXT NOT NULL REFERENCES accounts (id),
    object    TEXT NOT NULL REFERENCES objects (hash) ON DELETE CASCADE,
    begun_us  INTEGER NOT NULL,
    heard_us  INTEGER NOT NULL,
    PRIMARY KEY (account, object),
    CONSTRAINT "heard after it was begun" CHECK (heard_us = 0 OR heard_us >= begun_us)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX listenings_one ON listenings (account) WHERE heard_us = 0;
CREATE INDEX listenings_object ON listenings (object);
-- What was heard stays heard.
CREATE TRIGGER listenings_fixed BEFORE UPDATE ON listenings
WHEN OLD.heard_us <> 0 OR NEW.account <> OLD.account OR NEW.object <> OLD.object
BEGIN SELECT RAISE(ABORT, 'rule: what somebody heard is never changed'); END;
