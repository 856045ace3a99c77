-- 013-returned-slots.sql - a slot that was sent back to who wrote it, and why.

-- The content that was sent back: another one waits for judgement again. NULL: none is.
ALTER TABLE slots ADD COLUMN returned TEXT;
ALTER TABLE slots ADD COLUMN note TEXT NOT NULL DEFAULT '';
