-- 006-approved-slots.sql - what of a slot was last approved, so a change can be judged by what it changes.

-- The text whose SHA-256 the approval names; it stays when the approval is lost.
CREATE TABLE slot_approved (
    slot  TEXT NOT NULL PRIMARY KEY REFERENCES slots (id) ON DELETE CASCADE,
    text  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Since when a change of a date waits; 0: it was made before this was kept.
ALTER TABLE slot_overrides ADD COLUMN changed_us INTEGER NOT NULL DEFAULT 0;
