/* temp-store.c - see temp-store.h */
#include "tests/support/temp-store.h"

#include "content/base/id.h"
#include "scheduler/store/accounts.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/stations.h"
#include "scheduler/store/windows.h"

#include <glib/gstdio.h>
#include <string.h>

/* clang-format off */
static const struct { const char *id, *parent; SchedAreaKind kind; const char *name; } areas[] = {
    { "gia-lai",  NULL,      SCHED_AREA_PROVINCE, "Gia Lai"  },
    { "chu-puh",  "gia-lai", SCHED_AREA_DISTRICT, "Chư Pưh"  },
    { "ia-le",    "chu-puh", SCHED_AREA_COMMUNE,  "Ia Le"    },
    { "ia-le-a",  "ia-le",   SCHED_AREA_VILLAGE,  "Làng A"   },
    { "ia-le-b",  "ia-le",   SCHED_AREA_VILLAGE,  "Làng B"   },
    { "ia-blu",   "chu-puh", SCHED_AREA_COMMUNE,  "Ia Blứ"   },
    { "ia-blu-a", "ia-blu",  SCHED_AREA_VILLAGE,  "Làng A"   },
};
static const struct { const char *station, *id, *village, *languages; } zones[] = {
    { "ia-le",  "a", "ia-le-a",  "jra vi" },
    { "ia-le",  "b", "ia-le-b",  "bdq vi" },
    { "ia-blu", "a", "ia-blu-a", "jra"    },
};
static const struct { const char *id; SchedRole role; } accounts[] = {
    { "editor",     SCHED_ROLE_EDITOR     },
    { "editor-2",   SCHED_ROLE_EDITOR     },
    { "reader",     SCHED_ROLE_REVIEWER   },
    { "approver",   SCHED_ROLE_APPROVER   },
    { "approver-2", SCHED_ROLE_APPROVER   },
    { "technician", SCHED_ROLE_TECHNICIAN },
};
/* clang-format on */

TempStore *
temp_store_new(void)
{
    TempStore *self = g_new0(TempStore, 1);
    g_autoptr(GError) error = NULL;

    self->folder = g_dir_make_tmp("loa-store-XXXXXX", &error);
    g_assert_no_error(error);
    self->path = g_build_filename(self->folder, "district.db", NULL);
    self->store = sched_store_open(self->path, NULL, &error);
    g_assert_no_error(error);
    return self;
}

static gboolean
fill_work(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_fill(txn);
    return TRUE;
}

TempStore *
temp_store_new_district(void)
{
    TempStore *self = temp_store_new();

    temp_store_run(self, fill_work, NULL);
    return self;
}

void
temp_store_remove_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        g_assert_cmpint(g_remove(path), ==, 0);
    }
    g_assert_cmpint(g_rmdir(folder), ==, 0);
}

void
temp_store_free(TempStore *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->store, sched_store_free);
    temp_store_remove_folder(self->folder);
    g_free(self->folder);
    g_free(self->path);
    g_free(self);
}

void
temp_store_reopen(TempStore *self)
{
    g_autoptr(GError) error = NULL;

    g_clear_pointer(&self->store, sched_store_free);
    self->store = sched_store_open(self->path, NULL, &error);
    g_assert_no_error(error);
}

void
temp_store_run(TempStore *self, SchedWork body, gpointer data)
{
    const SchedWrite write = {.actor = "tester", .at_us = TEMP_STORE_NOW_US};
    g_autoptr(GError) error = NULL;
    gboolean ok = sched_store_write(self->store, &write, body, data, NULL, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
}

void
temp_store_look(TempStore *self, SchedWork body, gpointer data)
{
    g_autoptr(GError) error = NULL;
    gboolean ok = sched_store_read(self->store, body, data, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
}

void
temp_store_as(SchedTxn *txn, const char *actor, gint64 at_us)
{
    /* The write is the writer's own copy for this piece of work, so it may be told otherwise.
     */
    SchedWrite *write = (SchedWrite *) txn->write;

    g_free((char *) write->actor);
    write->actor = g_strdup(actor);
    write->at_us = at_us;
}

void
temp_store_exec(SchedTxn *txn, const char *sql)
{
    g_autoptr(GError) error = NULL;

    sched_connection_exec(txn->connection, sql, &error);
    g_assert_no_error(error);
}

char *
temp_store_hash(const char *text)
{
    return content_sha256_hex(text, strlen(text));
}

static void
fill_station(SchedTxn *txn, const char *id)
{
    g_autoptr(SchedStationRow) station = sched_station_row_new();
    const SchedOutputRow output = {(char *) id, (char *) "main", (char *) "Loa"};

    station->id = g_strdup(id);
    station->name = g_strdup(id);
    station->area = g_strdup(id);
    assert_done(sched_store_station_put(txn, station, &problem));
    assert_done(sched_store_output_put(txn, &output, &problem));
}

static void
fill_zone(SchedTxn *txn, guint i)
{
    g_auto(GStrv) languages = g_strsplit(zones[i].languages, " ", -1);
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    const SchedZoneRow zone = {(char *) zones[i].station, (char *) zones[i].id,
                               (char *) "main",           (char *) zones[i].village,
                               (char *) zones[i].village, list};

    for (guint l = 0; languages[l] != NULL; l++)
        g_ptr_array_add(list, languages[l]);
    assert_done(sched_store_zone_put(txn, &zone, &problem));
}

static void
fill_account(SchedTxn *txn, guint i)
{
    const char *id = accounts[i].id;
    const SchedAccountRow account = {(char *) id, (char *) id, (char *) id, (char *) "$hash"};
    const SchedRightRow right = {(char *) id, (gint) accounts[i].role, (char *) "chu-puh",
                                 (char *) "", 0};

    assert_done(sched_store_account_add(txn, &account, &problem));
    assert_done(sched_store_right_grant(txn, &right, &problem));
}

void
temp_store_fill(SchedTxn *txn)
{
    g_autoptr(GPtrArray) windows = g_ptr_array_new();
    SchedWindowRow window = {(char *) "gia-lai", 0, 127, 300, 1260};

    for (guint i = 0; i < G_N_ELEMENTS(areas); i++) {
        const SchedAreaRow area = {.id = (char *) areas[i].id,
                                   .parent = (char *) areas[i].parent,
                                   .kind = (gint) areas[i].kind,
                                   .name = (char *) areas[i].name};

        assert_done(sched_store_area_put(txn, &area, &problem));
    }
    fill_station(txn, "ia-le");
    fill_station(txn, "ia-blu");
    for (guint i = 0; i < G_N_ELEMENTS(zones); i++)
        fill_zone(txn, i);
    for (guint i = 0; i < G_N_ELEMENTS(accounts); i++)
        fill_account(txn, i);
    g_ptr_array_add(windows, &window);
    assert_done(sched_store_windows_set(txn, "gia-lai", windows, 240, &problem));
}
