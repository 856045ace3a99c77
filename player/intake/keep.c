/*
 * keep.c - see keep.h
 *
 * What belongs together changes in one transaction: a manifest and its floor, a keys document
 * and the floors it voids. Bytes are stored as received and hashed again when they are read.
 */
#include "player/intake/keep.h"

#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>

#include "content/base/files.h"
#include "content/base/id.h"
#include "content/heartbeat.h"
#include "player/intake/verify.h"

struct PlayKeep {
    sqlite3 *db;
    ContentObjectStore *objects;
    char *objects_folder;
};

/* clang-format off */
static const char *const migrations[] = {
    /* Single values: station, root_key, manifest, previous_manifest, keys, places,
     * test_order (when the newest one was issued, as text). */
    "CREATE TABLE single (name TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;"
    "CREATE TABLE floor (key TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT;"
    "CREATE TABLE day (date TEXT PRIMARY KEY, hash TEXT NOT NULL) STRICT;"
    "CREATE TABLE document (hash TEXT PRIMARY KEY, type TEXT NOT NULL, bytes BLOB NOT NULL) STRICT",
    /* Alerts and stops, told and remembered. */
    "CREATE TABLE told (n INTEGER PRIMARY KEY, id TEXT NOT NULL, is_stop INTEGER NOT NULL,"
    " is_over INTEGER NOT NULL, until_us INTEGER NOT NULL, bytes BLOB NOT NULL,"
    " UNIQUE (id, is_stop)) STRICT",
    NULL,
};

static const char sql_get_single[] = "SELECT bytes FROM single WHERE name = $name";
static const char sql_set_single[] =
    "INSERT INTO single (name, bytes) VALUES ($name, $bytes)"
    " ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes";
static const char sql_shift_manifest[] =
    "INSERT INTO single (name, bytes) SELECT 'previous_manifest', bytes FROM single"
    " WHERE name = 'manifest' AND bytes <> $bytes"
    " ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes";
static const char sql_raise_floor[] =
    "INSERT INTO floor (key, version) VALUES ($key, $version)"
    " ON CONFLICT (key) DO UPDATE SET version = max(version, excluded.version)";
static const char sql_forget_floor[] = "DELETE FROM floor WHERE key = $key";
static const char sql_floors[] = "SELECT key, version FROM floor ORDER BY key";
static const char sql_put_document[] =
    "INSERT INTO document (hash, type, bytes) VALUES ($hash, $type, $bytes)"
    " ON CONFLICT (hash) DO NOTHING";
static const char sql_has_document[] = "SELECT 1 FROM document WHERE hash = $hash";
static const char sql_get_document[] = "SELECT bytes FROM document WHERE hash = $hash";
static const char sql_drop_document[] = "DELETE FROM document WHERE hash = $hash";
static const char sql_drop_signed[] =
    "DELETE FROM document WHERE type IN ('approval', 'grant')";
static const char sql_document_hashes[] = "SELECT hash FROM document";
static const char sql_put_day[] = "INSERT INTO day (date, hash) VALUES ($date, $hash)";
static const char sql_days[] = "SELECT date, hash FROM day ORDER BY date";
static const char sql_put_order[] =
    "INSERT INTO told (id, is_stop, is_over, until_us, bytes)"
    " VALUES ($id, $is_stop, 0, $until_us, $bytes) ON CONFLICT (id, is_stop) DO NOTHING";
static const char sql_end_order[] =
    "UPDATE told SET is_over = 1 WHERE id = $id AND is_stop = 0";
static const char sql_orders[] =
    "SELECT id, is_stop, is_over, until_us, bytes FROM told ORDER BY is_stop DESC, n";
static const char sql_forget_orders[] = "DELETE FROM told WHERE until_us <= $now_us";
static const char sql_forget_all[] =
    "DELETE FROM single; DELETE FROM floor; DELETE FROM day; DELETE FROM document;"
    " DELETE FROM told";
/* clang-format on */

/* ---- transactions ---- */

static gboolean
begin(PlayKeep *self, GError **error)
{
    return play_database_exec(self->db, "BEGIN IMMEDIATE", error);
}

/* Ends a transaction one way or the other. Returns: whether it was committed. */
static gboolean
end(PlayKeep *self, gboolean is_good, GError **error)
{
    if (is_good && play_database_exec(self->db, "COMMIT", error))
        return TRUE;
    sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
    g_prefix_error(error, "keep: ");
    return FALSE;
}

/* Runs a statement whose parameters are one text and, if wanted, bytes. */
static gboolean
run(PlayKeep *self, const char *sql, const char *name, const char *text, GBytes *bytes,
    GError **error)
{
    g_autoptr(PlayStatement) statement = play_database_prepare(self->db, sql, error);

    if (statement == NULL)
        return FALSE;
    if (name != NULL)
        play_database_bind_text(statement, name, text);
    if (bytes != NULL)
        play_database_bind_bytes(statement, "$bytes", bytes);
    return play_database_run(statement, error);
}

static GBytes *
get_single(PlayKeep *self, const char *name, GError **error)
{
    g_autoptr(PlayStatement) read = play_database_prepare(self->db, sql_get_single, error);

    if (read == NULL)
        return NULL;
    play_database_bind_text(read, "$name", name);
    if (play_database_step(read, error) != SQLITE_ROW)
        return NULL;
    return play_database_column_bytes(read, 0);
}

static gboolean
raise_floor(PlayKeep *self, const char *key_id, gint64 version, GError **error)
{
    g_autoptr(PlayStatement) raise = play_database_prepare(self->db, sql_raise_floor, error);

    if (raise == NULL)
        return FALSE;
    play_database_bind_text(raise, "$key", key_id);
    play_database_bind_int(raise, "$version", version);
    return play_database_run(raise, error);
}

/* ---- opening ---- */

static gboolean
is_same(GBytes *kept, const char *text)
{
    g_autoptr(GBytes) wanted = g_bytes_new(text, strlen(text));

    return kept != NULL && g_bytes_equal(kept, wanted);
}

static gboolean
set_text(PlayKeep *self, const char *name, const char *text, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

    return run(self, sql_set_single, "$name", name, bytes, error);
}

/* Under another root or name nothing of the old is vouched for any more. */
static gboolean
pin(PlayKeep *self, const char *station, const char *root_key, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GBytes) kept_station = get_single(self, "station", &why);
    g_autoptr(GBytes) kept_root = why == NULL ? get_single(self, "root_key", &why) : NULL;

    if (why != NULL) {
        g_propagate_error(error, g_steal_pointer(&why));
        return FALSE;
    }
    if (is_same(kept_station, station) && is_same(kept_root, root_key))
        return TRUE;
    return begin(self, error) && end(self,
                                     play_database_exec(self->db, sql_forget_all, error) &&
                                         set_text(self, "station", station, error) &&
                                         set_text(self, "root_key", root_key, error),
                                     error);
}

PlayKeep *
play_keep_open(const char *state_folder, const char *station, const char *root_key,
               GError **error)
{
    g_autoptr(PlayKeep) self = g_new0(PlayKeep, 1);
    g_autofree char *path = g_build_filename(state_folder, "keep.db", NULL);

    if (!content_files_make_folder(state_folder, 0700, error))
        return NULL;
    self->db = play_database_open(path, migrations, error);
    if (self->db == NULL) {
        g_prefix_error(error, "keep: ");
        return NULL;
    }
    self->objects_folder = g_build_filename(state_folder, "objects", NULL);
    self->objects = content_object_store_open(self->objects_folder, error);
    if (self->objects == NULL || !pin(self, station, root_key, error))
        return NULL;
    return g_steal_pointer(&self);
}

void
play_keep_free(PlayKeep *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->objects, content_object_store_free);
    play_database_close(self->db);
    g_free(self->objects_folder);
    g_free(self);
}

ContentObjectStore *
play_keep_objects(PlayKeep *self)
{
    return self->objects;
}

/* ---- documents ---- */

gboolean
play_keep_put_document(PlayKeep *self, const char *hash, const char *type, GBytes *bytes,
                       GError **error)
{
    g_autoptr(PlayStatement) put = play_database_prepare(self->db, sql_put_document, error);

    if (put == NULL)
        return FALSE;
    play_database_bind_text(put, "$hash", hash);
    play_database_bind_text(put, "$type", type);
    play_database_bind_bytes(put, "$bytes", bytes);
    return play_database_run(put, error);
}

gboolean
play_keep_has_document(PlayKeep *self, const char *hash)
{
    g_autoptr(PlayStatement) read = play_database_prepare(self->db, sql_has_document, NULL);

    if (read == NULL)
        return FALSE;
    play_database_bind_text(read, "$hash", hash);
    return play_database_step(read, NULL) == SQLITE_ROW;
}

GBytes *
play_keep_get_document(PlayKeep *self, const char *hash, GError **error)
{
    g_autoptr(PlayStatement) read = play_database_prepare(self->db, sql_get_document, error);
    g_autoptr(GBytes) bytes = NULL;
    g_autofree char *found = NULL;

    if (read == NULL)
        return NULL;
    play_database_bind_text(read, "$hash", hash);
    if (play_database_step(read, error) != SQLITE_ROW)
        return NULL;
    bytes = play_database_column_bytes(read, 0);
    g_clear_pointer(&read, sqlite3_finalize);
    found = content_sha256_hex(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    if (strcmp(found, hash) == 0)
        return g_steal_pointer(&bytes);
    /* A card that changed a bit: as good as not there. */
    run(self, sql_drop_document, "$hash", hash, NULL, error);
    return NULL;
}

static GPtrArray *
all_hashes(PlayKeep *self, GError **error)
{
    g_autoptr(GPtrArray) hashes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(PlayStatement) read = play_database_prepare(self->db, sql_document_hashes, error);
    int result = SQLITE_ERROR;

    if (read == NULL)
        return NULL;
    while ((result = play_database_step(read, error)) == SQLITE_ROW)
        g_ptr_array_add(hashes, play_database_column_text(read, 0));
    return result == SQLITE_ERROR ? NULL : g_steal_pointer(&hashes);
}

gint
play_keep_forget_documents(PlayKeep *self, GHashTable *keep, GError **error)
{
    g_autoptr(GPtrArray) hashes = all_hashes(self, error);
    gboolean is_good = TRUE;
    gint n_removed = 0;

    if (hashes == NULL || !begin(self, error))
        return -1;
    for (guint i = 0; is_good && i < hashes->len; i++) {
        if (g_hash_table_contains(keep, hashes->pdata[i]))
            continue;
        is_good = run(self, sql_drop_document, "$hash", hashes->pdata[i], NULL, error);
        n_removed++;
    }
    return end(self, is_good, error) ? n_removed : -1;
}

/* ---- alerts and stops ---- */

PlayKeptOrder *
play_kept_order_new(const char *id, gboolean is_stop, gint64 until_us, GBytes *envelope)
{
    PlayKeptOrder *order = g_new0(PlayKeptOrder, 1);

    order->id = g_strdup(id);
    order->is_stop = is_stop;
    order->until_us = until_us;
    order->envelope = g_bytes_ref(envelope);
    return order;
}

void
play_kept_order_free(PlayKeptOrder *order)
{
    if (order == NULL)
        return;
    g_free(order->id);
    g_bytes_unref(order->envelope);
    g_free(order);
}

gboolean
play_keep_put_order(PlayKeep *self, const PlayKeptOrder *order, GError **error)
{
    g_autoptr(PlayStatement) put = play_database_prepare(self->db, sql_put_order, error);

    if (put == NULL)
        return FALSE;
    play_database_bind_text(put, "$id", order->id);
    play_database_bind_int(put, "$is_stop", order->is_stop);
    play_database_bind_int(put, "$until_us", order->until_us);
    play_database_bind_bytes(put, "$bytes", order->envelope);
    return play_database_run(put, error);
}

gboolean
play_keep_end_order(PlayKeep *self, const char *alert, GError **error)
{
    return run(self, sql_end_order, "$id", alert, NULL, error);
}

GPtrArray *
play_keep_orders(PlayKeep *self, GError **error)
{
    g_autoptr(GPtrArray) orders =
        g_ptr_array_new_with_free_func((GDestroyNotify) play_kept_order_free);
    g_autoptr(PlayStatement) read = play_database_prepare(self->db, sql_orders, error);
    int result = SQLITE_ERROR;

    if (read == NULL)
        return NULL;
    while ((result = play_database_step(read, error)) == SQLITE_ROW) {
        g_autofree char *id = play_database_column_text(read, 0);
        g_autoptr(GBytes) envelope = play_database_column_bytes(read, 4);
        PlayKeptOrder *order = play_kept_order_new(id, sqlite3_column_int(read, 1) != 0,
                                                   sqlite3_column_int64(read, 3), envelope);

        order->is_over = sqlite3_column_int(read, 2) != 0;
        g_ptr_array_add(orders, order);
    }
    return result == SQLITE_ERROR ? NULL : g_steal_pointer(&orders);
}

gboolean
play_keep_forget_orders(PlayKeep *self, gint64 now_us, GError **error)
{
    g_autoptr(PlayStatement) forget = play_database_prepare(self->db, sql_forget_orders, error);

    if (forget == NULL)
        return FALSE;
    play_database_bind_int(forget, "$now_us", now_us);
    return play_database_run(forget, error);
}

/* ---- manifest, keys, floors ---- */

gboolean
play_keep_accept_manifest(PlayKeep *self, GBytes *envelope, const char *key_id, gint64 version,
                          GError **error)
{
    return begin(self, error) &&
           end(self,
               run(self, sql_shift_manifest, NULL, NULL, envelope, error) &&
                   run(self, sql_set_single, "$name", "manifest", envelope, error) &&
                   raise_floor(self, key_id, version, error),
               error);
}

GBytes *
play_keep_manifest(PlayKeep *self, GError **error)
{
    return get_single(self, "manifest", error);
}

GBytes *
play_keep_previous_manifest(PlayKeep *self, GError **error)
{
    return get_single(self, "previous_manifest", error);
}

gboolean
play_keep_accept_keys(PlayKeep *self, GBytes *envelope, const char *root_id, gint64 version,
                      GPtrArray *forget, gboolean drops_approvals, GError **error)
{
    gboolean is_good;

    if (!begin(self, error))
        return FALSE;
    is_good = run(self, sql_set_single, "$name", "keys", envelope, error) &&
              raise_floor(self, root_id, version, error);
    for (guint i = 0; is_good && i < forget->len; i++)
        is_good = run(self, sql_forget_floor, "$key", forget->pdata[i], NULL, error);
    if (is_good && drops_approvals)
        is_good = play_database_exec(self->db, sql_drop_signed, error);
    return end(self, is_good, error);
}

GBytes *
play_keep_keys(PlayKeep *self, GError **error)
{
    return get_single(self, "keys", error);
}

gboolean
play_keep_set_places(PlayKeep *self, const char *words, gboolean drops_approvals,
                     GError **error)
{
    return begin(self, error) &&
           end(self,
               set_text(self, "places", words, error) &&
                   (!drops_approvals || play_database_exec(self->db, sql_drop_signed, error)),
               error);
}

GBytes *
play_keep_places(PlayKeep *self, GError **error)
{
    return get_single(self, "places", error);
}

/* Returns: 0 if there was none; -1 with @error */
static gint64
newest_test_order(PlayKeep *self, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GBytes) kept = get_single(self, "test_order", &why);
    g_autofree char *text = NULL;
    gint64 issued_us = 0;

    if (why != NULL) {
        g_propagate_error(error, g_steal_pointer(&why));
        return -1;
    }
    if (kept == NULL)
        return 0;
    text = g_strndup(g_bytes_get_data(kept, NULL), g_bytes_get_size(kept));
    if (!g_ascii_string_to_signed(text, 10, 1, CONTENT_US_MAX, &issued_us, NULL)) {
        g_set_error(error, PLAY_DATABASE_ERROR, PLAY_DATABASE_ERROR_CORRUPT,
                    "keep: test_order is no time");
        return -1;
    }
    return issued_us;
}

gboolean
play_keep_take_test_order(PlayKeep *self, gint64 issued_us, GError **error)
{
    gint64 newest_us = newest_test_order(self, error);
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, issued_us);

    if (newest_us < 0)
        return FALSE;
    if (issued_us <= newest_us) {
        g_set_error_literal(error, PLAY_VERIFY_ERROR, PLAY_VERIFY_ERROR_REPEAT,
                            "test-order: it or a newer one was taken before");
        return FALSE;
    }
    return set_text(self, "test_order", text, error);
}

GPtrArray *
play_keep_floors(PlayKeep *self, GError **error)
{
    g_autoptr(GPtrArray) floors = g_ptr_array_new_with_free_func(content_floor_shape.free);
    g_autoptr(PlayStatement) read = play_database_prepare(self->db, sql_floors, error);
    int result = SQLITE_ERROR;

    if (read == NULL)
        return NULL;
    while ((result = play_database_step(read, error)) == SQLITE_ROW) {
        ContentFloor *floor = content_shape_new(&content_floor_shape);

        floor->key = play_database_column_text(read, 0);
        floor->version = sqlite3_column_int64(read, 1);
        g_ptr_array_add(floors, floor);
    }
    if (result == SQLITE_ERROR)
        return NULL;
    return g_steal_pointer(&floors);
}

/* ---- days in force ---- */

gboolean
play_keep_set_days(PlayKeep *self, GPtrArray *days, GError **error)
{
    g_autoptr(PlayStatement) put = play_database_prepare(self->db, sql_put_day, error);
    gboolean is_good;

    if (put == NULL || !begin(self, error))
        return FALSE;
    is_good = play_database_exec(self->db, "DELETE FROM day", error);
    for (guint i = 0; is_good && i < days->len; i++) {
        const ContentManifestDay *day = days->pdata[i];

        play_database_bind_text(put, "$date", day->date);
        play_database_bind_text(put, "$hash", day->hash);
        is_good = play_database_run(put, error);
    }
    return end(self, is_good, error);
}

GPtrArray *
play_keep_days(PlayKeep *self, GError **error)
{
    g_autoptr(GPtrArray) days = g_ptr_array_new_with_free_func(content_manifest_day_shape.free);
    g_autoptr(PlayStatement) read = play_database_prepare(self->db, sql_days, error);
    int result = SQLITE_ERROR;

    if (read == NULL)
        return NULL;
    while ((result = play_database_step(read, error)) == SQLITE_ROW) {
        ContentManifestDay *day = content_shape_new(&content_manifest_day_shape);

        day->date = play_database_column_text(read, 0);
        day->hash = play_database_column_text(read, 1);
        g_ptr_array_add(days, day);
    }
    return result == SQLITE_ERROR ? NULL : g_steal_pointer(&days);
}

gboolean
play_keep_space(PlayKeep *self, gint64 *out_free_bytes, gint64 *out_total_bytes, GError **error)
{
    struct statvfs status;

    if (statvfs(self->objects_folder, &status) != 0) {
        g_set_error(error, PLAY_DATABASE_ERROR, PLAY_DATABASE_ERROR_IO, "%s: %s",
                    self->objects_folder, g_strerror(errno));
        return FALSE;
    }
    *out_free_bytes = (gint64) (status.f_bavail * status.f_frsize);
    *out_total_bytes = (gint64) (status.f_blocks * status.f_frsize);
    return TRUE;
}
