-- 005-renewal.sql - a station's next certificate waits until the station has shown it.
ALTER TABLE devices ADD COLUMN pending INTEGER NOT NULL DEFAULT 0 CHECK (pending IN (0, 1));
DROP INDEX devices_one_lives;
CREATE UNIQUE INDEX devices_one_lives ON devices (station) WHERE revoked_us = 0 AND pending = 0;
CREATE UNIQUE INDEX devices_one_waits ON devices (station) WHERE revoked_us = 0 AND pending = 1;
