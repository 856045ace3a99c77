-- 022-returned-dates.sql - a change of one date that was sent back to who made it, and why.

-- The content that was sent back: another one waits for judgement again. NULL: none is.
ALTER TABLE slot_overrides ADD COLUMN returned TEXT;
ALTER TABLE slot_overrides ADD COLUMN note TEXT NOT NULL DEFAULT '';
