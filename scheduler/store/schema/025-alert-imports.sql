-- 025-alert-imports.sql - alerts of other systems (CAP 1.2) as they came, and what was called
-- of them.

-- What it says is read out of the message itself each time: places and templates may change.
CREATE TABLE alert_imports (
    id           TEXT NOT NULL PRIMARY KEY,
    sender       TEXT NOT NULL,
    identifier   TEXT NOT NULL,
    sent_us      INTEGER NOT NULL,
    message      TEXT NOT NULL CONSTRAINT "answers of machines are not kept"
                 CHECK (message IN ('alert', 'update', 'cancel')),
    drill        INTEGER NOT NULL,
    title        TEXT NOT NULL,
    expires_us   INTEGER NOT NULL,
    hash         TEXT NOT NULL,
    body         BLOB NOT NULL CONSTRAINT "256 kB at most" CHECK (length(body) <= 262144),
    author       TEXT NOT NULL REFERENCES accounts (id),
    imported_us  INTEGER NOT NULL,
    ended_by     TEXT,
    CONSTRAINT "a message comes once" UNIQUE (sender, identifier, sent_us)
) STRICT;
CREATE INDEX alert_imports_imported ON alert_imports (imported_us);

-- Earlier messages that it updates or cancels; they may come later than it.
CREATE TABLE alert_import_references (
    import      TEXT NOT NULL REFERENCES alert_imports (id) ON DELETE CASCADE,
    sender      TEXT NOT NULL,
    identifier  TEXT NOT NULL,
    sent_us     INTEGER NOT NULL,
    PRIMARY KEY (import, sender, identifier, sent_us)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_import_references_to
    ON alert_import_references (sender, identifier, sent_us);

-- Each commune may call its own part of it.
CREATE TABLE alert_import_uses (
    import  TEXT NOT NULL REFERENCES alert_imports (id) ON DELETE CASCADE,
    alert   TEXT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    PRIMARY KEY (import, alert)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_import_uses_alert ON alert_import_uses (alert);

CREATE TRIGGER alert_imports_fixed
BEFORE UPDATE OF id, sender, identifier, sent_us, message, drill, title, expires_us, hash, body,
    author, imported_us ON alert_imports
BEGIN SELECT RAISE(ABORT, 'rule: a message that came stays as it came'); END;
CREATE TRIGGER alert_imports_stay BEFORE DELETE ON alert_imports
WHEN OLD.imported_us >= (SELECT floor_us FROM retention)
BEGIN SELECT RAISE(ABORT, 'rule: a message is kept for the retention time'); END;
