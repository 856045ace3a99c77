-- 011-second-factor.sql - second factors, who asked to take one away, leaving, rights with a first day.

-- pending: shown to its owner, who has not yet typed a code of it. The secret is sealed by a key that
-- is not in here. A step is used once: last_step only rises.
CREATE TABLE factors (
    account    TEXT NOT NULL REFERENCES accounts (id),
    pending    INTEGER NOT NULL CONSTRAINT "pending is 0 or 1" CHECK (pending IN (0, 1)),
    sealed     TEXT NOT NULL,
    last_step  INTEGER NOT NULL,
    made_us    INTEGER NOT NULL,
    PRIMARY KEY (account, pending)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER factors_once BEFORE UPDATE OF last_step ON factors
WHEN NEW.last_step <= OLD.last_step
BEGIN SELECT RAISE(ABORT, 'rule: a code of the second factor is used once'); END;

CREATE TABLE recovery_codes (
    account  TEXT NOT NULL REFERENCES accounts (id),
    hash     TEXT NOT NULL,
    used_us  INTEGER NOT NULL,
    PRIMARY KEY (account, hash)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER recovery_codes_once BEFORE UPDATE ON recovery_codes
WHEN OLD.used_us <> 0
BEGIN SELECT RAISE(ABORT, 'rule: a recovery code is used once'); END;

-- A lost second factor is taken away by two administrators, neither of them its owner.
CREATE TABLE factor_resets (
    account       TEXT NOT NULL REFERENCES accounts (id),
    asked_us      INTEGER NOT NULL,
    asked_by      TEXT NOT NULL REFERENCES accounts (id),
    why           TEXT NOT NULL CONSTRAINT "a reset has a reason" CHECK (why <> ''),
    ended_us      INTEGER NOT NULL,
    confirmed_by  TEXT REFERENCES accounts (id),
    PRIMARY KEY (account, asked_us),
    CONSTRAINT "nobody confirms a reset that they asked for" CHECK (confirmed_by <> asked_by),
    CONSTRAINT "nobody asks for or confirms a reset of their own"
        CHECK (account <> asked_by AND account <> coalesce(confirmed_by, ''))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX factor_resets_open ON factor_resets (account) WHERE ended_us = 0;
CREATE TRIGGER factor_resets_fixed BEFORE UPDATE ON factor_resets
WHEN OLD.ended_us <> 0 OR NEW.account <> OLD.account OR NEW.asked_by <> OLD.asked_by
  OR NEW.asked_us <> OLD.asked_us OR NEW.why <> OLD.why
BEGIN SELECT RAISE(ABORT, 'rule: a reset that was asked for is only confirmed or refused, and once'); END;

-- What was done to an account by others, told to its owner until they have seen it.
CREATE TABLE account_notes (
    account  TEXT NOT NULL REFERENCES accounts (id),
    at_us    INTEGER NOT NULL,
    code     TEXT NOT NULL CONSTRAINT "code of a note"
             CHECK (code IN ('factor_reset', 'recovery_used', 'password_set')),
    actor    TEXT NOT NULL,
    PRIMARY KEY (account, at_us, code)
) STRICT, WITHOUT ROWID;

-- Whether a session was opened with a second factor; those of before were not.
ALTER TABLE sessions ADD COLUMN with_factor INTEGER NOT NULL DEFAULT 0
    CONSTRAINT "with_factor is 0 or 1" CHECK (with_factor IN (0, 1));

-- A deputy's right may begin later than it is given; 0: at once.
ALTER TABLE rights ADD COLUMN from_us INTEGER NOT NULL DEFAULT 0
    CONSTRAINT "a right ends after it begins" CHECK (until_us = 0 OR from_us < until_us);
