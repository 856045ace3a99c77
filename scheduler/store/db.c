/* db.c - see db.h */
#include "scheduler/store/db.h"

#include "content/base/files.h"
#include "scheduler/store/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* Idle readers kept open; more may be open at one time. */
#define MAX_IDLE_READERS 4

struct SchedStore {
    char *path;
    int lock_fd;
    SchedWriter *writer;
    GMutex mutex;       /* guards readers */
    GPtrArray *readers; /* (element-type SchedConnection): idle ones */
};

/* Opening
 * -------------------------------------------------------------------------------------- */

static gboolean
take_lock(SchedStore *self, GError **error)
{
    g_autofree char *path = g_strconcat(self->path, ".lock", NULL);
    g_autoptr(GError) lock_error = NULL;

    self->lock_fd = content_files_lock(path, &lock_error);
    if (self->lock_fd >= 0)
        return TRUE;
    g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_LOCKED,
                        lock_error->message);
    return FALSE;
}

static SchedConnection *
open_writer(SchedStore *self, gint64 max_pages, GError **error)
{
    g_autoptr(SchedConnection) writer =
        sched_connection_open_writer(self->path, max_pages, error);

    if (writer == NULL)
        return NULL;
    /* We have the file to ourselves, so whoever held a lock is gone, and may have been killed:
     * its work must not rest until the lock runs out. */
    if (!sched_migrate(writer, error) ||
        !sched_connection_exec(writer, "DELETE FROM locks", error)) {
        g_prefix_error(error, "%s: ", self->path);
        return NULL;
    }
    return g_steal_pointer(&writer);
}

static void
store_clear(SchedStore *self)
{
    /* The readers go first, so that it is the writer that closes the WAL. */
    g_clear_pointer(&self->readers, g_ptr_array_unref);
    sched_writer_stop(self->writer);
    if (self->lock_fd >= 0)
        close(self->lock_fd);
    g_mutex_clear(&self->mutex);
    g_free(self->path);
    g_free(self);
}

SchedStore *
sched_store_open(const char *path, const SchedStoreOptions *options, GError **error)
{
    g_autoptr(SchedStore) self = g_new0(SchedStore, 1);
    g_autofree char *folder = g_path_get_dirname(path);
    SchedConnection *writer;

    self->path = g_strdup(path);
    self->lock_fd = -1;
    g_mutex_init(&self->mutex);
    self->readers = g_ptr_array_new_with_free_func((GDestroyNotify) sched_connection_free);
    if (!take_lock(self, error))
        return NULL;
    writer = open_writer(self, options == NULL ? 0 : options->max_pages, error);
    if (writer == NULL)
        return NULL;
    self->writer = sched_writer_start(writer);
    if (!content_files_sync_folder(folder, error))
        return NULL;
    return g_steal_pointer(&self);
}

void
sched_store_free(SchedStore *self)
{
    if (self != NULL)
        store_clear(self);
}

/* Writing
 * -------------------------------------------------------------------------------------- */

typedef struct {
    GMutex mutex;
    GCond cond;
    gboolean is_done;
    char *result;
    GError *error;
} Waiter;

static void
on_waited(gpointer user_data, const char *result, const GError *error)
{
    Waiter *waiter = user_data;

    g_mutex_lock(&waiter->mutex);
    waiter->result = g_strdup(result);
    waiter->error = error == NULL ? NULL : g_error_copy(error);
    waiter->is_done = TRUE;
    g_cond_signal(&waiter->cond);
    g_mutex_unlock(&waiter->mutex);
}

gboolean
sched_store_write(SchedStore *self, const SchedWrite *write, SchedWork work, gpointer data,
                  char **out_result, GError **error)
{
    Waiter waiter = {0};

    g_return_val_if_fail(!sched_writer_is_current(self->writer), FALSE);
    g_mutex_init(&waiter.mutex);
    g_cond_init(&waiter.cond);
    if (sched_writer_push(self->writer, write, work, data, on_waited, &waiter, &waiter.error)) {
        g_mutex_lock(&waiter.mutex);
        while (!waiter.is_done)
            g_cond_wait(&waiter.cond, &waiter.mutex);
        g_mutex_unlock(&waiter.mutex);
    }
    g_mutex_clear(&waiter.mutex);
    g_cond_clear(&waiter.cond);
    if (waiter.error != NULL) {
        g_propagate_error(error, waiter.error);
        return FALSE;
    }
    if (out_result != NULL)
        *out_result = g_steal_pointer(&waiter.result);
    g_free(waiter.result);
    return TRUE;
}

/* What a task of either kind carries. */
typedef struct {
    SchedWork work;
    gpointer data;
    GDestroyNotify free_data;
} TaskWork;

static void
task_work_free(gpointer user_data)
{
    TaskWork *work = user_data;

    if (work->free_data != NULL)
        work->free_data(work->data);
    g_free(work);
}

/* A store is no GObject, so the tasks have no source; the caller keeps the store until then. */
static GTask *
new_task(SchedWork work, gpointer data, GDestroyNotify free_data, gpointer tag,
         GAsyncReadyCallback callback, gpointer user_data)
{
    GTask *task = g_task_new(NULL, NULL, callback, user_data);
    TaskWork *carried = g_new0(TaskWork, 1);

    carried->work = work;
    carried->data = data;
    carried->free_data = free_data;
    g_task_set_task_data(task, carried, task_work_free);
    g_task_set_source_tag(task, tag);
    return task;
}

static void
on_task_written(gpointer user_data, const char *result, const GError *error)
{
    g_autoptr(GTask) task = user_data;

    if (error != NULL)
        g_task_return_error(task, g_error_copy(error));
    else
        g_task_return_pointer(task, g_strdup(result), g_free);
}

void
sched_store_write_async(SchedStore *self, const SchedWrite *write, SchedWork work,
                        gpointer data, GDestroyNotify free_data, GAsyncReadyCallback callback,
                        gpointer user_data)
{
    GTask *task = new_task(work, data, free_data, sched_store_write_async, callback, user_data);
    GError *error = NULL;

    if (!sched_writer_push(self->writer, write, work, data, on_task_written, task, &error)) {
        g_task_return_error(task, error);
        g_object_unref(task);
    }
}

gboolean
sched_store_write_finish(SchedStore *self, GAsyncResult *result, char **out_result,
                         GError **error)
{
    g_autoptr(GError) task_error = NULL;
    g_autofree char *text = NULL;

    g_return_val_if_fail(g_async_result_is_tagged(result, sched_store_write_async), FALSE);
    text = g_task_propagate_pointer(G_TASK(result), &task_error);
    if (task_error != NULL) {
        g_propagate_error(error, g_steal_pointer(&task_error));
        return FALSE;
    }
    if (out_result != NULL)
        *out_result = g_steal_pointer(&text);
    return TRUE;
}

/* Reading
 * -------------------------------------------------------------------------------------- */

static SchedConnection *
take_reader(SchedStore *self, GError **error)
{
    SchedConnection *reader = NULL;

    g_mutex_lock(&self->mutex);
    if (self->readers->len > 0)
        reader = g_ptr_array_steal_index_fast(self->readers, self->readers->len - 1);
    g_mutex_unlock(&self->mutex);
    return reader != NULL ? reader : sched_connection_open_reader(self->path, error);
}

static void
give_reader(SchedStore *self, SchedConnection *reader)
{
    g_mutex_lock(&self->mutex);
    if (self->readers->len < MAX_IDLE_READERS)
        g_ptr_array_add(self->readers, g_steal_pointer(&reader));
    g_mutex_unlock(&self->mutex);
    sched_connection_free(reader);
}

gboolean
sched_store_read(SchedStore *self, SchedWork work, gpointer data, GError **error)
{
    g_autoptr(SchedConnection) reader = take_reader(self, error);
    SchedTxn txn = {.connection = reader};
    gboolean ok;

    if (reader == NULL || !sched_connection_exec(reader, "BEGIN", error))
        return FALSE;
    ok = sched_sql_settle(&txn, work(&txn, data, error), error);
    g_free(txn.result);
    if (!sched_connection_exec(reader, "ROLLBACK", NULL))
        return ok; /* a connection in an unknown state is closed, not kept */
    give_reader(self, g_steal_pointer(&reader));
    return ok;
}

typedef struct {
    SchedStore *store;
    SchedWork work;
    gpointer data;
    GDestroyNotify free_data;
} ReadTask;

static void
read_task_free(gpointer user_data)
{
    ReadTask *read = user_data;

    if (read->free_data != NULL)
        read->free_data(read->data);
    g_free(read);
}

static void
run_read_task(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    ReadTask *read = task_data;
    GError *error = NULL;

    if (sched_store_read(read->store, read->work, read->data, &error))
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

void
sched_store_read_async(SchedStore *self, SchedWork work, gpointer data,
                       GDestroyNotify free_data, GAsyncReadyCallback callback,
                       gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(NULL, NULL, callback, user_data);
    ReadTask *read = g_new0(ReadTask, 1);

    read->store = self;
    read->work = work;
    read->data = data;
    read->free_data = free_data;
    g_task_set_task_data(task, read, read_task_free);
    g_task_set_source_tag(task, sched_store_read_async);
    g_task_run_in_thread(task, run_read_task);
}

gboolean
sched_store_read_finish(SchedStore *self, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_async_result_is_tagged(result, sched_store_read_async), FALSE);
    return g_task_propagate_boolean(G_TASK(result), error);
}

/* The transaction
 * ------------------------------------------------------------------------------ */

const char *
sched_txn_actor(SchedTxn *txn)
{
    return txn->write == NULL || txn->write->actor == NULL ? "" : txn->write->actor;
}

gint64
sched_txn_at_us(SchedTxn *txn)
{
    return txn->write == NULL ? 0 : txn->write->at_us;
}

void
sched_txn_declare(SchedTxn *txn)
{
    txn->is_declared = TRUE;
}

gboolean
sched_txn_is_declared(SchedTxn *txn)
{
    return txn->is_declared;
}

void
sched_txn_set_result(SchedTxn *txn, const char *text)
{
    g_free(txn->result);
    txn->result = g_strdup(text);
}

gint64
sched_store_n_commits(SchedStore *self)
{
    return sched_writer_n_commits(self->writer);
}

void
sched_store_on_outbox(SchedStore *self, GMainContext *context, SchedStoreHint hint,
                      gpointer user_data)
{
    sched_writer_on_outbox(self->writer, context, hint, user_data);
}

/* Whole-file work
 * ------------------------------------------------------------------------------ */

static gboolean
check_work(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) lines = sched_sql_texts(txn, "PRAGMA integrity_check(1)", error, "");
    gint64 n_broken = 0;

    if (lines == NULL)
        return FALSE;
    if (lines->len != 1 || g_strcmp0(g_ptr_array_index(lines, 0), "ok") != 0) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CORRUPT, "%s",
                    lines->len == 0 ? "no answer" : (char *) g_ptr_array_index(lines, 0));
        return FALSE;
    }
    if (!sched_sql_int(txn, "SELECT count(*) FROM pragma_foreign_key_check", &n_broken, error,
                       ""))
        return FALSE;
    if (n_broken > 0) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CORRUPT,
                    "%" G_GINT64_FORMAT " rows name something that does not exist", n_broken);
        return FALSE;
    }
    return TRUE;
}

gboolean
sched_store_check(SchedStore *self, GError **error)
{
    return sched_store_read(self, check_work, NULL, error);
}

/* VACUUM INTO does not sync what it wrote. */
static gboolean
sync_file(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int failed = fd < 0 || fsync(fd) != 0;
    int saved_errno = errno;

    if (fd >= 0)
        close(fd);
    if (failed)
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_IO, "syncing %s: %s", path,
                    g_strerror(saved_errno));
    return !failed;
}

/* link(2) and not rename(2), because it refuses to replace what stands there. */
static gboolean
publish_file(const char *part, const char *path, GError **error)
{
    if (link(part, path) == 0)
        return TRUE;
    g_set_error(error, SCHED_STORE_ERROR,
                errno == EEXIST ? SCHED_STORE_ERROR_CONFLICT : SCHED_STORE_ERROR_IO, "%s: %s",
                path, g_strerror(errno));
    return FALSE;
}

static gboolean
refuse_absent(const char *path, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
        return FALSE;
    g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND, "%s is not there", path);
    return TRUE;
}

gboolean
sched_store_check_file(const char *path, GError **error)
{
    g_autoptr(SchedConnection) reader = NULL;
    SchedTxn txn = {NULL};

    if (refuse_absent(path, error) ||
        (reader = sched_connection_open_reader(path, error)) == NULL)
        return FALSE;
    txn.connection = reader;
    return check_work(&txn, NULL, error);
}

static gboolean
vacuum_into(const char *from, const char *path, GError **error)
{
    g_autoptr(SchedConnection) reader = sched_connection_open_reader(from, error);
    SchedWrite nobody = {.actor = "system"};
    SchedTxn txn = {.connection = reader, .write = &nobody};

    return reader != NULL && sched_sql_run(&txn, "VACUUM INTO $1", error, "t", path);
}

gboolean
sched_store_backup_file(const char *from, const char *path, GError **error)
{
    g_autofree char *part = g_strconcat(path, ".part", NULL);
    g_autofree char *folder = g_path_get_dirname(path);
    gboolean ok;

    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT, "%s is there already",
                    path);
        return FALSE;
    }
    if (refuse_absent(from, error))
        return FALSE;
    g_unlink(part);
    ok = vacuum_into(from, part, error) && sync_file(part, error) &&
         publish_file(part, path, error);
    g_unlink(part);
    if (!ok) {
        g_prefix_error(error, "backup: ");
        return FALSE;
    }
    return content_files_sync_folder(folder, error);
}

gboolean
sched_store_backup(SchedStore *self, const char *path, GError **error)
{
    return sched_store_backup_file(self->path, path, error);
}
