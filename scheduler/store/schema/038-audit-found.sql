-- 038-audit-found.sql - what one person did, and every act of one kind, are found without reading
-- the whole audit, the newest first.

CREATE INDEX audit_actor ON audit (chain, actor, seq);
CREATE INDEX audit_action ON audit (chain, action, seq);
-- "slot" of "slot.approve": all that was done to things of that kind.
CREATE INDEX audit_noun ON audit (chain, substr(action, 1, instr(action || '.', '.') - 1), seq);
