-- What was approved is made anew by nobody: its bytes stay as they are, whoever writes.
CREATE TRIGGER documents_approved BEFORE UPDATE OF body, unpacked_bytes ON documents
WHEN OLD.type = 'approval'
BEGIN SELECT RAISE(ABORT, 'rule: the bytes of an approval are never changed'); END;
