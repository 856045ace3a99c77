-- 031-own-templates.sql - what alerts say, as a district wants it: several templates of one event,
-- each language in its own order of words, and retired without being forgotten.

CREATE TABLE alert_templates_own (
    id          TEXT NOT NULL PRIMARY KEY,
    event       TEXT NOT NULL,
    title       TEXT NOT NULL CONSTRAINT "a template has a title" CHECK (title <> ''),
    severity    INTEGER NOT NULL CONSTRAINT "severity is 1 to 5" CHECK (severity BETWEEN 1 AND 5),
    tone        TEXT NOT NULL,
    tone_ms     INTEGER NOT NULL CONSTRAINT "a tone lasts 3 to 10 s"
                CHECK (tone_ms BETWEEN 3000 AND 10000),
    repeats     INTEGER NOT NULL CONSTRAINT "1 to 20 repeats" CHECK (repeats BETWEEN 1 AND 20),
    gap_ms      INTEGER NOT NULL CONSTRAINT "a gap is at most 10 s"
                CHECK (gap_ms BETWEEN 0 AND 10000),
    again_s     INTEGER NOT NULL,
    life_min    INTEGER NOT NULL CONSTRAINT "an alert lives a day at most"
                CHECK (life_min BETWEEN 1 AND 1440),
    retired_us  INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO alert_templates_own (id, event, title, severity, tone, tone_ms, repeats, gap_ms, again_s,
    life_min) SELECT id, event, title, severity, tone, tone_ms, repeats, gap_ms, again_s, life_min
FROM alert_templates;
DROP TABLE alert_templates;
ALTER TABLE alert_templates_own RENAME TO alert_templates;
-- What a drill says before and after is said once.
CREATE UNIQUE INDEX alert_templates_drill ON alert_templates (event)
WHERE event = 'drill' AND retired_us = 0;

-- Without a language: the order of every language that has none of its own.
CREATE TABLE alert_parts_own (
    template  TEXT NOT NULL REFERENCES alert_templates (id),
    language  TEXT NOT NULL DEFAULT '',
    position  INTEGER NOT NULL,
    phrase    TEXT REFERENCES announcements (id),
    blank     TEXT NOT NULL,
    PRIMARY KEY (template, language, position),
    CONSTRAINT "a part is a phrase or a blank" CHECK ((phrase IS NULL) = (blank <> 'none'))
) STRICT, WITHOUT ROWID;
INSERT INTO alert_parts_own (template, language, position, phrase, blank)
SELECT template, '', position, phrase, blank FROM alert_parts;
DROP TABLE alert_parts;
ALTER TABLE alert_parts_own RENAME TO alert_parts;
CREATE INDEX alert_parts_phrase ON alert_parts (phrase);
