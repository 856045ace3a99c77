/*
 * desk-fixture.h - a district's whole line under test, with a station made of a connection.
 *
 * Flow: real store, real mosquitto, our own desk; the station speaks MQTT with its certificate
 * and signs its documents as a player would, and what it hears is verified before it is read.
 */
#pragma once

#include "scheduler/publish/desk.h"
#include "tests/support/station-line.h"
#include "tests/support/temp-store.h"

#define DESK_STATION "ia-le"
#define DESK_OTHER   "ia-blu"

typedef struct {
    TempStore *temp;
    char *folder;
    ContentClock *clock;
    SchedAuthority *authority;
    SchedKeys *keys;
    ContentSealKey *root;
    ContentSealKey *station_key;
    SchedDesk *desk;
    guint port;
    GString *said;     /* a line for each thing that the desk told */
    GString *troubles; /* a line for each thing that it could not do, or refused */
    guint n_up;        /* brokers connected */
} DeskFixture;

/** desk_set_up: two stations enrolled, the desk connected, the first manifest issued */
void desk_set_up(DeskFixture *f, gconstpointer data);
void desk_tear_down(DeskFixture *f, gconstpointer data);

/** desk_start: @uri: (nullable): of a broker that runs already; NULL: our own */
void desk_start(DeskFixture *f, const char *uri);

TestStation *desk_connect(DeskFixture *f, const char *station);

/** desk_say_hello: of DESK_STATION, which holds @version and knows the first keys */
void desk_say_hello(DeskFixture *f, TestStation *line, gint64 version, gint64 floor);
void desk_say_hello_knowing(DeskFixture *f, TestStation *line, gint64 version, gint64 floor,
                            gint64 keys_version);
void desk_say_hello_with(DeskFixture *f, TestStation *line, gint64 version, gint64 floor,
                         gint64 keys_version, gint64 acked_seq);

/** desk_batch: Returns: (transfer full): one record, signed by @key, numbered 1 or @seq */
GBytes *desk_batch(const ContentSealKey *key);
GBytes *desk_batch_from(const ContentSealKey *key, gint64 seq);
void desk_say_records(DeskFixture *f, TestStation *line);

/**
 * desk_next_heard: waits for the next message, which must be on @what and signed by the key
 * of @role
 *
 * Returns: (transfer full): the document of @type
 */
gpointer desk_next_heard(DeskFixture *f, TestStation *line, const char *what, ContentRole role,
                         const ContentDocumentType *type);
void desk_expect_manifest(DeskFixture *f, TestStation *line, gint64 version);
void desk_expect_ack(DeskFixture *f, TestStation *line, gint64 seq);

typedef struct {
    const char *station, *name;
} DeskRename;

/** desk_rename_station: a #SchedWork of a #DeskRename: a change that concerns the station */
gboolean desk_rename_station(SchedTxn *txn, gpointer data, GError **error);
