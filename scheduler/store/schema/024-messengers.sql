-- 024-messengers.sql - villages that people are sent to: who goes, what is to be told there, and what came of it.

-- What is agreed with a village.
CREATE TABLE messenger_villages (
    village     TEXT NOT NULL PRIMARY KEY REFERENCES areas (id),
    households  INTEGER NOT NULL CONSTRAINT "households of a village"
                CHECK (households BETWEEN 0 AND 10000),
    signal      TEXT NOT NULL
) STRICT;
CREATE TABLE messenger_languages (
    village   TEXT NOT NULL REFERENCES messenger_villages (village),
    position  INTEGER NOT NULL,
    language  TEXT NOT NULL,
    PRIMARY KEY (village, position),
    UNIQUE (village, language)
) STRICT, WITHOUT ROWID;
CREATE TABLE messenger_people (
    village   TEXT NOT NULL REFERENCES messenger_villages (village),
    position  INTEGER NOT NULL,
    name      TEXT NOT NULL CONSTRAINT "a messenger has a name" CHECK (name <> ''),
    phone     TEXT NOT NULL,
    means     TEXT NOT NULL CONSTRAINT "means of a messenger"
              CHECK (means IN ('by_phone', 'gong', 'drum', 'megaphone', 'on_foot', 'otherwise')),
    hours     TEXT NOT NULL,
    PRIMARY KEY (village, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE messenger_tasks (
    id            TEXT NOT NULL PRIMARY KEY,
    village       TEXT NOT NULL REFERENCES areas (id),
    kind          TEXT NOT NULL CONSTRAINT "kind of a messenger's task"
                  CHECK (kind IN ('alert', 'alert_over', 'announcement')),
    alert         TEXT REFERENCES alerts (id),
    announcement  TEXT REFERENCES announcements (id),
    why           TEXT NOT NULL CONSTRAINT "why a messenger goes"
                  CHECK (why IN ('no_loudspeaker', 'no_answer', 'not_heard', 'no_language')),
    date          TEXT NOT NULL,
    made_us       INTEGER NOT NULL,
    due_us        INTEGER NOT NULL,
    state         TEXT NOT NULL DEFAULT 'to_tell' CONSTRAINT "state of a messenger's task"
                  CHECK (state IN ('to_tell', 'told', 'confirmed', 'not_reached', 'no_longer')),
    CONSTRAINT "a task is of an alert or of an announcement"
        CHECK ((alert IS NULL) = (kind = 'announcement') AND (alert IS NULL) <> (announcement IS NULL))
) STRICT;
CREATE UNIQUE INDEX messenger_tasks_alert ON messenger_tasks (alert, village, kind)
    WHERE alert IS NOT NULL;
CREATE UNIQUE INDEX messenger_tasks_announcement ON messenger_tasks (announcement, village)
    WHERE announcement IS NOT NULL;
CREATE INDEX messenger_tasks_village ON messenger_tasks (village);
CREATE INDEX messenger_tasks_date ON messenger_tasks (date);
CREATE INDEX messenger_tasks_made ON messenger_tasks (made_us);
CREATE INDEX messenger_tasks_waiting ON messenger_tasks (due_us)
    WHERE state IN ('to_tell', 'told', 'not_reached');

-- What was said of a task, one below the other: what is put right stands below what was wrong.
CREATE TABLE messenger_steps (
    task        TEXT NOT NULL REFERENCES messenger_tasks (id),
    number      INTEGER NOT NULL CONSTRAINT "steps of a task" CHECK (number BETWEEN 1 AND 50),
    state       TEXT NOT NULL CONSTRAINT "state of a step"
                CHECK (state IN ('told', 'confirmed', 'not_reached', 'no_longer')),
    at_us       INTEGER NOT NULL,
    author      TEXT NOT NULL,
    means       TEXT NOT NULL CONSTRAINT "means of a step"
                CHECK (means IN ('', 'by_phone', 'gong', 'drum', 'megaphone', 'on_foot', 'otherwise')),
    person      TEXT NOT NULL,
    reached     INTEGER NOT NULL,
    households  INTEGER NOT NULL,
    note        TEXT NOT NULL,
    PRIMARY KEY (task, number),
    CONSTRAINT "no more households are reached than there are"
        CHECK (reached BETWEEN 0 AND households AND households <= 10000)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER messenger_steps_last AFTER INSERT ON messenger_steps
BEGIN UPDATE messenger_tasks SET state = NEW.state WHERE id = NEW.task; END;
CREATE TRIGGER messenger_steps_in_order BEFORE INSERT ON messenger_steps
WHEN NEW.number <> 1 + (SELECT count(*) FROM messenger_steps WHERE task = NEW.task)
BEGIN SELECT RAISE(ABORT, 'rule: a step comes behind the last'); END;
CREATE TRIGGER messenger_steps_fixed BEFORE UPDATE ON messenger_steps
BEGIN SELECT RAISE(ABORT, 'rule: what was said of a task stays as it was said'); END;
CREATE TRIGGER messenger_steps_stay BEFORE DELETE ON messenger_steps
WHEN (SELECT made_us FROM messenger_tasks WHERE id = OLD.task) >= (SELECT floor_us FROM retention)
BEGIN SELECT RAISE(ABORT, 'rule: a task is kept for the retention time'); END;
CREATE TRIGGER messenger_tasks_fixed BEFORE UPDATE ON messenger_tasks
WHEN NEW.id <> OLD.id OR NEW.village <> OLD.village OR NEW.kind <> OLD.kind
  OR NEW.alert IS NOT OLD.alert OR NEW.announcement IS NOT OLD.announcement
  OR NEW.why <> OLD.why OR NEW.made_us <> OLD.made_us OR NEW.due_us <> OLD.due_us
  OR NEW.date <> OLD.date OR NEW.state IS NOT (SELECT state FROM messenger_steps
     WHERE task = OLD.id ORDER BY number DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'rule: a task is what was last said of it'); END;
CREATE TRIGGER messenger_tasks_stay BEFORE DELETE ON messenger_tasks
WHEN OLD.made_us >= (SELECT floor_us FROM retention)
BEGIN SELECT RAISE(ABORT, 'rule: a task is kept for the retention time'); END;
