-- 027-grants.sql - what a commune may start alone, and with which PINs.

-- By argon2id; never the digits.
ALTER TABLE accounts ADD COLUMN pin TEXT;

CREATE TABLE grants (
    id             TEXT NOT NULL PRIMARY KEY,
    name           TEXT NOT NULL CONSTRAINT "a grant has a name" CHECK (name <> ''),
    drills         INTEGER NOT NULL,
    max_starts     INTEGER NOT NULL,
    span_s         INTEGER NOT NULL,
    not_before_us  INTEGER NOT NULL,
    expires_us     INTEGER NOT NULL
                   CONSTRAINT "a grant ends after it begins" CHECK (expires_us > not_before_us),
    approver         TEXT NOT NULL REFERENCES accounts (id),
    made_us        INTEGER NOT NULL,
    revoked_us     INTEGER NOT NULL,
    revoked_by     TEXT REFERENCES accounts (id)
) STRICT;
CREATE TABLE grant_areas (
    grant_id  TEXT NOT NULL REFERENCES grants (id),
    area      TEXT NOT NULL REFERENCES areas (id),
    PRIMARY KEY (grant_id, area)
) STRICT, WITHOUT ROWID;
CREATE INDEX grant_areas_area ON grant_areas (area);
CREATE TABLE grant_accounts (
    grant_id  TEXT NOT NULL REFERENCES grants (id),
    account   TEXT NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (grant_id, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX grant_accounts_account ON grant_accounts (account);
CREATE TABLE grant_templates (
    grant_id  TEXT NOT NULL REFERENCES grants (id),
    template  TEXT NOT NULL REFERENCES alert_templates (id),
    PRIMARY KEY (grant_id, template)
) STRICT, WITHOUT ROWID;
CREATE INDEX grant_templates_template ON grant_templates (template);
-- A push button: what fills the blanks of its template, ids with a space between.
CREATE TABLE grant_inputs (
    grant_id  TEXT NOT NULL REFERENCES grants (id),
    name      TEXT NOT NULL,
    template  TEXT NOT NULL,
    fills     TEXT NOT NULL,
    PRIMARY KEY (grant_id, name),
    FOREIGN KEY (grant_id, template) REFERENCES grant_templates (grant_id, template)
) STRICT, WITHOUT ROWID;
CREATE INDEX grant_inputs_template ON grant_inputs (grant_id, template);

-- What a second person agreed to stays as it was; it can only be taken back, once.
CREATE TRIGGER grants_fixed BEFORE UPDATE ON grants
WHEN OLD.revoked_us <> 0 OR NEW.id <> OLD.id OR NEW.name <> OLD.name OR NEW.drills <> OLD.drills
  OR NEW.max_starts <> OLD.max_starts OR NEW.span_s <> OLD.span_s
  OR NEW.not_before_us <> OLD.not_before_us OR NEW.expires_us <> OLD.expires_us
  OR NEW.approver <> OLD.approver OR NEW.made_us <> OLD.made_us
BEGIN SELECT RAISE(ABORT, 'rule: a grant is never changed, only revoked'); END;
CREATE TRIGGER grants_stay BEFORE DELETE ON grants
BEGIN SELECT RAISE(ABORT, 'rule: a grant is kept'); END;
