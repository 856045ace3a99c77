-- 012-figures.sql - what each day at each station came to, kept up to date as records come.

-- When a day is to be judged (again). A day that nothing more can change costs nothing.
CREATE TABLE figure_days (
    station    TEXT NOT NULL REFERENCES stations (id),
    date       TEXT NOT NULL,
    from_us    INTEGER NOT NULL,
    to_us      INTEGER NOT NULL,
    stamp      INTEGER NOT NULL,
    judged_us  INTEGER NOT NULL,
    next_us    INTEGER NOT NULL,
    is_open    INTEGER NOT NULL,
    PRIMARY KEY (station, date)
) STRICT, WITHOUT ROWID;
CREATE INDEX figure_days_next ON figure_days (next_us);
CREATE INDEX figure_days_end ON figure_days (station, to_us);
CREATE INDEX figure_days_open ON figure_days (station) WHERE is_open = 1;

CREATE TABLE figures (
    date        TEXT NOT NULL,
    station     TEXT NOT NULL,
    village     TEXT NOT NULL,
    language    TEXT NOT NULL,
    category    TEXT NOT NULL,
    planned_us  INTEGER NOT NULL,
    heard_us    INTEGER NOT NULL,
    delivered   INTEGER NOT NULL,
    partial     INTEGER NOT NULL,
    missed      INTEGER NOT NULL,
    waiting     INTEGER NOT NULL,
    no_contact  INTEGER NOT NULL,
    quiet       INTEGER NOT NULL,
    PRIMARY KEY (date, station, village, language, category),
    FOREIGN KEY (station, date) REFERENCES figure_days (station, date) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX figures_day ON figures (station, date);

-- The sums of a month, by the same transactions that change its days.
CREATE TABLE figure_months (
    month       TEXT NOT NULL,
    village     TEXT NOT NULL,
    language    TEXT NOT NULL,
    category    TEXT NOT NULL,
    planned_us  INTEGER NOT NULL,
    heard_us    INTEGER NOT NULL,
    delivered   INTEGER NOT NULL,
    partial     INTEGER NOT NULL,
    missed      INTEGER NOT NULL,
    waiting     INTEGER NOT NULL,
    no_contact  INTEGER NOT NULL,
    quiet       INTEGER NOT NULL,
    PRIMARY KEY (month, village, language, category)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER figures_fixed BEFORE UPDATE ON figures
BEGIN SELECT RAISE(ABORT, 'rule: the figures of a day are replaced, not changed'); END;
CREATE TRIGGER figures_insert AFTER INSERT ON figures
BEGIN
    INSERT INTO figure_months (month, village, language, category, planned_us, heard_us,
        delivered, partial, missed, waiting, no_contact, quiet)
    VALUES (substr(NEW.date, 1, 7), NEW.village, NEW.language, NEW.category, NEW.planned_us,
        NEW.heard_us, NEW.delivered, NEW.partial, NEW.missed, NEW.waiting, NEW.no_contact,
        NEW.quiet)
    ON CONFLICT (month, village, language, category) DO UPDATE SET
        planned_us = planned_us + NEW.planned_us, heard_us = heard_us + NEW.heard_us,
        delivered = delivered + NEW.delivered, partial = partial + NEW.partial,
        missed = missed + NEW.missed, waiting = waiting + NEW.waiting,
        no_contact = no_contact + NEW.no_contact, quiet = quiet + NEW.quiet;
END;
CREATE TRIGGER figures_delete AFTER DELETE ON figures
BEGIN
    UPDATE figure_months SET
        planned_us = planned_us - OLD.planned_us, heard_us = heard_us - OLD.heard_us,
        delivered = delivered - OLD.delivered, partial = partial - OLD.partial,
        missed = missed - OLD.missed, waiting = waiting - OLD.waiting,
        no_contact = no_contact - OLD.no_contact, quiet = quiet - OLD.quiet
    WHERE month = substr(OLD.date, 1, 7) AND village = OLD.village
      AND language = OLD.language AND category = OLD.category;
END;

-- Whatever a verdict rests on makes its day due, in the transaction that writes it; the stamp
-- tells whoever was judging meanwhile that it did so without this.
CREATE TRIGGER figures_record AFTER INSERT ON records WHEN NEW.planned_start_us > 0
BEGIN
    UPDATE figure_days SET next_us = 0, stamp = stamp + 1
    WHERE station = NEW.station AND to_us > NEW.planned_start_us
      AND from_us <= NEW.planned_start_us;
END;
CREATE TRIGGER figures_down AFTER INSERT ON down_spans
BEGIN
    UPDATE figure_days SET next_us = 0, stamp = stamp + 1
    WHERE station = NEW.station AND to_us > NEW.from_us AND from_us < NEW.to_us;
END;
CREATE TRIGGER figures_down_grown AFTER UPDATE ON down_spans
BEGIN
    UPDATE figure_days SET next_us = 0, stamp = stamp + 1
    WHERE station = NEW.station AND to_us > NEW.from_us AND from_us < NEW.to_us;
END;
CREATE TRIGGER figures_silenced AFTER INSERT ON silenced
BEGIN
    UPDATE figure_days SET next_us = 0, stamp = stamp + 1
    WHERE station = NEW.station AND to_us > NEW.start_us AND from_us <= NEW.start_us;
END;
CREATE TRIGGER figures_issued AFTER INSERT ON manifests
BEGIN
    UPDATE figure_days SET next_us = 0, stamp = stamp + 1
    WHERE station = NEW.station AND to_us > NEW.issued_us;
END;
-- The first plan that a station takes makes its first days, by the longest zones on earth.
CREATE TRIGGER figures_accepted AFTER INSERT ON acceptances
BEGIN
    UPDATE figure_days SET next_us = 0, stamp = stamp + 1
    WHERE station = NEW.station AND to_us > NEW.accepted_us;
    INSERT OR IGNORE INTO figure_days (station, date, from_us, to_us, stamp, judged_us, next_us,
        is_open)
    SELECT NEW.station, date(NEW.accepted_us / 1000000, 'unixepoch', d.shift), 0,
        9223372036854775807, 0, 0, 0, 0
    FROM (SELECT '-1 day' AS shift UNION ALL SELECT '+0 day' UNION ALL SELECT '+1 day') AS d;
END;
-- A station that comes back says within some minutes what it has, or sends it.
CREATE TRIGGER figures_hello AFTER UPDATE OF hello_us ON station_states
WHEN NEW.hello_us <> OLD.hello_us
BEGIN
    UPDATE figure_days SET next_us = NEW.hello_us + 180000000, stamp = stamp + 1
    WHERE station = NEW.station AND is_open = 1 AND next_us > NEW.hello_us + 180000000;
END;

-- What was issued before there were figures.
INSERT INTO figure_days (station, date, from_us, to_us, stamp, judged_us, next_us, is_open)
SELECT DISTINCT station, date, 0, 9223372036854775807, 0, 0, 0, 0 FROM manifest_days;
