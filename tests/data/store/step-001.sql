-- A store of schema step 1 with a row in most tables, as sqlite3's .dump gave it.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE settings (
    key    TEXT NOT NULL PRIMARY KEY,
    value  TEXT NOT NULL,
    at_us  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE counters (
    name   TEXT NOT NULL PRIMARY KEY,
    value  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE retention (
    id        INTEGER NOT NULL PRIMARY KEY CONSTRAINT "one row" CHECK (id = 1),
    floor_us  INTEGER NOT NULL
) STRICT;
INSERT INTO retention VALUES(1,0);
CREATE TABLE writes (
    actor   TEXT NOT NULL,
    key     TEXT NOT NULL,
    digest  TEXT NOT NULL,
    at_us   INTEGER NOT NULL,
    result  TEXT NOT NULL,
    PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE locks (
    name      TEXT NOT NULL PRIMARY KEY,
    holder    TEXT NOT NULL,
    until_us  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE audit (
    chain   TEXT NOT NULL,
    seq     INTEGER NOT NULL CONSTRAINT "audit rows count from 1" CHECK (seq >= 1),
    at_us   INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    action  TEXT NOT NULL,
    object  TEXT NOT NULL,
    detail  TEXT NOT NULL,
    prev    TEXT NOT NULL,
    hash    TEXT NOT NULL,
    PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE areas (
    id          TEXT NOT NULL PRIMARY KEY,
    parent      TEXT REFERENCES areas (id),
    kind        TEXT NOT NULL CONSTRAINT "kind of area"
                CHECK (kind IN ('country', 'province', 'district', 'group', 'commune', 'village')),
    name        TEXT NOT NULL CONSTRAINT "an area has a name" CHECK (name <> ''),
    code        TEXT,
    valid_from  TEXT,
    valid_to    TEXT,
    successor   TEXT REFERENCES areas (id),
    CONSTRAINT "an area ends after it begins" CHECK (valid_to >= valid_from),
    CONSTRAINT "an area does not succeed itself" CHECK (successor <> id)
) STRICT;
INSERT INTO areas VALUES('gia-lai',NULL,'province','Gia Lai','52',NULL,NULL,NULL);
INSERT INTO areas VALUES('ia-le','gia-lai','commune','Ia Le',NULL,NULL,NULL,NULL);
INSERT INTO areas VALUES('ia-le-a','ia-le','village','Làng A',NULL,NULL,NULL,NULL);
CREATE TABLE area_paths (
    above  TEXT NOT NULL REFERENCES areas (id) ON DELETE CASCADE,
    below  TEXT NOT NULL REFERENCES areas (id) ON DELETE CASCADE,
    depth  INTEGER NOT NULL CONSTRAINT "the tree of areas is too deep" CHECK (depth <= 12),
    PRIMARY KEY (above, below)
) STRICT, WITHOUT ROWID;
INSERT INTO area_paths VALUES('gia-lai','gia-lai',0);
INSERT INTO area_paths VALUES('ia-le','ia-le',0);
INSERT INTO area_paths VALUES('gia-lai','ia-le',1);
INSERT INTO area_paths VALUES('ia-le-a','ia-le-a',0);
INSERT INTO area_paths VALUES('ia-le','ia-le-a',1);
INSERT INTO area_paths VALUES('gia-lai','ia-le-a',2);
CREATE TABLE windows (
    area      TEXT NOT NULL REFERENCES areas (id),
    position  INTEGER NOT NULL,
    class     TEXT NOT NULL CONSTRAINT "class of a window"
              CHECK (class IN ('thong_thuong', 'uu_tien')),
    weekdays  INTEGER NOT NULL CONSTRAINT "weekdays of a window" CHECK (weekdays BETWEEN 1 AND 127),
    from_min  INTEGER NOT NULL,
    to_min    INTEGER NOT NULL,
    PRIMARY KEY (area, position),
    CONSTRAINT "a window lies inside one day, its end after its beginning"
        CHECK (from_min >= 0 AND from_min < to_min AND to_min <= 1440)
) STRICT, WITHOUT ROWID;
CREATE TABLE daily_limits (
    area       TEXT NOT NULL PRIMARY KEY REFERENCES areas (id),
    limit_min  INTEGER NOT NULL CONSTRAINT "minutes a day" CHECK (limit_min BETWEEN 0 AND 1440)
) STRICT, WITHOUT ROWID;
CREATE TABLE accounts (
    id            TEXT NOT NULL PRIMARY KEY,
    login         TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL CONSTRAINT "an account has the name of a person" CHECK (name <> ''),
    password      TEXT,
    state         TEXT NOT NULL CONSTRAINT "state of an account"
                  CHECK (state IN ('active', 'locked', 'retired')),
    failures      INTEGER NOT NULL DEFAULT 0,
    failed_us     INTEGER NOT NULL DEFAULT 0,
    signed_in_us  INTEGER NOT NULL DEFAULT 0,
    created_us    INTEGER NOT NULL
) STRICT;
INSERT INTO accounts VALUES('editor','editor','editor','$hash','active',0,0,0,1);
INSERT INTO accounts VALUES('reader','reader','reader',NULL,'active',0,0,0,1);
INSERT INTO accounts VALUES('approver','approver','approver',NULL,'active',0,0,0,1);
CREATE TABLE rights (
    account     TEXT NOT NULL REFERENCES accounts (id),
    role        TEXT NOT NULL CONSTRAINT "role" CHECK (role IN
                ('editor', 'reviewer', 'approver', 'operator', 'official', 'technician',
                 'inspector', 'administrator')),
    area        TEXT NOT NULL REFERENCES areas (id),
    language    TEXT NOT NULL,
    until_us    INTEGER NOT NULL,
    granted_us  INTEGER NOT NULL,
    granted_by  TEXT NOT NULL,
    PRIMARY KEY (account, role, area, language),
    CONSTRAINT "only a reviewer's right names a language" CHECK (language = '' OR role = 'reviewer'),
    CONSTRAINT "an inspector's right has an end" CHECK (role <> 'inspector' OR until_us > 0)
) STRICT, WITHOUT ROWID;
INSERT INTO rights VALUES('editor','editor','gia-lai','',0,1,'init');
CREATE TABLE sessions (
    token_hash  TEXT NOT NULL PRIMARY KEY,
    account     TEXT NOT NULL REFERENCES accounts (id),
    created_us  INTEGER NOT NULL,
    used_us     INTEGER NOT NULL,
    idle_us     INTEGER NOT NULL,
    until_us    INTEGER NOT NULL,
    address     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE authors (
    object   TEXT NOT NULL,
    account  TEXT NOT NULL,
    PRIMARY KEY (object, account)
) STRICT, WITHOUT ROWID;
INSERT INTO authors VALUES('a','editor');
INSERT INTO authors VALUES('list','editor');
INSERT INTO authors VALUES('s','editor');
INSERT INTO authors VALUES('v','editor');
CREATE TABLE stations (
    id              TEXT NOT NULL PRIMARY KEY,
    name            TEXT NOT NULL CONSTRAINT "a station has a name" CHECK (name <> ''),
    area            TEXT NOT NULL REFERENCES areas (id),
    tzid            TEXT NOT NULL,
    heartbeat_s     INTEGER NOT NULL CONSTRAINT "heartbeat every 5 to 3600 s"
                    CHECK (heartbeat_s BETWEEN 5 AND 3600),
    fetch_kbit_s    INTEGER NOT NULL CONSTRAINT "fetch rate" CHECK (fetch_kbit_s >= 0),
    night_from_min  INTEGER NOT NULL CONSTRAINT "night begins within a day"
                    CHECK (night_from_min BETWEEN 0 AND 1440),
    night_to_min    INTEGER NOT NULL CONSTRAINT "night ends within a day"
                    CHECK (night_to_min BETWEEN 0 AND 1440),
    large_bytes     INTEGER NOT NULL CONSTRAINT "size of a large object" CHECK (large_bytes >= 0),
    gain_cap_mdb    INTEGER NOT NULL CONSTRAINT "gain cap is 0 or below"
                    CHECK (gain_cap_mdb BETWEEN -96000 AND 0),
    retired         INTEGER NOT NULL CONSTRAINT "retired is 0 or 1" CHECK (retired IN (0, 1))
) STRICT;
INSERT INTO stations VALUES('ia-le','Ia Le','ia-le','Asia/Ho_Chi_Minh',60,0,1320,240,8388608,0,0);
CREATE TABLE outputs (
    station  TEXT NOT NULL REFERENCES stations (id),
    id       TEXT NOT NULL,
    name     TEXT NOT NULL,
    PRIMARY KEY (station, id)
) STRICT, WITHOUT ROWID;
INSERT INTO outputs VALUES('ia-le','main','Loa');
CREATE TABLE zones (
    station  TEXT NOT NULL,
    id       TEXT NOT NULL,
    output   TEXT NOT NULL,
    name     TEXT NOT NULL,
    village  TEXT NOT NULL REFERENCES areas (id),
    PRIMARY KEY (station, id),
    FOREIGN KEY (station, output) REFERENCES outputs (station, id)
) STRICT, WITHOUT ROWID;
INSERT INTO zones VALUES('ia-le','a','main','Làng A','ia-le-a');
CREATE TABLE zone_languages (
    station   TEXT NOT NULL,
    zone      TEXT NOT NULL,
    position  INTEGER NOT NULL,
    language  TEXT NOT NULL,
    PRIMARY KEY (station, zone, position),
    UNIQUE (station, zone, language),
    FOREIGN KEY (station, zone) REFERENCES zones (station, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO zone_languages VALUES('ia-le','a',0,'jra');
CREATE TABLE volumes (
    station   TEXT NOT NULL,
    zone      TEXT NOT NULL,
    from_min  INTEGER NOT NULL,
    to_min    INTEGER NOT NULL,
    gain_mdb  INTEGER NOT NULL CONSTRAINT "volume is 0 or below"
              CHECK (gain_mdb BETWEEN -96000 AND 0),
    PRIMARY KEY (station, zone, from_min),
    FOREIGN KEY (station, zone) REFERENCES zones (station, id) ON DELETE CASCADE,
    CONSTRAINT "a volume's hours lie inside one day"
        CHECK (from_min >= 0 AND from_min < to_min AND to_min <= 1440)
) STRICT, WITHOUT ROWID;
CREATE TABLE enrolments (
    secret_hash  TEXT NOT NULL PRIMARY KEY,
    station      TEXT NOT NULL REFERENCES stations (id),
    created_us   INTEGER NOT NULL,
    created_by   TEXT NOT NULL,
    expires_us   INTEGER NOT NULL,
    used_us      INTEGER NOT NULL,
    CONSTRAINT "an enrolment code lives 72 hours at most"
        CHECK (expires_us > created_us AND expires_us - created_us <= 259200000000)
) STRICT, WITHOUT ROWID;
CREATE TABLE devices (
    serial       TEXT NOT NULL PRIMARY KEY,
    station      TEXT NOT NULL REFERENCES stations (id),
    public_key   TEXT NOT NULL,
    certificate  TEXT NOT NULL,
    journal      TEXT NOT NULL,
    enrolled_us  INTEGER NOT NULL,
    expires_us   INTEGER NOT NULL,
    revoked_us   INTEGER NOT NULL,
    revoked_why  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE objects (
    hash            TEXT NOT NULL PRIMARY KEY,
    size_bytes      INTEGER NOT NULL CONSTRAINT "an object has a size" CHECK (size_bytes > 0),
    duration_us     INTEGER NOT NULL CONSTRAINT "an object has a duration" CHECK (duration_us > 0),
    loudness_mlufs  INTEGER NOT NULL,
    peak_mdb        INTEGER NOT NULL,
    created_us      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO objects VALUES('ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',40000,10000000,-16000,-1500,1);
CREATE TABLE originals (
    hash        TEXT NOT NULL,
    object      TEXT NOT NULL REFERENCES objects (hash) ON DELETE CASCADE,
    name        TEXT NOT NULL,
    media       TEXT NOT NULL,
    size_bytes  INTEGER NOT NULL,
    created_us  INTEGER NOT NULL,
    PRIMARY KEY (object, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE announcements (
    id              TEXT NOT NULL PRIMARY KEY,
    kind            TEXT NOT NULL CONSTRAINT "kind of announcement"
                    CHECK (kind IN ('bulletin', 'signal')),
    title           TEXT NOT NULL CONSTRAINT "an announcement has a title" CHECK (title <> ''),
    folded          TEXT NOT NULL,
    category        TEXT NOT NULL,
    class           TEXT NOT NULL CONSTRAINT "class of an announcement (khan_cap is for alerts)"
                    CHECK (class IN ('thong_thuong', 'uu_tien')),
    source_number   TEXT NOT NULL,
    source_issuer   TEXT NOT NULL CONSTRAINT "every announcement names who issued its source"
                    CHECK (source_issuer <> ''),
    source_date     TEXT NOT NULL,
    valid_from_us   INTEGER NOT NULL,
    valid_until_us  INTEGER NOT NULL,
    home            TEXT NOT NULL REFERENCES areas (id),
    withdrawn       INTEGER NOT NULL CONSTRAINT "withdrawn is 0 or 1" CHECK (withdrawn IN (0, 1)),
    author          TEXT NOT NULL,
    changed_by      TEXT NOT NULL,
    created_us      INTEGER NOT NULL,
    changed_us      INTEGER NOT NULL,
    revision        INTEGER NOT NULL,
    CONSTRAINT "validity ends after it begins" CHECK (valid_until_us > valid_from_us)
) STRICT;
INSERT INTO announcements VALUES('a','bulletin','Lịch tiêm phòng','lich tiem phong','','uu_tien','','UBND xã','2026-03-01',1,2,'ia-le',0,'editor','editor',1,1,1);
CREATE TABLE announcement_areas (
    announcement  TEXT NOT NULL REFERENCES announcements (id) ON DELETE CASCADE,
    area          TEXT NOT NULL REFERENCES areas (id),
    PRIMARY KEY (announcement, area)
) STRICT, WITHOUT ROWID;
INSERT INTO announcement_areas VALUES('a','ia-le');
CREATE TABLE versions (
    id              TEXT NOT NULL PRIMARY KEY,
    announcement    TEXT NOT NULL REFERENCES announcements (id),
    language        TEXT,
    object          TEXT REFERENCES objects (hash),
    script          TEXT,
    script_hash     TEXT,
    announcer       TEXT REFERENCES accounts (id),
    announcer_name  TEXT NOT NULL,
    state           TEXT NOT NULL CONSTRAINT "state of a version"
                    CHECK (state IN ('draft', 'checked', 'approved', 'returned')),
    author          TEXT NOT NULL,
    checker         TEXT,
    checked_us      INTEGER NOT NULL,
    approval        TEXT REFERENCES approvals (hash),
    note            TEXT NOT NULL,
    created_us      INTEGER NOT NULL,
    changed_us      INTEGER NOT NULL,
    CONSTRAINT "script and its hash go together" CHECK ((script IS NULL) = (script_hash IS NULL)),
    CONSTRAINT "nobody checks the language of what they announced" CHECK (checker <> announcer),
    CONSTRAINT "an approved version has an approval"
        CHECK (state <> 'approved' OR approval IS NOT NULL)
) STRICT;
INSERT INTO versions VALUES('v','a','jra','ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',NULL,NULL,NULL,'','draft','editor',NULL,0,NULL,'',1,1);
CREATE TABLE approvals (
    hash          TEXT NOT NULL PRIMARY KEY,
    announcement  TEXT NOT NULL REFERENCES announcements (id),
    version       TEXT NOT NULL REFERENCES versions (id),
    object        TEXT NOT NULL REFERENCES objects (hash),
    script_hash   TEXT,
    language      TEXT,
    class         TEXT NOT NULL,
    approver      TEXT NOT NULL REFERENCES accounts (id),
    approved_us   INTEGER NOT NULL,
    voided_us     INTEGER NOT NULL,
    FOREIGN KEY (hash) REFERENCES documents (hash)
) STRICT;
CREATE TABLE playlists (
    id          TEXT NOT NULL PRIMARY KEY,
    name        TEXT NOT NULL CONSTRAINT "a playlist has a name" CHECK (name <> ''),
    folded      TEXT NOT NULL,
    home        TEXT NOT NULL REFERENCES areas (id),
    author      TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    changed_us  INTEGER NOT NULL
) STRICT;
INSERT INTO playlists VALUES('list','Sáng','sang','ia-le','editor',1,1);
CREATE TABLE playlist_items (
    playlist      TEXT NOT NULL REFERENCES playlists (id) ON DELETE CASCADE,
    id            TEXT NOT NULL,
    position      INTEGER NOT NULL,
    kind          TEXT NOT NULL CONSTRAINT "kind of item"
                  CHECK (kind IN ('announcement', 'signal', 'pause', 'stream', 'line_in')),
    announcement  TEXT REFERENCES announcements (id),
    duration_us   INTEGER NOT NULL,
    times         INTEGER NOT NULL CONSTRAINT "an item sounds 1 to 20 times"
                  CHECK (times BETWEEN 1 AND 20),
    PRIMARY KEY (playlist, id),
    CONSTRAINT "an announcement or signal names one, a pause names none"
        CHECK ((announcement IS NOT NULL) = (kind IN ('announcement', 'signal'))),
    CONSTRAINT "a pause lasts up to ten minutes, nothing else has a duration of its own"
        CHECK (CASE kind WHEN 'pause' THEN duration_us BETWEEN 1 AND 600000000
                         ELSE duration_us = 0 END)
) STRICT, WITHOUT ROWID;
INSERT INTO playlist_items VALUES('list','i',0,'announcement','a',0,1);
CREATE TABLE slots (
    id           TEXT NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL CONSTRAINT "a slot has a name" CHECK (name <> ''),
    home         TEXT NOT NULL REFERENCES areas (id),
    playlist     TEXT NOT NULL REFERENCES playlists (id),
    class        TEXT NOT NULL CONSTRAINT "class of a slot (khan_cap is for alerts)"
                 CHECK (class IN ('thong_thuong', 'uu_tien')),
    tzid         TEXT NOT NULL,
    first_date   TEXT NOT NULL,
    local_min    INTEGER NOT NULL CONSTRAINT "minute of the day" CHECK (local_min BETWEEN 0 AND 1439),
    local_s      INTEGER NOT NULL CONSTRAINT "second of the minute" CHECK (local_s BETWEEN 0 AND 59),
    rule         TEXT NOT NULL CONSTRAINT "a recurrence rule is short"
                 CHECK (length(rule) <= 200),
    until        TEXT,
    length_s     INTEGER NOT NULL CONSTRAINT "length of a slot" CHECK (length_s BETWEEN 0 AND 86400),
    priority     INTEGER NOT NULL CONSTRAINT "priority of a slot" CHECK (priority BETWEEN 0 AND 100),
    gain_mdb     INTEGER NOT NULL CONSTRAINT "gain is 0 or below"
                 CHECK (gain_mdb BETWEEN -96000 AND 0),
    policy       TEXT NOT NULL CONSTRAINT "language policy" CHECK (policy IN ('each', 'first')),
    block_order  TEXT NOT NULL CONSTRAINT "block order" CHECK (block_order IN ('item', 'language')),
    stopped      INTEGER NOT NULL CONSTRAINT "stopped is 0 or 1" CHECK (stopped IN (0, 1)),
    author       TEXT NOT NULL,
    content      TEXT NOT NULL,
    approved     TEXT,
    approver     TEXT REFERENCES accounts (id),
    approved_us  INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    changed_us   INTEGER NOT NULL,
    CONSTRAINT "nobody approves their own slot" CHECK (approver <> author),
    CONSTRAINT "approval and approver go together"
        CHECK ((approved IS NULL) = (approver IS NULL))
) STRICT;
INSERT INTO slots VALUES('s','Sáng','ia-le','list','uu_tien','Asia/Ho_Chi_Minh','2026-03-02',330,0,'FREQ=DAILY',NULL,0,0,0,'each','item',0,'editor','c',NULL,NULL,0,1,1);
CREATE TABLE slot_targets (
    slot     TEXT NOT NULL REFERENCES slots (id) ON DELETE CASCADE,
    area     TEXT NOT NULL,
    station  TEXT NOT NULL,
    zone     TEXT NOT NULL,
    PRIMARY KEY (slot, area, station, zone),
    CONSTRAINT "a target is an area, or a zone of a station"
        CHECK ((area <> '' AND station = '' AND zone = '')
            OR (area = '' AND station <> '' AND zone <> ''))
) STRICT, WITHOUT ROWID;
INSERT INTO slot_targets VALUES('s','ia-le','','');
CREATE TABLE slot_dates (
    slot    TEXT NOT NULL REFERENCES slots (id) ON DELETE CASCADE,
    date    TEXT NOT NULL,
    is_out  INTEGER NOT NULL CONSTRAINT "a date is in or out" CHECK (is_out IN (0, 1)),
    PRIMARY KEY (slot, date, is_out)
) STRICT, WITHOUT ROWID;
CREATE TABLE slot_overrides (
    slot         TEXT NOT NULL REFERENCES slots (id),
    date         TEXT NOT NULL,
    playlist     TEXT REFERENCES playlists (id),
    cancelled    INTEGER NOT NULL CONSTRAINT "cancelled is 0 or 1" CHECK (cancelled IN (0, 1)),
    author       TEXT NOT NULL,
    content      TEXT NOT NULL,
    approver     TEXT REFERENCES accounts (id),
    approved_us  INTEGER NOT NULL,
    PRIMARY KEY (slot, date),
    CONSTRAINT "a date without a playlist is cancelled" CHECK (playlist IS NOT NULL OR cancelled = 1),
    CONSTRAINT "nobody approves their own change of a date" CHECK (approver <> author)
) STRICT, WITHOUT ROWID;
CREATE TABLE slot_choices (
    area  TEXT NOT NULL REFERENCES areas (id),
    slot  TEXT NOT NULL REFERENCES slots (id) ON DELETE CASCADE,
    rank  INTEGER NOT NULL,
    PRIMARY KEY (area, slot)
) STRICT, WITHOUT ROWID;
CREATE TABLE outbox (
    id       INTEGER NOT NULL PRIMARY KEY,
    station  TEXT NOT NULL,
    reason   TEXT NOT NULL,
    at_us    INTEGER NOT NULL,
    urgent   INTEGER NOT NULL
) STRICT;
CREATE TABLE documents (
    hash        TEXT NOT NULL PRIMARY KEY,
    type        TEXT NOT NULL,
    body        BLOB NOT NULL,
    created_us  INTEGER NOT NULL
) STRICT;
CREATE TABLE document_signatures (
    hash       TEXT NOT NULL REFERENCES documents (hash) ON DELETE CASCADE,
    key        TEXT NOT NULL,
    algorithm  TEXT NOT NULL,
    signature  TEXT NOT NULL,
    extra      TEXT,
    PRIMARY KEY (hash, key, algorithm)
) STRICT, WITHOUT ROWID;
CREATE TABLE manifests (
    station     TEXT NOT NULL REFERENCES stations (id),
    version     INTEGER NOT NULL CONSTRAINT "a version is positive and below 2^53"
                CHECK (version > 0 AND version < 9007199254740992),
    hash        TEXT NOT NULL REFERENCES documents (hash),
    contents    TEXT NOT NULL,
    settings    TEXT NOT NULL REFERENCES documents (hash),
    keys        TEXT NOT NULL REFERENCES documents (hash),
    issued_us   INTEGER NOT NULL,
    expires_us  INTEGER NOT NULL,
    PRIMARY KEY (station, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE manifest_days (
    station  TEXT NOT NULL,
    version  INTEGER NOT NULL,
    date     TEXT NOT NULL,
    hash     TEXT NOT NULL REFERENCES documents (hash),
    PRIMARY KEY (station, version, date),
    FOREIGN KEY (station, version) REFERENCES manifests (station, version) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE station_names (
    station   TEXT NOT NULL REFERENCES stations (id),
    hash      TEXT NOT NULL,
    until_us  INTEGER NOT NULL,
    PRIMARY KEY (station, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE station_states (
    station           TEXT NOT NULL PRIMARY KEY REFERENCES stations (id),
    boot              TEXT NOT NULL DEFAULT '',
    hello_us          INTEGER NOT NULL DEFAULT 0,
    contact_us        INTEGER NOT NULL DEFAULT 0,
    reported_version  INTEGER NOT NULL DEFAULT 0,
    accepted_version  INTEGER NOT NULL DEFAULT 0,
    accepted_us       INTEGER NOT NULL DEFAULT 0,
    refusal           TEXT NOT NULL DEFAULT '',
    floor             INTEGER NOT NULL DEFAULT 0,
    inventory         TEXT NOT NULL DEFAULT '',
    reads             TEXT NOT NULL DEFAULT '[]',
    player_version    TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE TABLE station_days (
    station          TEXT NOT NULL REFERENCES stations (id),
    date             TEXT NOT NULL,
    hash             TEXT NOT NULL,
    applied          INTEGER NOT NULL,
    applied_us       INTEGER NOT NULL,
    missing_objects  INTEGER NOT NULL,
    missing_bytes    INTEGER NOT NULL,
    PRIMARY KEY (station, date)
) STRICT, WITHOUT ROWID;
CREATE TABLE acceptances (
    station      TEXT NOT NULL REFERENCES stations (id),
    accepted_us  INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    PRIMARY KEY (station, accepted_us)
) STRICT, WITHOUT ROWID;
CREATE TABLE journals (
    station      TEXT NOT NULL REFERENCES stations (id),
    journal      TEXT NOT NULL,
    acked_seq    INTEGER NOT NULL,
    highest_seq  INTEGER NOT NULL,
    first_us     INTEGER NOT NULL,
    last_us      INTEGER NOT NULL,
    PRIMARY KEY (station, journal)
) STRICT, WITHOUT ROWID;
CREATE TABLE records (
    station           TEXT NOT NULL REFERENCES stations (id),
    journal           TEXT NOT NULL,
    seq               INTEGER NOT NULL CONSTRAINT "records count from 1" CHECK (seq >= 1),
    raw               TEXT NOT NULL,
    hash              TEXT NOT NULL,
    received_us       INTEGER NOT NULL,
    unreadable        INTEGER NOT NULL,
    kind              TEXT,
    at_us             INTEGER NOT NULL,
    trust             TEXT,
    manifest_version  INTEGER NOT NULL,
    dayplan           TEXT,
    segment           TEXT,
    occurrence        TEXT,
    item              TEXT,
    language          TEXT,
    output            TEXT,
    zone              TEXT,
    object            TEXT,
    planned_start_us  INTEGER NOT NULL,
    planned_end_us    INTEGER NOT NULL,
    actual_start_us   INTEGER NOT NULL,
    actual_end_us     INTEGER NOT NULL,
    position_us       INTEGER NOT NULL,
    relay             TEXT,
    relay_read_us     INTEGER NOT NULL,
    level_mdb         INTEGER,
    silent_us         INTEGER NOT NULL,
    journal_late      INTEGER NOT NULL,
    reason            TEXT,
    detail            TEXT,
    PRIMARY KEY (station, journal, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE record_forks (
    station      TEXT NOT NULL REFERENCES stations (id),
    journal      TEXT NOT NULL,
    seq          INTEGER NOT NULL,
    hash         TEXT NOT NULL,
    raw          TEXT NOT NULL,
    received_us  INTEGER NOT NULL,
    PRIMARY KEY (station, journal, seq, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE alarms (
    station     TEXT NOT NULL REFERENCES stations (id),
    journal     TEXT NOT NULL,
    seq         INTEGER NOT NULL,
    kind        TEXT NOT NULL CONSTRAINT "kind of alarm"
                CHECK (kind IN ('gap', 'fork', 'chain', 'two_journals', 'unreadable')),
    at_us       INTEGER NOT NULL,
    cleared_us  INTEGER NOT NULL,
    words       TEXT NOT NULL,
    PRIMARY KEY (station, journal, seq, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE heartbeats (
    station           TEXT NOT NULL PRIMARY KEY REFERENCES stations (id),
    received_us       INTEGER NOT NULL,
    at_us             INTEGER NOT NULL,
    document          TEXT NOT NULL,
    manifest_version  INTEGER NOT NULL,
    days_ready        INTEGER NOT NULL,
    n_faults          INTEGER NOT NULL,
    down_from_us      INTEGER NOT NULL,
    down_to_us        INTEGER NOT NULL,
    down_reason       TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE heartbeat_history (
    station           TEXT NOT NULL REFERENCES stations (id),
    step              INTEGER NOT NULL,
    received_us       INTEGER NOT NULL,
    at_us             INTEGER NOT NULL,
    document          TEXT NOT NULL,
    manifest_version  INTEGER NOT NULL,
    days_ready        INTEGER NOT NULL,
    n_faults          INTEGER NOT NULL,
    down_from_us      INTEGER NOT NULL,
    down_to_us        INTEGER NOT NULL,
    down_reason       TEXT NOT NULL,
    PRIMARY KEY (station, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE down_spans (
    station  TEXT NOT NULL REFERENCES stations (id),
    from_us  INTEGER NOT NULL,
    to_us    INTEGER NOT NULL,
    reason   TEXT NOT NULL,
    PRIMARY KEY (station, from_us)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER retention_only_rises BEFORE UPDATE ON retention
WHEN NEW.floor_us < OLD.floor_us
BEGIN SELECT RAISE(ABORT, 'rule: the retention floor only rises'); END;
CREATE INDEX writes_at ON writes (at_us);
CREATE INDEX audit_object ON audit (object, seq);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'rule: an audit row is never changed'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'rule: an audit row is never deleted'); END;
CREATE INDEX areas_parent ON areas (parent);
CREATE INDEX areas_code ON areas (code);
CREATE INDEX areas_successor ON areas (successor);
CREATE INDEX area_paths_below ON area_paths (below, depth);
CREATE TRIGGER areas_insert AFTER INSERT ON areas
BEGIN
    INSERT INTO area_paths (above, below, depth) VALUES (NEW.id, NEW.id, 0);
    INSERT INTO area_paths (above, below, depth)
        SELECT above, NEW.id, depth + 1 FROM area_paths WHERE below = NEW.parent;
END;
CREATE TRIGGER areas_no_cycle BEFORE UPDATE OF parent ON areas
WHEN EXISTS (SELECT 1 FROM area_paths WHERE above = OLD.id AND below = NEW.parent)
BEGIN SELECT RAISE(ABORT, 'rule: an area cannot lie below itself'); END;
CREATE TRIGGER areas_move AFTER UPDATE OF parent ON areas
WHEN NEW.parent IS NOT OLD.parent
BEGIN
    DELETE FROM area_paths
        WHERE below IN (SELECT below FROM area_paths WHERE above = NEW.id)
          AND above IN (SELECT above FROM area_paths WHERE below = NEW.id AND above <> NEW.id);
    INSERT INTO area_paths (above, below, depth)
        SELECT up.above, down.below, up.depth + down.depth + 1
        FROM area_paths AS up, area_paths AS down
        WHERE up.below = NEW.parent AND down.above = NEW.id;
END;
CREATE TRIGGER areas_one_code_insert BEFORE INSERT ON areas
WHEN NEW.code IS NOT NULL AND EXISTS (
    SELECT 1 FROM areas WHERE code = NEW.code AND id <> NEW.id
      AND coalesce(valid_to, '9999') >= coalesce(NEW.valid_from, '')
      AND coalesce(valid_from, '') <= coalesce(NEW.valid_to, '9999'))
BEGIN SELECT RAISE(ABORT, 'rule: another area has this official code at the same time'); END;
CREATE TRIGGER areas_one_code_update BEFORE UPDATE OF code, valid_from, valid_to ON areas
WHEN NEW.code IS NOT NULL AND EXISTS (
    SELECT 1 FROM areas WHERE code = NEW.code AND id <> NEW.id
      AND coalesce(valid_to, '9999') >= coalesce(NEW.valid_from, '')
      AND coalesce(valid_from, '') <= coalesce(NEW.valid_to, '9999'))
BEGIN SELECT RAISE(ABORT, 'rule: another area has this official code at the same time'); END;
CREATE TRIGGER accounts_stay BEFORE DELETE ON accounts
BEGIN SELECT RAISE(ABORT, 'rule: an account is retired, never deleted'); END;
CREATE INDEX rights_area ON rights (area);
CREATE INDEX sessions_account ON sessions (account);
CREATE TRIGGER authors_no_update BEFORE UPDATE ON authors
BEGIN SELECT RAISE(ABORT, 'rule: who wrote something stays known'); END;
CREATE TRIGGER authors_no_delete BEFORE DELETE ON authors
BEGIN SELECT RAISE(ABORT, 'rule: who wrote something stays known'); END;
CREATE INDEX stations_area ON stations (area);
CREATE INDEX zones_village ON zones (village);
CREATE INDEX zones_output ON zones (station, output);
CREATE INDEX enrolments_station ON enrolments (station);
CREATE TRIGGER enrolments_once BEFORE UPDATE ON enrolments
WHEN OLD.used_us <> 0 AND NEW.used_us IS NOT OLD.used_us
BEGIN SELECT RAISE(ABORT, 'rule: an enrolment code is used once'); END;
CREATE UNIQUE INDEX devices_one_lives ON devices (station) WHERE revoked_us = 0;
CREATE INDEX devices_station ON devices (station, enrolled_us);
CREATE TRIGGER devices_stay_revoked BEFORE UPDATE ON devices
WHEN OLD.revoked_us <> 0
BEGIN SELECT RAISE(ABORT, 'rule: a revoked device stays revoked'); END;
CREATE TRIGGER devices_stay BEFORE DELETE ON devices
BEGIN SELECT RAISE(ABORT, 'rule: a device is revoked, never deleted'); END;
CREATE TRIGGER objects_fixed BEFORE UPDATE ON objects
BEGIN SELECT RAISE(ABORT, 'rule: what was measured of an object is never changed'); END;
CREATE INDEX announcements_home ON announcements (home);
CREATE INDEX announcement_areas_area ON announcement_areas (area);
CREATE UNIQUE INDEX versions_language ON versions (announcement, coalesce(language, ''));
CREATE INDEX versions_object ON versions (object);
CREATE INDEX versions_approval ON versions (approval);
CREATE INDEX approvals_version ON approvals (version);
CREATE INDEX approvals_announcement ON approvals (announcement);
CREATE INDEX approvals_object ON approvals (object);
CREATE TRIGGER announcements_author_insert AFTER INSERT ON announcements
BEGIN INSERT INTO authors VALUES (NEW.id, NEW.changed_by) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER announcements_author_update
AFTER UPDATE OF kind, title, category, class, source_number, source_issuer, source_date,
                valid_from_us, valid_until_us, home, revision ON announcements
BEGIN INSERT INTO authors VALUES (NEW.id, NEW.changed_by) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER versions_author_insert AFTER INSERT ON versions
BEGIN INSERT INTO authors VALUES (NEW.id, NEW.author) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER versions_author_update
AFTER UPDATE OF language, object, script, script_hash, announcer, author ON versions
BEGIN INSERT INTO authors VALUES (NEW.id, NEW.author) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER versions_begin BEFORE INSERT ON versions
WHEN NEW.state <> 'draft' OR NEW.approval IS NOT NULL OR NEW.checker IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'rule: a version begins as a draft'); END;
CREATE TRIGGER versions_kind_insert BEFORE INSERT ON versions
WHEN (NEW.language IS NULL) <> ((SELECT kind FROM announcements WHERE id = NEW.announcement) = 'signal')
BEGIN SELECT RAISE(ABORT, 'rule: a bulletin''s version has a language, a signal''s has none'); END;
CREATE TRIGGER versions_kind_update BEFORE UPDATE OF language, announcement ON versions
WHEN (NEW.language IS NULL) <> ((SELECT kind FROM announcements WHERE id = NEW.announcement) = 'signal')
BEGIN SELECT RAISE(ABORT, 'rule: a bulletin''s version has a language, a signal''s has none'); END;
CREATE TRIGGER announcements_kind_fixed BEFORE UPDATE OF kind ON announcements
WHEN NEW.kind <> OLD.kind
BEGIN SELECT RAISE(ABORT, 'rule: a bulletin does not become a signal, nor a signal a bulletin'); END;
CREATE TRIGGER versions_check BEFORE UPDATE OF state, checker ON versions
WHEN NEW.state = 'checked' AND (NEW.checker IS NULL OR NEW.checker IS NEW.announcer
    OR EXISTS (SELECT 1 FROM authors WHERE object = NEW.id AND account = NEW.checker))
BEGIN SELECT RAISE(ABORT, 'rule: the language is checked by somebody who neither wrote nor announced it'); END;
CREATE TRIGGER versions_approve BEFORE UPDATE OF state, approval ON versions
WHEN NEW.state = 'approved' AND NOT EXISTS (
    SELECT 1 FROM approvals WHERE hash = NEW.approval AND version = NEW.id AND voided_us = 0
      AND object = NEW.object AND script_hash IS NEW.script_hash AND language IS NEW.language)
BEGIN SELECT RAISE(ABORT, 'rule: a version is approved by an approval of exactly its audio and script'); END;
CREATE TRIGGER approvals_second_person BEFORE INSERT ON approvals
WHEN EXISTS (SELECT 1 FROM authors
             WHERE account = NEW.approver AND object IN (NEW.announcement, NEW.version))
  OR EXISTS (SELECT 1 FROM versions WHERE id = NEW.version AND announcer = NEW.approver)
BEGIN SELECT RAISE(ABORT, 'rule: nobody approves what they wrote, announced or recorded'); END;
CREATE TRIGGER approvals_of_what_is BEFORE INSERT ON approvals
WHEN NEW.voided_us <> 0 OR NOT EXISTS (
    SELECT 1 FROM versions AS v JOIN announcements AS a ON a.id = v.announcement
    WHERE v.id = NEW.version AND a.id = NEW.announcement AND v.object = NEW.object
      AND v.script_hash IS NEW.script_hash AND v.language IS NEW.language
      AND a.class = NEW.class AND a.withdrawn = 0
      AND (v.state = 'checked' OR (a.kind = 'signal' AND v.state IN ('draft', 'returned'))))
BEGIN SELECT RAISE(ABORT, 'rule: approved is only what is there, with its language checked, and not withdrawn'); END;
CREATE TRIGGER approvals_take_effect AFTER INSERT ON approvals
BEGIN
    UPDATE versions SET state = 'approved', approval = NEW.hash, note = '' WHERE id = NEW.version;
END;
CREATE TRIGGER approvals_fixed BEFORE UPDATE ON approvals
WHEN OLD.voided_us <> 0 OR NEW.voided_us = 0 OR NEW.hash <> OLD.hash
  OR NEW.announcement <> OLD.announcement OR NEW.version <> OLD.version
  OR NEW.object <> OLD.object OR NEW.script_hash IS NOT OLD.script_hash
  OR NEW.language IS NOT OLD.language OR NEW.class <> OLD.class
  OR NEW.approver <> OLD.approver OR NEW.approved_us <> OLD.approved_us
BEGIN SELECT RAISE(ABORT, 'rule: an approval is never changed, only made void'); END;
CREATE TRIGGER approvals_stay BEFORE DELETE ON approvals
WHEN OLD.approved_us >= (SELECT floor_us FROM retention)
BEGIN SELECT RAISE(ABORT, 'rule: an approval is kept for the retention time'); END;
CREATE TRIGGER versions_changed
AFTER UPDATE OF object, script, script_hash, language, announcer ON versions
WHEN NEW.object IS NOT OLD.object OR NEW.script IS NOT OLD.script
  OR NEW.script_hash IS NOT OLD.script_hash OR NEW.language IS NOT OLD.language
  OR NEW.announcer IS NOT OLD.announcer
BEGIN
    UPDATE approvals SET voided_us = NEW.changed_us WHERE version = NEW.id AND voided_us = 0;
    UPDATE versions SET state = 'draft', approval = NULL, checker = NULL, checked_us = 0
        WHERE id = NEW.id;
END;
CREATE TRIGGER versions_returned AFTER UPDATE OF state, approval ON versions
WHEN OLD.state = 'approved' AND NEW.state <> 'approved'
BEGIN
    UPDATE approvals SET voided_us = NEW.changed_us WHERE version = NEW.id AND voided_us = 0;
END;
CREATE TRIGGER announcements_changed
AFTER UPDATE OF title, class, source_number, source_issuer, source_date, valid_from_us,
                valid_until_us, withdrawn ON announcements
WHEN (OLD.withdrawn = 1 AND NEW.withdrawn = 0) OR NEW.title <> OLD.title OR NEW.class <> OLD.class OR NEW.source_number <> OLD.source_number
  OR NEW.source_issuer <> OLD.source_issuer OR NEW.source_date <> OLD.source_date
  OR NEW.valid_from_us <> OLD.valid_from_us OR NEW.valid_until_us <> OLD.valid_until_us
BEGIN
    UPDATE approvals SET voided_us = NEW.changed_us
        WHERE announcement = NEW.id AND voided_us = 0;
    UPDATE versions SET state = CASE WHEN checker IS NULL THEN 'draft' ELSE 'checked' END,
                        approval = NULL
        WHERE announcement = NEW.id AND state = 'approved';
END;
CREATE TRIGGER announcement_areas_more AFTER INSERT ON announcement_areas
BEGIN
    UPDATE approvals SET voided_us = (SELECT changed_us FROM announcements WHERE id = NEW.announcement)
        WHERE announcement = NEW.announcement AND voided_us = 0;
    UPDATE versions SET state = CASE WHEN checker IS NULL THEN 'draft' ELSE 'checked' END,
                        approval = NULL
        WHERE announcement = NEW.announcement AND state = 'approved';
END;
CREATE TRIGGER announcement_areas_fewer AFTER DELETE ON announcement_areas
BEGIN
    UPDATE approvals SET voided_us = (SELECT changed_us FROM announcements WHERE id = OLD.announcement)
        WHERE announcement = OLD.announcement AND voided_us = 0;
    UPDATE versions SET state = CASE WHEN checker IS NULL THEN 'draft' ELSE 'checked' END,
                        approval = NULL
        WHERE announcement = OLD.announcement AND state = 'approved';
END;
CREATE TRIGGER announcement_areas_fixed BEFORE UPDATE ON announcement_areas
BEGIN SELECT RAISE(ABORT, 'rule: an area is added or taken away'); END;
CREATE INDEX playlists_home ON playlists (home);
CREATE INDEX playlist_items_announcement ON playlist_items (announcement);
CREATE TRIGGER playlist_items_reserved BEFORE INSERT ON playlist_items
WHEN NEW.kind IN ('stream', 'line_in')
BEGIN SELECT RAISE(ABORT, 'rule: live sources are not in use yet'); END;
CREATE TRIGGER playlist_items_kind BEFORE INSERT ON playlist_items
WHEN NEW.announcement IS NOT NULL
 AND (NEW.kind = 'signal') <> ((SELECT kind FROM announcements WHERE id = NEW.announcement) = 'signal')
BEGIN SELECT RAISE(ABORT, 'rule: a signal item names a signal, an announcement item a bulletin'); END;
CREATE INDEX slots_home ON slots (home);
CREATE INDEX slots_playlist ON slots (playlist);
CREATE INDEX slot_targets_area ON slot_targets (area);
CREATE INDEX slot_targets_zone ON slot_targets (station, zone);
CREATE TRIGGER slot_targets_exist BEFORE INSERT ON slot_targets
WHEN NOT EXISTS (SELECT 1 FROM areas WHERE id = NEW.area)
 AND NOT EXISTS (SELECT 1 FROM zones WHERE station = NEW.station AND id = NEW.zone)
BEGIN SELECT RAISE(ABORT, 'missing: a target names an area or a zone that exists'); END;
CREATE TRIGGER areas_targeted BEFORE DELETE ON areas
WHEN EXISTS (SELECT 1 FROM slot_targets WHERE area = OLD.id)
BEGIN SELECT RAISE(ABORT, 'in use: a slot names this area'); END;
CREATE TRIGGER zones_targeted BEFORE DELETE ON zones
WHEN EXISTS (SELECT 1 FROM slot_targets WHERE station = OLD.station AND zone = OLD.id)
BEGIN SELECT RAISE(ABORT, 'in use: a slot names this zone'); END;
CREATE INDEX slot_overrides_playlist ON slot_overrides (playlist);
CREATE INDEX slot_choices_slot ON slot_choices (slot);
CREATE TRIGGER playlists_author_insert AFTER INSERT ON playlists
BEGIN INSERT INTO authors VALUES (NEW.id, NEW.author) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER playlists_author_update AFTER UPDATE OF author, revision ON playlists
BEGIN INSERT INTO authors VALUES (NEW.id, NEW.author) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER slots_author_insert AFTER INSERT ON slots
BEGIN INSERT INTO authors VALUES (NEW.id, NEW.author) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER slots_author_update AFTER UPDATE OF author, content ON slots
BEGIN INSERT INTO authors VALUES (NEW.id, NEW.author) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER slot_overrides_author_insert AFTER INSERT ON slot_overrides
BEGIN INSERT INTO authors VALUES (NEW.slot || ' ' || NEW.date, NEW.author) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER slot_overrides_author_update AFTER UPDATE OF author, content ON slot_overrides
BEGIN INSERT INTO authors VALUES (NEW.slot || ' ' || NEW.date, NEW.author) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER slots_begin BEFORE INSERT ON slots
WHEN NEW.approved IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'rule: a slot begins without approval'); END;
CREATE TRIGGER slots_approve BEFORE UPDATE OF approved, approver ON slots
WHEN NEW.approved IS NOT NULL AND (NEW.approved <> NEW.content OR EXISTS (
    SELECT 1 FROM authors WHERE account = NEW.approver AND object IN (NEW.id, NEW.playlist)))
BEGIN SELECT RAISE(ABORT, 'rule: a slot is approved, as it stands, by somebody who wrote neither it nor its playlist'); END;
CREATE TRIGGER slot_overrides_begin BEFORE INSERT ON slot_overrides
WHEN NEW.approver IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'rule: a change of a date begins without approval'); END;
CREATE TRIGGER slot_overrides_approve BEFORE UPDATE OF approver ON slot_overrides
WHEN NEW.approver IS NOT NULL AND EXISTS (
    SELECT 1 FROM authors WHERE account = NEW.approver
      AND object IN (NEW.slot || ' ' || NEW.date, NEW.playlist))
BEGIN SELECT RAISE(ABORT, 'rule: a change of a date is approved by somebody who wrote neither it nor its playlist'); END;
CREATE TRIGGER slots_changed
AFTER UPDATE OF playlist, class, tzid, first_date, local_min, local_s, rule, until, length_s,
                priority, gain_mdb, policy, block_order ON slots
WHEN NEW.playlist <> OLD.playlist OR NEW.class <> OLD.class OR NEW.tzid <> OLD.tzid
  OR NEW.first_date <> OLD.first_date OR NEW.local_min <> OLD.local_min
  OR NEW.local_s <> OLD.local_s OR NEW.rule <> OLD.rule OR NEW.until IS NOT OLD.until
  OR NEW.length_s <> OLD.length_s OR NEW.priority <> OLD.priority
  OR NEW.gain_mdb <> OLD.gain_mdb OR NEW.policy <> OLD.policy
  OR NEW.block_order <> OLD.block_order
BEGIN UPDATE slots SET approved = NULL, approver = NULL, approved_us = 0 WHERE id = NEW.id; END;
CREATE TRIGGER slots_not_restarted BEFORE UPDATE OF stopped ON slots
WHEN OLD.stopped = 1 AND NEW.stopped = 0 AND NEW.approved IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'rule: a stopped slot starts again only with a new approval'); END;
CREATE TRIGGER slot_targets_more AFTER INSERT ON slot_targets
BEGIN UPDATE slots SET approved = NULL, approver = NULL, approved_us = 0 WHERE id = NEW.slot; END;
CREATE TRIGGER slot_targets_fewer AFTER DELETE ON slot_targets
BEGIN UPDATE slots SET approved = NULL, approver = NULL, approved_us = 0 WHERE id = OLD.slot; END;
CREATE TRIGGER slot_targets_fixed BEFORE UPDATE ON slot_targets
BEGIN SELECT RAISE(ABORT, 'rule: a target is added or taken away'); END;
CREATE TRIGGER slot_dates_more AFTER INSERT ON slot_dates
BEGIN UPDATE slots SET approved = NULL, approver = NULL, approved_us = 0 WHERE id = NEW.slot; END;
CREATE TRIGGER slot_dates_fewer AFTER DELETE ON slot_dates
BEGIN UPDATE slots SET approved = NULL, approver = NULL, approved_us = 0 WHERE id = OLD.slot; END;
CREATE TRIGGER slot_dates_fixed BEFORE UPDATE ON slot_dates
BEGIN SELECT RAISE(ABORT, 'rule: a date is added or taken away'); END;
CREATE TRIGGER slot_overrides_silent BEFORE UPDATE OF cancelled ON slot_overrides
WHEN OLD.cancelled = 1 AND NEW.cancelled = 0 AND NEW.approver IS NULL
BEGIN SELECT RAISE(ABORT, 'rule: a cancelled date sounds again only when a second person approves it'); END;
CREATE TRIGGER slot_overrides_stay BEFORE DELETE ON slot_overrides
WHEN OLD.cancelled = 1
BEGIN SELECT RAISE(ABORT, 'rule: a cancelled date sounds again only when a second person approves it'); END;
CREATE TRIGGER slot_overrides_changed AFTER UPDATE OF playlist, content ON slot_overrides
WHEN NEW.playlist IS NOT OLD.playlist OR NEW.content <> OLD.content
BEGIN
    UPDATE slot_overrides SET approver = NULL, approved_us = 0
        WHERE slot = NEW.slot AND date = NEW.date;
END;
CREATE TRIGGER playlist_items_more AFTER INSERT ON playlist_items
BEGIN
    UPDATE slots SET approved = NULL, approver = NULL, approved_us = 0
        WHERE playlist = NEW.playlist AND approved IS NOT NULL;
    UPDATE slot_overrides SET approver = NULL, approved_us = 0
        WHERE playlist = NEW.playlist AND approver IS NOT NULL;
END;
CREATE TRIGGER playlist_items_other AFTER UPDATE ON playlist_items
BEGIN
    UPDATE slots SET approved = NULL, approver = NULL, approved_us = 0
        WHERE playlist IN (OLD.playlist, NEW.playlist) AND approved IS NOT NULL;
    UPDATE slot_overrides SET approver = NULL, approved_us = 0
        WHERE playlist IN (OLD.playlist, NEW.playlist) AND approver IS NOT NULL;
END;
CREATE TRIGGER playlist_items_fewer AFTER DELETE ON playlist_items
BEGIN
    UPDATE slots SET approved = NULL, approver = NULL, approved_us = 0
        WHERE playlist = OLD.playlist AND approved IS NOT NULL;
    UPDATE slot_overrides SET approver = NULL, approved_us = 0
        WHERE playlist = OLD.playlist AND approver IS NOT NULL;
END;
CREATE INDEX outbox_station ON outbox (station, id);
CREATE TRIGGER documents_fixed BEFORE UPDATE ON documents
BEGIN SELECT RAISE(ABORT, 'rule: a document is never changed'); END;
CREATE INDEX manifests_hash ON manifests (hash);
CREATE INDEX manifests_settings ON manifests (settings);
CREATE INDEX manifests_keys ON manifests (keys);
CREATE TRIGGER manifests_rise BEFORE INSERT ON manifests
WHEN EXISTS (SELECT 1 FROM manifests WHERE station = NEW.station AND version >= NEW.version)
BEGIN SELECT RAISE(ABORT, 'conflict: a manifest of this version or above was issued already'); END;
CREATE TRIGGER manifests_fixed BEFORE UPDATE ON manifests
BEGIN SELECT RAISE(ABORT, 'rule: what was issued is never changed'); END;
CREATE TRIGGER manifests_stay BEFORE DELETE ON manifests
WHEN OLD.issued_us >= (SELECT floor_us FROM retention)
BEGIN SELECT RAISE(ABORT, 'rule: what was issued is kept for the retention time'); END;
CREATE INDEX manifest_days_hash ON manifest_days (hash);
CREATE TRIGGER manifest_days_fixed BEFORE UPDATE ON manifest_days
BEGIN SELECT RAISE(ABORT, 'rule: what was issued is never changed'); END;
CREATE TRIGGER manifest_days_stay BEFORE DELETE ON manifest_days
WHEN EXISTS (SELECT 1 FROM manifests WHERE station = OLD.station AND version = OLD.version
             AND issued_us >= (SELECT floor_us FROM retention))
BEGIN SELECT RAISE(ABORT, 'rule: what was issued is kept for the retention time'); END;
CREATE INDEX station_names_hash ON station_names (hash);
CREATE TRIGGER acceptances_fixed BEFORE UPDATE ON acceptances
BEGIN SELECT RAISE(ABORT, 'rule: what a station accepted is never changed'); END;
CREATE TRIGGER documents_stay BEFORE DELETE ON documents
WHEN OLD.created_us >= (SELECT floor_us FROM retention)
BEGIN SELECT RAISE(ABORT, 'rule: a document is kept for the retention time'); END;
CREATE INDEX records_planned ON records (station, planned_start_us);
CREATE INDEX records_at ON records (station, at_us);
CREATE TRIGGER records_fixed BEFORE UPDATE ON records
BEGIN SELECT RAISE(ABORT, 'rule: a record is never changed'); END;
CREATE TRIGGER records_stay BEFORE DELETE ON records
WHEN OLD.received_us >= (SELECT floor_us FROM retention)
BEGIN SELECT RAISE(ABORT, 'rule: a record is kept for the retention time'); END;
CREATE INDEX alarms_standing ON alarms (cleared_us, at_us);
CREATE INDEX heartbeat_history_received ON heartbeat_history (received_us);
CREATE TRIGGER objects_named BEFORE DELETE ON objects
WHEN EXISTS (SELECT 1 FROM station_names WHERE hash = OLD.hash)
  OR EXISTS (SELECT 1 FROM records WHERE object = OLD.hash)
BEGIN SELECT RAISE(ABORT, 'in use: a day plan or a record names this audio'); END;
COMMIT;
PRAGMA application_id = 1282367827;
PRAGMA user_version = 1;
