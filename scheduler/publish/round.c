/* round.c - see round.h */
#include "scheduler/publish/round.h"

#include <string.h>

#include "content/manifest.h"
#include "scheduler/publish/compile.h"
#include "scheduler/publish/gather.h"
#include "scheduler/publish/publisher.h"
#include "scheduler/publish/sign.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/outbox.h"
#include "scheduler/store/quiets.h"
#include "scheduler/store/templates.h"

#define OUTBOX_LIMIT 10000

/* Fewer stations are not worth a thread, and no machine of a district has more cores. */
#define STATIONS_A_THREAD 8
#define MAX_THREADS       16

/* While the store writes one part of the stations, the next one is planned. */
#define STATIONS_A_PART 48

/* A station whose outbox rows up to `last_id` are worked off by this round. */
typedef struct {
    char *station;           /* (owned) */
    char *reason;            /* (owned) */
    gint64 last_id;          /* 0: not in the outbox, only to be renewed */
    SchedCompiled *compiled; /* (owned) (nullable): NULL: not in use any more, or troubled */
    GError *trouble;         /* (owned) (nullable): why not: it stays in the outbox */
} Waiting;

static void
waiting_free(gpointer data)
{
    Waiting *waiting = data;

    g_free(waiting->station);
    g_free(waiting->reason);
    sched_compiled_free(waiting->compiled);
    g_clear_error(&waiting->trouble);
    g_free(waiting);
}

static void
issued_free(gpointer data)
{
    SchedIssued *issued = data;

    g_free(issued->station);
    g_bytes_unref(issued->envelope);
    g_free(issued->reason);
    g_free(issued);
}

static void
trouble_free(gpointer data)
{
    SchedRoundTrouble *trouble = data;

    g_free(trouble->station);
    g_free(trouble->words);
    g_free(trouble);
}

SchedRound *
sched_round_new(SchedStore *store, const ContentSealKey *manifest_key, const char *keys,
                gint64 now_us)
{
    SchedRound *self = g_new0(SchedRound, 1);

    self->store = store;
    self->manifest_key = manifest_key;
    self->keys = g_strdup(keys);
    self->now_us = now_us;
    self->renew = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->held = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->settled = g_ptr_array_new_with_free_func(g_free);
    self->issued = g_ptr_array_new_with_free_func(issued_free);
    self->troubles = g_ptr_array_new_with_free_func(trouble_free);
    self->left_out = g_ptr_array_new_with_free_func((GDestroyNotify) sched_trouble_free);
    self->waiting = g_ptr_array_new_with_free_func(waiting_free);
    self->left = g_ptr_array_new_with_free_func(g_free);
    return self;
}

void
sched_round_free(SchedRound *self)
{
    if (self == NULL)
        return;
    g_free(self->keys);
    g_hash_table_unref(self->renew);
    g_hash_table_unref(self->held);
    g_ptr_array_unref(self->settled);
    g_ptr_array_unref(self->issued);
    g_ptr_array_unref(self->troubles);
    g_ptr_array_unref(self->left_out);
    g_ptr_array_unref(self->waiting);
    g_ptr_array_unref(self->left);
    sched_index_free(self->index);
    sched_snapshot_free(self->snapshot);
    g_free(self);
}

static void
add_trouble(SchedRound *self, const Waiting *waiting)
{
    SchedRoundTrouble *trouble = g_new0(SchedRoundTrouble, 1);

    trouble->station = g_strdup(waiting->station);
    trouble->words = g_strdup(waiting->trouble->message);
    trouble->last_id = waiting->last_id;
    g_ptr_array_add(self->troubles, trouble);
}

/* --- reading ---------------------------------------------------------------------------------
 */

static Waiting *
add_waiting(SchedRound *self, GHashTable *known, const char *station, const char *reason)
{
    Waiting *waiting = g_hash_table_lookup(known, station);

    if (waiting != NULL)
        return waiting;
    if (self->waiting->len == SCHED_PUBLISH_MAX_BATCH) {
        self->has_more = TRUE;
        return NULL;
    }
    waiting = g_new0(Waiting, 1);
    waiting->station = g_strdup(station);
    waiting->reason = g_strdup(reason);
    g_ptr_array_add(self->waiting, waiting);
    g_hash_table_insert(known, waiting->station, waiting);
    return waiting;
}

/* It failed with these very rows, and its time to be tried again has not come. */
static gboolean
is_held(const SchedRound *self, const char *station, gint64 last_id)
{
    const gint64 *failed_id = g_hash_table_lookup(self->held, station);

    return failed_id != NULL && last_id <= *failed_id;
}

static gboolean
list_waiting(SchedRound *self, SchedTxn *txn, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_outbox_list(txn, OUTBOX_LIMIT, error);
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter renewals;
    gpointer station;

    if (rows == NULL)
        return FALSE;
    self->has_more = rows->len == OUTBOX_LIMIT;
    for (guint i = 0; i < rows->len; i++) {
        const SchedOutboxRow *row = g_ptr_array_index(rows, i);
        Waiting *waiting = is_held(self, row->station, row->id)
                               ? NULL
                               : add_waiting(self, known, row->station, row->reason);

        if (waiting == NULL)
            continue;
        waiting->last_id = MAX(waiting->last_id, row->id);
        self->is_urgent |= row->urgent;
    }
    g_hash_table_iter_init(&renewals, self->renew);
    while (g_hash_table_iter_next(&renewals, &station, NULL)) {
        gboolean is_in_box = g_hash_table_contains(known, station);

        if ((!is_in_box && is_held(self, station, 0)) ||
            add_waiting(self, known, station, "renewal") == NULL)
            g_ptr_array_add(self->left, g_strdup(station));
    }
    return TRUE;
}

/* What one thread plans of a part. The index is its own, for it remembers what it was asked. */
typedef struct {
    SchedIndex *index;        /* (not owned) */
    GPtrArray *waiting;       /* (not owned): all of the round */
    guint first, step, until; /* every step-th of them */
    gint64 now_us;
} Share;

static gpointer
run_share(gpointer data)
{
    const Share *share = data;

    for (guint i = share->first; i < share->until; i += share->step) {
        Waiting *waiting = g_ptr_array_index(share->waiting, i);

        if (waiting->compiled != NULL && !sched_compile_days(waiting->compiled, share->index,
                                                             share->now_us, &waiting->trouble))
            g_clear_pointer(&waiting->compiled, sched_compiled_free);
    }
    return NULL;
}

static void
begin(SchedRound *self, SchedTxn *txn, SchedIndex *index, const ContentTemplates *templates,
      Waiting *waiting)
{
    waiting->compiled =
        sched_compile_begin(txn, index, waiting->station, self->keys, &waiting->trouble);
    if (waiting->compiled != NULL &&
        !(sched_compile_templates(waiting->compiled, txn, index, templates,
                                  &waiting->trouble) &&
          sched_compile_grants(waiting->compiled, txn, index, self->alert_key, self->now_us,
                               &waiting->trouble)))
        g_clear_pointer(&waiting->compiled, sched_compiled_free);
}

static void
begin_all(SchedRound *self, SchedTxn *txn, SchedIndex *index, const ContentTemplates *templates)
{
    for (guint i = 0; i < self->waiting->len; i++) {
        Waiting *waiting = g_ptr_array_index(self->waiting, i);
        const char *why_not = sched_index_why_not(index, waiting->station);

        if (why_not != NULL)
            g_set_error_literal(&waiting->trouble, SCHED_INDEX_ERROR, SCHED_INDEX_ERROR_INVALID,
                                why_not);
        else if (sched_index_station(index, waiting->station) != NULL)
            begin(self, txn, index, templates, waiting);
    }
}

/* All that needs the store; what is planned afterwards has it in memory. */
static gboolean
read_waiting(SchedTxn *txn, gpointer data, GError **error)
{
    SchedRound *self = data;
    g_autoptr(ContentTemplates) templates = NULL;
    const GPtrArray *left_out;

    if (!list_waiting(self, txn, error))
        return FALSE;
    if (self->waiting->len == 0)
        return TRUE;
    templates = sched_store_templates(txn, self->now_us, error);
    if (templates == NULL)
        return FALSE;
    self->snapshot = sched_gather_snapshot(txn, self->now_us, error);
    if (self->snapshot == NULL)
        return FALSE;
    self->index = sched_index_new(self->snapshot);
    begin_all(self, txn, self->index, templates);
    self->has_planned = TRUE;
    left_out = sched_index_troubles(self->index);
    for (guint i = 0; i < left_out->len; i++)
        g_ptr_array_add(self->left_out, sched_trouble_copy(g_ptr_array_index(left_out, i)));
    return TRUE;
}

/* --- keeping ---------------------------------------------------------------------------------
 */

static gboolean
put_documents(SchedTxn *txn, const SchedCompiled *compiled, GError **error)
{
    for (guint i = 0; i < compiled->documents->len; i++) {
        if (!sched_store_document_put(txn, g_ptr_array_index(compiled->documents, i), error))
            return FALSE;
    }
    return TRUE;
}

static ContentManifest *
make_manifest(const SchedRound *self, const SchedCompiled *compiled, gint64 version,
              const ContentAuditHead *head)
{
    ContentManifest *manifest = content_document_new(&content_manifest_type);

    manifest->station = g_strdup(compiled->station);
    manifest->version = version;
    manifest->issued_us = self->now_us;
    manifest->not_before_us = self->now_us;
    manifest->expires_us = self->now_us + CONTENT_MANIFEST_LIFE_US;
    manifest->settings = g_strdup(compiled->settings);
    manifest->keys = g_strdup(compiled->keys);
    manifest->templates = g_strdup(compiled->templates);
    for (guint i = 0; i < compiled->grants->len; i++)
        g_ptr_array_add(manifest->grants, g_strdup(compiled->grants->pdata[i]));
    for (guint i = 0; i < compiled->days->len; i++) {
        const SchedIssuedDayRow *from = g_ptr_array_index(compiled->days, i);
        ContentManifestDay *day = content_shape_new(&content_manifest_day_shape);

        day->date = g_strdup(from->date);
        day->hash = g_strdup(from->hash);
        g_ptr_array_add(manifest->days, day);
    }
    if (head->seq > 0) {
        manifest->audit = content_shape_new(&content_audit_head_shape);
        manifest->audit->chain = g_strdup(head->chain);
        manifest->audit->seq = head->seq;
        manifest->audit->hash = g_strdup(head->hash);
    }
    return manifest;
}

static gboolean
keep_manifest(SchedRound *self, SchedTxn *txn, const SchedCompiled *compiled, gint64 version,
              const char *reason, GError **error)
{
    g_autoptr(ContentAuditHead) head = sched_store_audit_head(txn, error);
    g_autoptr(ContentManifest) manifest = NULL;
    g_autoptr(SchedDocumentRow) document = NULL;
    SchedManifestRow row = {0};
    SchedIssued *issued;

    if (head == NULL)
        return FALSE;
    manifest = make_manifest(self, compiled, version, head);
    document = sched_sign(self->manifest_key, &content_manifest_type, compiled->station,
                          version, manifest, error);
    if (document == NULL || !sched_store_document_put(txn, document, error))
        return FALSE;
    row.station = compiled->station;
    row.version = version;
    row.hash = document->hash;
    row.contents = compiled->contents;
    row.settings = compiled->settings;
    row.keys = compiled->keys;
    row.templates = compiled->templates;
    row.issued_us = manifest->issued_us;
    row.expires_us = manifest->expires_us;
    row.days = compiled->days;
    if (!sched_store_manifest_add(txn, &row, compiled->approvals, compiled->objects, error) ||
        !sched_store_manifest_name(txn, &row, compiled->grants, error))
        return FALSE;
    issued = g_new0(SchedIssued, 1);
    issued->station = g_strdup(compiled->station);
    issued->version = version;
    issued->issued_us = manifest->issued_us;
    issued->envelope = sched_sign_envelope(document);
    issued->reason = g_strdup(reason);
    g_ptr_array_add(self->issued, issued);
    return TRUE;
}

/*
 * A version above all that we issued and all that the station ever accepted: after a restore
 * from a backup its floor is above our newest, and anything below would be refused for ever.
 */
static gboolean
next_version(SchedTxn *txn, const char *station, const SchedManifestRow *newest,
             gint64 *out_version, GError **error)
{
    g_autoptr(SchedStationStateRow) state = sched_store_station_state_get(txn, station, NULL);
    gint64 ours = newest == NULL ? 0 : newest->version;
    gint64 floor = state == NULL ? 0 : state->floor;
    g_autofree char *detail = NULL;

    *out_version = MAX(ours, floor) + 1;
    if (floor <= ours)
        return TRUE;
    detail = g_strdup_printf("{\"floor\":%" G_GINT64_FORMAT ",\"newest\":%" G_GINT64_FORMAT "}",
                             floor, ours);
    return sched_store_audit_append(txn, "manifest.overtake", station, detail, error);
}

static gboolean
keep_station(SchedRound *self, SchedTxn *txn, const SchedCompiled *compiled, const char *reason,
             GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(SchedManifestRow) newest =
        sched_store_manifest_newest(txn, compiled->station, &cause);
    gint64 version;

    if (newest == NULL &&
        !g_error_matches(cause, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return FALSE;
    }
    /* Another reason for the same silence changes no plan. */
    if (!sched_store_silenced_set(txn, compiled->station, compiled->silences, error))
        return FALSE;
    if (newest != NULL && strcmp(newest->contents, compiled->contents) == 0 &&
        !g_hash_table_contains(self->renew, compiled->station))
        return TRUE;
    return next_version(txn, compiled->station, newest, &version, error) &&
           put_documents(txn, compiled, error) &&
           keep_manifest(self, txn, compiled, version, reason, error);
}

/* Some of the stations, and what became of them. */
typedef struct {
    SchedRound *round; /* (not owned) */
    guint from, until;
    guint n_before; /* issued before this part */
    gboolean is_kept;
    GError *error; /* (owned) (nullable): the store failed */
} Part;

/* Runs in the store's writer thread. A station that is not in use any more only leaves the box.
 */
static gboolean
keep_compiled(SchedTxn *txn, gpointer data, GError **error)
{
    const Part *part = data;
    SchedRound *self = part->round;

    /* the work may be run again after a failed group */
    g_ptr_array_set_size(self->issued, (gint) part->n_before);
    for (guint i = part->from; i < part->until; i++) {
        const Waiting *waiting = g_ptr_array_index(self->waiting, i);

        self->keeping = i;
        if (waiting->trouble != NULL)
            continue;
        if (waiting->compiled != NULL &&
            !keep_station(self, txn, waiting->compiled, waiting->reason, error)) {
            g_prefix_error(error, "issuing to %s: ", waiting->station);
            return FALSE;
        }
        if (waiting->last_id > 0 &&
            !sched_store_outbox_done(txn, waiting->station, waiting->last_id, error))
            return FALSE;
    }
    return TRUE;
}

/*
 * What was compiled for one station could not be kept: the others shall not wait for it. A disk
 * that does not write is no station's fault.
 */
static gboolean
set_aside(SchedRound *self, const GError *cause)
{
    static const SchedStoreError store_faults[] = {SCHED_STORE_ERROR_BUSY,
                                                   SCHED_STORE_ERROR_FULL, SCHED_STORE_ERROR_IO,
                                                   SCHED_STORE_ERROR_LOCKED};
    Waiting *waiting;

    for (gsize i = 0; i < G_N_ELEMENTS(store_faults); i++) {
        if (g_error_matches(cause, SCHED_STORE_ERROR, (gint) store_faults[i]))
            return FALSE;
    }
    if (self->keeping >= self->waiting->len)
        return FALSE;
    waiting = g_ptr_array_index(self->waiting, self->keeping);
    if (waiting->trouble != NULL)
        return FALSE;
    waiting->trouble = g_error_copy(cause);
    add_trouble(self, waiting);
    return TRUE;
}

/* What is kept is let go: a part of a large district is some 15 MB. */
static void
settle(const Part *part)
{
    for (guint i = part->from; i < part->until; i++) {
        Waiting *waiting = g_ptr_array_index(part->round->waiting, i);

        g_clear_pointer(&waiting->compiled, sched_compiled_free);
        if (waiting->trouble == NULL)
            g_ptr_array_add(part->round->settled, g_strdup(waiting->station));
    }
}

static gpointer
keep(gpointer data)
{
    Part *part = data;
    SchedRound *self = part->round;
    const SchedWrite write = {
        .actor = "system", .at_us = self->now_us, .urgent = self->is_urgent};

    part->n_before = self->issued->len;
    while (TRUE) {
        g_autoptr(GError) cause = NULL;

        self->keeping = G_MAXUINT;
        part->is_kept =
            sched_store_write(self->store, &write, keep_compiled, part, NULL, &cause);
        if (part->is_kept) {
            settle(part);
            return NULL;
        }
        g_ptr_array_set_size(self->issued, (gint) part->n_before);
        if (!set_aside(self, cause)) {
            part->error = g_steal_pointer(&cause);
            return NULL;
        }
    }
}

/* --- both at once ----------------------------------------------------------------------------
 */

/* Planning, writing and hashing of a part use every core. */
static void
compile_part(SchedRound *self, SchedIndex **indexes, guint n_threads, const Part *part)
{
    Share shares[MAX_THREADS];
    GThread *threads[MAX_THREADS];

    for (guint i = 0; i < n_threads; i++)
        shares[i] = (Share){indexes[i], self->waiting, part->from + i,
                            n_threads,  part->until,   self->now_us};
    for (guint i = 1; i < n_threads; i++)
        threads[i] = g_thread_new("plan", run_share, &shares[i]);
    run_share(&shares[0]);
    for (guint i = 1; i < n_threads; i++)
        g_thread_join(threads[i]);
}

static void
add_troubles(SchedRound *self, const Part *part)
{
    for (guint i = part->from; i < part->until; i++) {
        const Waiting *waiting = g_ptr_array_index(self->waiting, i);

        if (waiting->trouble != NULL)
            add_trouble(self, waiting);
    }
}

/* Waits for the part under way, if there is one. Returns: whether the store took it */
static gboolean
join(GThread **keeper, Part *part, GError **error)
{
    if (*keeper != NULL)
        g_thread_join(g_steal_pointer(keeper));
    if (part->error == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&part->error));
    return FALSE;
}

static gboolean
work_off(SchedRound *self, SchedIndex **indexes, guint n_threads, GError **error)
{
    Part parts[2] = {{.round = self}, {.round = self}};
    GThread *keeper = NULL;
    guint turn = 0;

    for (guint from = 0; from < self->waiting->len; from += STATIONS_A_PART, turn ^= 1) {
        Part *part = &parts[turn];

        part->from = from;
        part->until = MIN(from + STATIONS_A_PART, self->waiting->len);
        compile_part(self, indexes, n_threads, part);
        if (!join(&keeper, &parts[turn ^ 1], error))
            return FALSE;
        add_troubles(self, part);
        if (part->until < self->waiting->len)
            keeper = g_thread_new("keep", keep, part);
        else
            keep(part);
    }
    return join(&keeper, &parts[turn ^ 1], error);
}

static gboolean
plan_and_keep(SchedRound *self, GError **error)
{
    guint n_threads = CLAMP(self->waiting->len / STATIONS_A_THREAD, 1,
                            MIN(g_get_num_processors(), MAX_THREADS));
    SchedIndex *indexes[MAX_THREADS] = {self->index};
    gboolean ok;

    for (guint i = 1; i < n_threads; i++)
        indexes[i] = sched_index_new(self->snapshot);
    ok = work_off(self, indexes, n_threads, error);
    for (guint i = 1; i < n_threads; i++)
        sched_index_free(indexes[i]);
    return ok;
}

/* A renewal stands in no outbox: who was not kept is renewed by the next round. */
static void
leave_renewals(SchedRound *self)
{
    for (guint i = 0; i < self->waiting->len; i++) {
        const Waiting *waiting = g_ptr_array_index(self->waiting, i);

        if (waiting->compiled != NULL && waiting->trouble == NULL &&
            g_hash_table_contains(self->renew, waiting->station))
            g_ptr_array_add(self->left, g_strdup(waiting->station));
    }
}

gboolean
sched_round_run(SchedRound *self, GError **error)
{
    g_autoptr(GError) cause = NULL;

    if (!sched_store_read(self->store, read_waiting, self, error))
        return FALSE;
    if (self->waiting->len == 0 || plan_and_keep(self, &cause))
        return TRUE;
    /* What was kept before the store failed is to be sent; the next round meets the failure. */
    if (self->settled->len > 0) {
        self->has_more = TRUE;
        leave_renewals(self);
        return TRUE;
    }
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
}
