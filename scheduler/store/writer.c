/* writer.c - see writer.h */
#include "scheduler/store/writer.h"

#include <string.h>

#define MAX_KEY_BYTES    128
#define MAX_RESULT_BYTES 65536

/* clang-format off */
static const char sql_find_key[] =
    "SELECT result FROM writes WHERE actor = $1 AND key = $2 AND digest = $3";
static const char sql_has_key[] = "SELECT 1 FROM writes WHERE actor = $1 AND key = $2";
static const char sql_keep_key[] =
    "INSERT INTO writes (actor, key, digest, at_us, result) VALUES ($1, $2, $3, $4, $5)";
/* clang-format on */

typedef struct {
    SchedWrite write; /* strings owned */
    SchedWork work;
    gpointer data;
    SchedWriterDone done;
    gpointer user_data;
    char *result;
    GError *error;
    gboolean has_outbox;
} Job;

struct SchedWriter {
    SchedConnection *connection; /* of the thread alone */
    GThread *thread;
    GMutex mutex; /* guards all below */
    GCond cond;
    GQueue urgent;
    GQueue waiting;
    gboolean is_closing;
    gint64 n_commits;
    GMainContext *hint_context;
    SchedStoreHint hint;
    gpointer hint_data;
};

static void
job_free(Job *job)
{
    g_free((char *) job->write.actor);
    g_free((char *) job->write.key);
    g_free((char *) job->write.digest);
    g_free(job->result);
    g_clear_error(&job->error);
    g_free(job);
}

static void
finish_job(Job *job)
{
    job->done(job->user_data, job->error == NULL ? job->result : NULL, job->error);
    job_free(job);
}

/* Idempotency ---------------------------------------------------------------------------------
 */

/* TRUE in @out_known: it was done before, and the first result is in the transaction. */
static gboolean
look_up_key(SchedTxn *txn, gboolean *out_known, GError **error)
{
    const SchedWrite *write = txn->write;
    const char *digest = write->digest == NULL ? "" : write->digest;
    g_autoptr(GPtrArray) results = NULL;

    *out_known = FALSE;
    if (write->key == NULL)
        return TRUE;
    if (strnlen(write->key, MAX_KEY_BYTES + 1) > MAX_KEY_BYTES) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                    "idempotency key: longer than %d bytes", MAX_KEY_BYTES);
        return FALSE;
    }
    results =
        sched_sql_texts(txn, sql_find_key, error, "ttt", write->actor, write->key, digest);
    if (results == NULL)
        return FALSE;
    if (results->len > 0) {
        *out_known = TRUE;
        txn->result = g_strdup(g_ptr_array_index(results, 0));
        return TRUE;
    }
    if (sched_sql_is(txn, sql_has_key, "tt", write->actor, write->key)) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT,
                            "this idempotency key was used for something else");
        return FALSE;
    }
    return TRUE;
}

static gboolean
keep_key(SchedTxn *txn, GError **error)
{
    const SchedWrite *write = txn->write;

    if (write->key == NULL)
        return TRUE;
    if (txn->result != NULL && strlen(txn->result) > MAX_RESULT_BYTES) {
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                            "the result is too long to be kept under a key");
        return FALSE;
    }
    return sched_sql_run(txn, sql_keep_key, error, "tttit", write->actor, write->key,
                         write->digest == NULL ? "" : write->digest, write->at_us,
                         txn->result == NULL ? "" : txn->result);
}

/* Jobs in a transaction
 * ------------------------------------------------------------------------ */

static gboolean
do_work(SchedTxn *txn, Job *job, GError **error)
{
    gboolean is_known = FALSE;

    if (!look_up_key(txn, &is_known, error))
        return FALSE;
    if (is_known)
        return TRUE;
    if (!job->work(txn, job->data, error)) {
        if (error != NULL && *error == NULL)
            g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                                "the work failed without saying why");
        return FALSE;
    }
    return keep_key(txn, error);
}

/* Runs a job so that its failure undoes it alone. FALSE: the whole transaction is gone. */
static gboolean
run_job(SchedWriter *self, Job *job)
{
    SchedTxn txn = {.connection = self->connection, .write = &job->write};
    gboolean ok = sched_connection_exec(self->connection, "SAVEPOINT job", &job->error) &&
                  do_work(&txn, job, &job->error);

    ok = sched_sql_settle(&txn, ok, &job->error);
    /* A full disk or an I/O error may have rolled everything back already. */
    if (sched_connection_is_idle(self->connection)) {
        if (job->error == NULL)
            g_set_error_literal(&job->error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_IO,
                                "the transaction was rolled back");
        g_free(txn.result);
        return FALSE;
    }
    if (!ok)
        sched_connection_exec(self->connection, "ROLLBACK TO job", NULL);
    sched_connection_exec(self->connection, "RELEASE job", ok ? &job->error : NULL);
    job->result = txn.result;
    job->has_outbox = ok && txn.has_outbox;
    return TRUE;
}

static void
fail_unfailed(GPtrArray *jobs, guint n_jobs, const GError *error)
{
    for (guint i = 0; i < n_jobs; i++) {
        Job *job = g_ptr_array_index(jobs, i);

        if (job->error == NULL)
            job->error = g_error_copy(error);
    }
}

/* The next job that may join the running transaction; NULL ends it. */
static Job *
next_job(SchedWriter *self, guint n_jobs)
{
    Job *job = NULL;

    g_mutex_lock(&self->mutex);
    if (g_queue_is_empty(&self->urgent) && n_jobs < SCHED_STORE_MAX_GROUP)
        job = g_queue_pop_head(&self->waiting);
    g_mutex_unlock(&self->mutex);
    return job;
}

/* Runs @first and, unless it is urgent, what else waits, up to the commit. */
static GPtrArray *
run_group(SchedWriter *self, Job *first)
{
    GPtrArray *jobs = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    gboolean is_open = sched_connection_exec(self->connection, "BEGIN IMMEDIATE", &error);

    for (Job *job = first; job != NULL;) {
        g_ptr_array_add(jobs, job);
        if (!is_open || !run_job(self, job)) {
            is_open = FALSE;
            fail_unfailed(jobs, jobs->len, error != NULL ? error : job->error);
            return jobs;
        }
        job = job->write.urgent ? NULL : next_job(self, jobs->len);
    }
    if (!sched_connection_exec(self->connection, "COMMIT", &error)) {
        g_prefix_error(&error, "committing: ");
        fail_unfailed(jobs, jobs->len, error);
        if (!sched_connection_is_idle(self->connection))
            sched_connection_exec(self->connection, "ROLLBACK", NULL);
        return jobs;
    }
    g_mutex_lock(&self->mutex);
    self->n_commits++;
    g_mutex_unlock(&self->mutex);
    return jobs;
}

gint64
sched_writer_n_commits(SchedWriter *self)
{
    gint64 n;

    g_mutex_lock(&self->mutex);
    n = self->n_commits;
    g_mutex_unlock(&self->mutex);
    return n;
}

/* The thread
 * ----------------------------------------------------------------------------------- */

static Job *
wait_for_job(SchedWriter *self)
{
    Job *job;

    g_mutex_lock(&self->mutex);
    while (g_queue_is_empty(&self->urgent) && g_queue_is_empty(&self->waiting) &&
           !self->is_closing)
        g_cond_wait(&self->cond, &self->mutex);
    job = g_queue_pop_head(&self->urgent);
    if (job == NULL)
        job = g_queue_pop_head(&self->waiting);
    g_mutex_unlock(&self->mutex);
    return job;
}

typedef struct {
    SchedStoreHint hint;
    gpointer data;
} HintCall;

static gboolean
on_hint(gpointer user_data)
{
    HintCall *call = user_data;

    call->hint(call->data);
    return G_SOURCE_REMOVE;
}

static void
send_hint(SchedWriter *self)
{
    g_autoptr(GMainContext) context = NULL;
    HintCall call = {0};

    g_mutex_lock(&self->mutex);
    if (self->hint != NULL) {
        context = g_main_context_ref(self->hint_context);
        call.hint = self->hint;
        call.data = self->hint_data;
    }
    g_mutex_unlock(&self->mutex);
    if (context != NULL) {
        g_autoptr(GSource) source = g_idle_source_new();

        g_source_set_priority(source, G_PRIORITY_DEFAULT);
        g_source_set_callback(source, on_hint, g_memdup2(&call, sizeof call), g_free);
        g_source_attach(source, context);
    }
}

static gboolean
group_has_outbox(const GPtrArray *jobs)
{
    for (guint i = 0; i < jobs->len; i++) {
        const Job *job = g_ptr_array_index(jobs, i);

        if (job->error == NULL && job->has_outbox)
            return TRUE;
    }
    return FALSE;
}

static gpointer
writer_thread(gpointer user_data)
{
    SchedWriter *self = user_data;
    Job *job;

    while ((job = wait_for_job(self)) != NULL) {
        g_autoptr(GPtrArray) jobs = run_group(self, job);

        /* Before the answers: whoever listens from an answer on hears of later commits alone.
         */
        if (group_has_outbox(jobs))
            send_hint(self);
        for (guint i = 0; i < jobs->len; i++)
            finish_job(g_ptr_array_index(jobs, i));
        sched_connection_checkpoint(self->connection);
    }
    return NULL;
}

SchedWriter *
sched_writer_start(SchedConnection *connection)
{
    SchedWriter *self = g_new0(SchedWriter, 1);

    self->connection = connection;
    g_mutex_init(&self->mutex);
    g_cond_init(&self->cond);
    g_queue_init(&self->urgent);
    g_queue_init(&self->waiting);
    self->thread = g_thread_new("store-writer", writer_thread, self);
    return self;
}

void
sched_writer_stop(SchedWriter *self)
{
    if (self == NULL)
        return;
    g_mutex_lock(&self->mutex);
    self->is_closing = TRUE;
    g_cond_signal(&self->cond);
    g_mutex_unlock(&self->mutex);
    g_thread_join(self->thread);
    g_clear_pointer(&self->hint_context, g_main_context_unref);
    g_mutex_clear(&self->mutex);
    g_cond_clear(&self->cond);
    sched_connection_free(self->connection);
    g_free(self);
}

gboolean
sched_writer_push(SchedWriter *self, const SchedWrite *write, SchedWork work, gpointer data,
                  SchedWriterDone done, gpointer user_data, GError **error)
{
    gboolean is_full;
    Job *job;

    g_mutex_lock(&self->mutex);
    is_full = !write->urgent && g_queue_get_length(&self->waiting) >= SCHED_STORE_MAX_WAITING;
    if (!is_full) {
        job = g_new0(Job, 1);
        job->write = *write;
        job->write.actor = g_strdup(write->actor);
        job->write.key = g_strdup(write->key);
        job->write.digest = g_strdup(write->digest);
        job->work = work;
        job->data = data;
        job->done = done;
        job->user_data = user_data;
        g_queue_push_tail(write->urgent ? &self->urgent : &self->waiting, job);
        g_cond_signal(&self->cond);
    }
    g_mutex_unlock(&self->mutex);
    if (is_full)
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_BUSY,
                    "%d writes are waiting already", SCHED_STORE_MAX_WAITING);
    return !is_full;
}

gboolean
sched_writer_is_current(SchedWriter *self)
{
    return g_thread_self() == self->thread;
}

void
sched_writer_on_outbox(SchedWriter *self, GMainContext *context, SchedStoreHint hint,
                       gpointer user_data)
{
    g_mutex_lock(&self->mutex);
    g_clear_pointer(&self->hint_context, g_main_context_unref);
    self->hint = hint;
    self->hint_data = user_data;
    if (hint != NULL)
        self->hint_context =
            g_main_context_ref(context != NULL ? context : g_main_context_default());
    g_mutex_unlock(&self->mutex);
}
