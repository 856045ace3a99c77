-- 017-wanted.sql - versions wanted of a translator or announcer, by a date.

CREATE TABLE wanted (
    id            TEXT NOT NULL PRIMARY KEY,
    announcement  TEXT NOT NULL REFERENCES announcements (id),
    language      TEXT NOT NULL,
    account       TEXT REFERENCES accounts (id),
    name          TEXT NOT NULL,
    by_date       TEXT NOT NULL,
    note          TEXT NOT NULL,
    author        TEXT NOT NULL REFERENCES accounts (id),
    made_us       INTEGER NOT NULL,
    withdrawn_us  INTEGER NOT NULL,
    withdrawn_by  TEXT REFERENCES accounts (id),
    CONSTRAINT "a version is wanted of an account, or of somebody named in words"
        CHECK ((account IS NULL) = (name <> '')),
    CONSTRAINT "who withdrew it is known" CHECK ((withdrawn_us = 0) = (withdrawn_by IS NULL))
) STRICT;
CREATE UNIQUE INDEX wanted_once ON wanted (announcement, language) WHERE withdrawn_us = 0;
CREATE INDEX wanted_announcement ON wanted (announcement);
CREATE INDEX wanted_account ON wanted (account);
CREATE INDEX wanted_author ON wanted (author);
CREATE TRIGGER wanted_kind BEFORE INSERT ON wanted
WHEN (SELECT kind FROM announcements WHERE id = NEW.announcement) = 'signal'
BEGIN SELECT RAISE(ABORT, 'rule: a signal has no language that could be wanted'); END;
-- Only who it is wanted of and who asked may become others, when somebody leaves.
CREATE TRIGGER wanted_fixed BEFORE UPDATE ON wanted
WHEN OLD.withdrawn_us <> 0 OR NEW.id <> OLD.id OR NEW.announcement <> OLD.announcement
  OR NEW.language <> OLD.language OR NEW.name <> OLD.name OR NEW.by_date <> OLD.by_date
  OR NEW.note <> OLD.note OR NEW.made_us <> OLD.made_us
BEGIN SELECT RAISE(ABORT, 'rule: a version wanted is never changed, only withdrawn, and once'); END;
CREATE TRIGGER wanted_stay BEFORE DELETE ON wanted
WHEN OLD.made_us >= (SELECT floor_us FROM retention)
BEGIN SELECT RAISE(ABORT, 'rule: a version wanted is kept for the retention time'); END;
