-- 019-offers.sql - what is sent from above for communes to air at a time of their choice.

-- Whoever approves it frees one airing in each of its places, at any allowed time before the
-- deadline; which time is then nobody's content.
CREATE TABLE offers (
    id            TEXT NOT NULL PRIMARY KEY,
    name          TEXT NOT NULL CONSTRAINT "what is sent has a name" CHECK (name <> ''),
    announcement  TEXT REFERENCES announcements (id),
    playlist      TEXT NOT NULL REFERENCES playlists (id),
    home          TEXT NOT NULL REFERENCES areas (id),
    until_us      INTEGER NOT NULL,
    lead_h        INTEGER NOT NULL CONSTRAINT "it goes in by itself 2 to 168 hours before its deadline"
                  CHECK (lead_h BETWEEN 2 AND 168),
    itself_us     INTEGER NOT NULL,
    content       TEXT NOT NULL,
    author        TEXT NOT NULL,
    made_us       INTEGER NOT NULL,
    approver      TEXT REFERENCES accounts (id),
    approved_us   INTEGER NOT NULL,
    ended_us      INTEGER NOT NULL,
    ended_by      TEXT,
    CONSTRAINT "a deadline lies ahead" CHECK (until_us > made_us),
    CONSTRAINT "nobody approves what they sent" CHECK (approver <> author),
    CONSTRAINT "what is approved has a time for going in by itself"
        CHECK ((approver IS NULL) = (approved_us = 0) AND (approver IS NULL) = (itself_us = 0)),
    CONSTRAINT "who took it back is known" CHECK ((ended_us = 0) = (ended_by IS NULL))
) STRICT;
CREATE INDEX offers_announcement ON offers (announcement);
CREATE INDEX offers_playlist ON offers (playlist);
CREATE INDEX offers_home ON offers (home);
CREATE INDEX offers_until ON offers (until_us);
CREATE TRIGGER offers_author AFTER INSERT ON offers
BEGIN INSERT INTO authors VALUES (NEW.id, NEW.author) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER offers_begin BEFORE INSERT ON offers
WHEN NEW.approver IS NOT NULL OR NEW.ended_us <> 0
BEGIN SELECT RAISE(ABORT, 'rule: what is sent begins without approval'); END;
CREATE TRIGGER offers_approve BEFORE UPDATE OF approver ON offers
WHEN NEW.approver IS NOT NULL AND OLD.approver IS NULL AND EXISTS (
    SELECT 1 FROM authors WHERE account = NEW.approver AND object IN (NEW.id, NEW.playlist))
BEGIN SELECT RAISE(ABORT, 'rule: what is sent is approved by somebody who wrote neither it nor its playlist'); END;
CREATE TRIGGER offers_fixed BEFORE UPDATE ON offers
WHEN OLD.ended_us <> 0 OR NEW.id <> OLD.id OR NEW.name <> OLD.name
  OR NEW.announcement IS NOT OLD.announcement OR NEW.playlist <> OLD.playlist
  OR NEW.home <> OLD.home OR NEW.until_us <> OLD.until_us OR NEW.lead_h <> OLD.lead_h
  OR NEW.content <> OLD.content OR NEW.author <> OLD.author OR NEW.made_us <> OLD.made_us
  OR (OLD.approver IS NOT NULL AND (NEW.approver IS NOT OLD.approver
      OR NEW.approved_us <> OLD.approved_us OR NEW.itself_us <> OLD.itself_us))
BEGIN SELECT RAISE(ABORT, 'rule: what is sent is never changed, only approved or taken back, and once'); END;
CREATE TRIGGER offers_stay BEFORE DELETE ON offers
BEGIN SELECT RAISE(ABORT, 'rule: what was sent is taken back, never deleted'); END;

-- Where it is to be heard; each of them gives it a slot of its own, once.
CREATE TABLE offer_places (
    offer      TEXT NOT NULL REFERENCES offers (id),
    area       TEXT NOT NULL REFERENCES areas (id),
    slot       TEXT REFERENCES slots (id),
    start_us   INTEGER NOT NULL,
    placed_by  TEXT,
    placed_us  INTEGER NOT NULL,
    tried_us   INTEGER NOT NULL,
    why        TEXT NOT NULL CONSTRAINT "why it was not placed"
               CHECK (why IN ('', 'no_time', 'changed')),
    PRIMARY KEY (offer, area),
    CONSTRAINT "what is placed has a time and somebody who chose it"
        CHECK ((slot IS NULL) = (start_us = 0) AND (slot IS NULL) = (placed_by IS NULL)),
    CONSTRAINT "what is placed needs no reason why not" CHECK (slot IS NULL OR why = '')
) STRICT, WITHOUT ROWID;
CREATE INDEX offer_places_area ON offer_places (area);
CREATE INDEX offer_places_slot ON offer_places (slot);
CREATE INDEX offer_places_open ON offer_places (offer) WHERE slot IS NULL AND why = '';
CREATE TRIGGER offer_places_freed BEFORE UPDATE OF slot, start_us ON offer_places
WHEN NEW.slot IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM offers WHERE id = NEW.offer AND approver IS NOT NULL AND ended_us = 0
      AND NEW.start_us < until_us)
BEGIN SELECT RAISE(ABORT, 'rule: placed is only what is approved and not taken back, before its deadline'); END;
CREATE TRIGGER offer_places_once BEFORE UPDATE OF slot ON offer_places
WHEN OLD.slot IS NOT NULL AND NEW.slot IS NOT OLD.slot
BEGIN SELECT RAISE(ABORT, 'rule: what was placed keeps its slot'); END;
CREATE TRIGGER offer_places_stay BEFORE DELETE ON offer_places
BEGIN SELECT RAISE(ABORT, 'rule: what was sent is taken back, never deleted'); END;
