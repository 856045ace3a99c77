-- 021-messages.sql - how people are reached, what they want to be told, what is told; what nobody approved.

-- '' : not that way. reader: the language of what they are told.
ALTER TABLE accounts ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN reader TEXT NOT NULL DEFAULT 'vi'
    CONSTRAINT "language of messages" CHECK (reader IN ('vi', 'en'));

-- Who chose nothing about an event is told of it by e-mail alone.
CREATE TABLE message_choices (
    account  TEXT NOT NULL REFERENCES accounts (id),
    event    TEXT NOT NULL,
    email    INTEGER NOT NULL CONSTRAINT "email is 0 or 1" CHECK (email IN (0, 1)),
    phone    INTEGER NOT NULL CONSTRAINT "phone is 0 or 1" CHECK (phone IN (0, 1)),
    PRIMARY KEY (account, event)
) STRICT, WITHOUT ROWID;

-- What is to be sent, was sent, or could not be: kept to be looked up, and then dropped.
CREATE TABLE messages (
    id        TEXT NOT NULL PRIMARY KEY,
    account   TEXT NOT NULL REFERENCES accounts (id),
    way       TEXT NOT NULL CONSTRAINT "way of a message" CHECK (way IN ('email', 'phone')),
    event     TEXT NOT NULL,
    address   TEXT NOT NULL CONSTRAINT "a message goes somewhere" CHECK (address <> ''),
    subject   TEXT NOT NULL,
    body      TEXT NOT NULL,
    made_us   INTEGER NOT NULL,
    due_us    INTEGER NOT NULL,
    state     TEXT NOT NULL CONSTRAINT "state of a message"
              CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts  INTEGER NOT NULL,
    tried_us  INTEGER NOT NULL,
    fault     TEXT NOT NULL,
    detail    TEXT NOT NULL
) STRICT;
CREATE INDEX messages_due ON messages (due_us, id) WHERE state = 'waiting';
CREATE INDEX messages_made ON messages (made_us);
CREATE INDEX messages_account ON messages (account, way, made_us);
CREATE TRIGGER messages_once BEFORE UPDATE ON messages
WHEN OLD.state <> 'waiting' OR NEW.id <> OLD.id OR NEW.address <> OLD.address
  OR NEW.subject <> OLD.subject OR NEW.body <> OLD.body
BEGIN SELECT RAISE(ABORT, 'rule: what was sent or given up stays as it was'); END;

-- What somebody was told, so that it is told once.
CREATE TABLE message_marks (
    account  TEXT NOT NULL REFERENCES accounts (id),
    way      TEXT NOT NULL,
    key      TEXT NOT NULL,
    told_us  INTEGER NOT NULL,
    PRIMARY KEY (account, way, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_marks_told ON message_marks (told_us);

-- What is to sound within a day and has no approval; dropped: its time came, and it had none.
CREATE TABLE unapproved (
    slot          TEXT NOT NULL REFERENCES slots (id),
    slot_date     TEXT NOT NULL,
    version       TEXT NOT NULL,
    kind          TEXT NOT NULL CONSTRAINT "kind of what is not approved"
                  CHECK (kind IN ('slot', 'date', 'version')),
    announcement  TEXT NOT NULL,
    title         TEXT NOT NULL,
    language      TEXT NOT NULL,
    start_us      INTEGER NOT NULL,
    n_zones       INTEGER NOT NULL,
    dropped       INTEGER NOT NULL CONSTRAINT "dropped is 0 or 1" CHECK (dropped IN (0, 1)),
    found_us      INTEGER NOT NULL,
    PRIMARY KEY (slot, slot_date, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX unapproved_start ON unapproved (start_us);
CREATE TRIGGER unapproved_dropped BEFORE UPDATE ON unapproved
BEGIN SELECT RAISE(ABORT, 'rule: what was dropped stays told as it was'); END;
