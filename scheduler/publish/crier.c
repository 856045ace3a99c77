/* crier.c - see crier.h */
#include "scheduler/publish/crier.h"

#include "scheduler/publish/sign.h"
#include "scheduler/store/alerts.h"

struct SchedCrier {
    SchedStore *store;              /* (not owned) */
    ContentClock *clock;            /* (not owned) */
    const SchedCrierEvents *events; /* (not owned) */
    gpointer user_data;
    SchedLink *link;       /* (not owned) (nullable): NULL before the start */
    GPtrArray *orders;     /* (owned) (element-type SchedOrderRow): in force, as last read */
    GHashTable *envelopes; /* (owned): id -> GBytes, of those */
    GHashTable *said;      /* (owned) (element-type utf8): ids that went out in this run */
    GMainContext *context; /* (owned) */
    guint n_noting;
};

/* --- reading ---------------------------------------------------------------------------------
 */

/* (nullable) (transfer full) */
static GBytes *
read_envelope(SchedTxn *txn, const SchedOrderRow *order, GError **error)
{
    g_autoptr(SchedDocumentRow) document = sched_store_document_get(txn, order->hash, error);

    return document == NULL ? NULL : sched_sign_envelope(document);
}

static gboolean
read_orders(SchedTxn *txn, gpointer data, GError **error)
{
    SchedCrier *self = data;
    g_autoptr(GPtrArray) orders =
        sched_store_orders(txn, content_clock_utc_us(self->clock), error);

    for (guint i = 0; orders != NULL && i < orders->len; i++) {
        const SchedOrderRow *order = orders->pdata[i];
        GBytes *envelope;

        if (g_hash_table_contains(self->envelopes, order->id))
            continue;
        envelope = read_envelope(txn, order, error);
        if (envelope == NULL)
            return FALSE;
        g_hash_table_insert(self->envelopes, g_strdup(order->id), envelope);
    }
    if (orders == NULL)
        return FALSE;
    g_ptr_array_unref(self->orders);
    self->orders = g_steal_pointer(&orders);
    return TRUE;
}

static gboolean
is_gone(gpointer id, gpointer envelope, gpointer data)
{
    const GPtrArray *orders = data;

    for (guint i = 0; i < orders->len; i++) {
        if (g_str_equal(((const SchedOrderRow *) orders->pdata[i])->id, id))
            return FALSE;
    }
    return TRUE;
}

static void
refresh(SchedCrier *self)
{
    g_autoptr(GError) error = NULL;

    if (sched_store_read(self->store, read_orders, self, &error)) {
        g_hash_table_foreach_remove(self->envelopes, is_gone, self->orders);
        g_hash_table_foreach_remove(self->said, is_gone, self->orders);
        return;
    }
    g_prefix_error(&error, "reading the alerts in force: ");
    self->events->trouble(error->message, self->user_data);
}

/* --- noting ----------------------------------------------------------------------------------
 */

typedef struct {
    SchedCrier *crier;
    SchedOrderRow order; /* id owned */
} Note;

static void
note_free(gpointer data)
{
    Note *note = data;

    g_free(note->order.id);
    g_free(note);
}

static gboolean
keep_note(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_store_order_published(txn, &((const Note *) data)->order, error);
}

static void
on_noted(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SchedCrier *self = user_data;
    g_autoptr(GError) error = NULL;

    self->n_noting--;
    if (sched_store_write_finish(self->store, result, NULL, &error))
        return;
    g_prefix_error(&error, "noting that an alert went out: ");
    self->events->trouble(error->message, self->user_data);
}

static void
note_said(SchedCrier *self, const SchedOrderRow *order)
{
    const SchedWrite write = {
        .actor = "system", .at_us = content_clock_utc_us(self->clock), .urgent = TRUE};
    Note *note = g_new0(Note, 1);

    note->crier = self;
    note->order.id = g_strdup(order->id);
    note->order.is_stop = order->is_stop;
    self->n_noting++;
    sched_store_write_async(self->store, &write, keep_note, note, note_free, on_noted, self);
}

/* --- saying ----------------------------------------------------------------------------------
 */

/* @station: (nullable): NULL: to all. Returns: through how many brokers */
static guint
say(SchedCrier *self, const SchedOrderRow *order, const char *station)
{
    GBytes *envelope = g_hash_table_lookup(self->envelopes, order->id);

    if (self->link == NULL || envelope == NULL ||
        order->expires_us <= content_clock_utc_us(self->clock))
        return 0;
    return sched_link_say(self->link, station,
                          order->is_stop ? SCHED_SAY_STOP : SCHED_SAY_ALERT, envelope);
}

static void
say_to_all(SchedCrier *self, const SchedOrderRow *order)
{
    const char *what = order->is_stop ? "stop" : "alert";
    g_autofree char *words = NULL;

    if (say(self, order, NULL) == 0) {
        words = g_strdup_printf("%s %s waits: no broker can be spoken to", what, order->id);
        self->events->trouble(words, self->user_data);
        return;
    }
    if (!g_hash_table_add(self->said, g_strdup(order->id)))
        return;
    words = g_strdup_printf("%s %s went out", what, order->id);
    self->events->said(words, self->user_data);
    if (order->published_us == 0)
        note_said(self, order);
}

void
sched_crier_call(SchedCrier *self)
{
    refresh(self);
    for (guint i = 0; i < self->orders->len; i++) {
        const SchedOrderRow *order = self->orders->pdata[i];

        if (order->published_us == 0 && !g_hash_table_contains(self->said, order->id))
            say_to_all(self, order);
    }
}

void
sched_crier_up(SchedCrier *self)
{
    refresh(self);
    for (guint i = 0; i < self->orders->len; i++)
        say_to_all(self, self->orders->pdata[i]);
}

void
sched_crier_greet(SchedCrier *self, const char *station)
{
    for (guint i = 0; i < self->orders->len; i++)
        say(self, self->orders->pdata[i], station);
}

SchedCrier *
sched_crier_new(SchedStore *store, ContentClock *clock, const SchedCrierEvents *events,
                gpointer user_data)
{
    SchedCrier *self = g_new0(SchedCrier, 1);

    self->store = store;
    self->clock = clock;
    self->events = events;
    self->user_data = user_data;
    self->context = g_main_context_ref_thread_default();
    self->orders = g_ptr_array_new();
    self->envelopes =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
    self->said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return self;
}

void
sched_crier_start(SchedCrier *self, SchedLink *link)
{
    self->link = link;
    refresh(self);
}

void
sched_crier_free(SchedCrier *self)
{
    if (self == NULL)
        return;
    self->link = NULL;
    while (self->n_noting > 0)
        g_main_context_iteration(self->context, TRUE);
    g_ptr_array_unref(self->orders);
    g_hash_table_unref(self->envelopes);
    g_hash_table_unref(self->said);
    g_main_context_unref(self->context);
    g_free(self);
}
