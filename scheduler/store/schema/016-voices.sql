-- 016-voices.sql - who brought a recording in, beside whose voice it is.

-- NULL: no recording, or one from before this was kept.
ALTER TABLE versions ADD COLUMN uploader TEXT REFERENCES accounts (id);
CREATE INDEX versions_uploader ON versions (uploader);

-- Whose voice it is and who brought it is what a reader and an approver rely on: said otherwise,
-- it is judged anew.
DROP TRIGGER versions_changed;
CREATE TRIGGER versions_changed
AFTER UPDATE OF object, script, script_hash, language, announcer, announcer_name, uploader
ON versions
WHEN NEW.object IS NOT OLD.object OR NEW.script IS NOT OLD.script
  OR NEW.script_hash IS NOT OLD.script_hash OR NEW.language IS NOT OLD.language
  OR NEW.announcer IS NOT OLD.announcer OR NEW.announcer_name <> OLD.announcer_name
  OR NEW.uploader IS NOT OLD.uploader
BEGIN
    UPDATE approvals SET voided_us = NEW.changed_us WHERE version = NEW.id AND voided_us = 0;
    UPDATE versions SET state = 'draft', approval = NULL, checker = NULL, checked_us = 0
        WHERE id = NEW.id;
END;
