-- A document's bytes follow from its name, so that what the disk spoilt may be put right by bytes
-- that hash to it. Nothing else of a document is ever changed.
DROP TRIGGER documents_fixed;
CREATE TRIGGER documents_fixed BEFORE UPDATE OF hash, type, created_us ON documents
BEGIN SELECT RAISE(ABORT, 'rule: a document is never changed'); END;
