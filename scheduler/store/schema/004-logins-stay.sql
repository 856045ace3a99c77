-- 004-logins-stay.sql - a login is whose it was, so the record can name people by it.
CREATE TRIGGER accounts_login_stays BEFORE UPDATE OF login ON accounts
WHEN NEW.login <> OLD.login
BEGIN SELECT RAISE(ABORT, 'rule: a login stays with its account, for the record names people by it'); END;
