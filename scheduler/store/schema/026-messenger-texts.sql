-- 026-messenger-texts.sql - a text message goes to a village's messenger, too, who has no account.

CREATE TABLE messages_to_all (
    id        TEXT NOT NULL PRIMARY KEY,
    account   TEXT REFERENCES accounts (id),
    name      TEXT NOT NULL,
    task      TEXT,
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
    detail    TEXT NOT NULL,
    CONSTRAINT "a message is for an account, or for somebody by name about a task"
        CHECK ((account IS NULL) = (name <> '') AND (account IS NULL) = (task IS NOT NULL))
) STRICT;
INSERT INTO messages_to_all (id, account, name, task, way, event, address, subject, body, made_us,
    due_us, state, attempts, tried_us, fault, detail)
SELECT id, account, '', NULL, way, event, address, subject, body, made_us, due_us, state, attempts,
    tried_us, fault, detail FROM messages;
DROP TABLE messages;
ALTER TABLE messages_to_all RENAME TO messages;
CREATE INDEX messages_due ON messages (due_us, id) WHERE state = 'waiting';
CREATE INDEX messages_made ON messages (made_us);
CREATE INDEX messages_account ON messages (account, way, made_us);
CREATE UNIQUE INDEX messages_task ON messages (task) WHERE task IS NOT NULL;
CREATE TRIGGER messages_once BEFORE UPDATE ON messages
WHEN OLD.state <> 'waiting' OR NEW.id <> OLD.id OR NEW.address <> OLD.address
  OR NEW.subject <> OLD.subject OR NEW.body <> OLD.body
BEGIN SELECT RAISE(ABORT, 'rule: what was sent or given up stays as it was'); END;
