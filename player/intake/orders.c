/* orders.c - see orders.h */
#include "player/intake/orders.h"

#include <string.h>

#include "content/seal.h"
#include "player/intake/intake-core.h"
#include "player/intake/refusal.h"

/* One that came while nobody vouched for the clock. */
typedef struct {
    const ContentDocumentType *type;
    GBytes *envelope;
} Waiting;

/* An alert that is not over: what it needs. */
typedef struct {
    char *id;
    gint64 expires_us;
    GPtrArray *objects; /* (element-type ContentAlertObject) */
} Live;

struct PlayOrders {
    PlayKeep *keep;
    PlayVerify *verify;
    const PlayOrdersEvents *events;
    gpointer data;
    GHashTable *known;  /* "type id" of what was told -> gint64 *: until when that matters */
    GPtrArray *waiting; /* (element-type Waiting) */
    GPtrArray *unkept;  /* (element-type PlayKeptOrder): the disk refused them */
    GPtrArray *live;    /* (element-type Live) */
};

static void
waiting_free(gpointer data)
{
    Waiting *waiting = data;

    g_bytes_unref(waiting->envelope);
    g_free(waiting);
}

static void
live_free(gpointer data)
{
    Live *live = data;

    g_free(live->id);
    g_ptr_array_unref(live->objects);
    g_free(live);
}

PlayOrders *
play_orders_new(PlayKeep *keep, PlayVerify *verify, const PlayOrdersEvents *events,
                gpointer data)
{
    PlayOrders *self = g_new0(PlayOrders, 1);

    self->keep = keep;
    self->verify = verify;
    self->events = events;
    self->data = data;
    self->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->waiting = g_ptr_array_new_with_free_func(waiting_free);
    self->unkept = g_ptr_array_new_with_free_func((GDestroyNotify) play_kept_order_free);
    self->live = g_ptr_array_new_with_free_func(live_free);
    return self;
}

void
play_orders_free(PlayOrders *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->known);
    g_ptr_array_unref(self->waiting);
    g_ptr_array_unref(self->unkept);
    g_ptr_array_unref(self->live);
    g_free(self);
}

static void
say_error(PlayOrders *self, const char *what, const GError *error)
{
    g_autoptr(ContentRemark) why = play_refusal_of(what, error);

    self->events->refused(why, self->data);
}

static void
say_code(PlayOrders *self, const char *code, const char *what)
{
    g_autoptr(ContentRemark) why = content_remark_new(code, what, NULL);

    self->events->refused(why, self->data);
}

/* ---- what alerts need ---- */

static void
note_live(PlayOrders *self, const ContentAlert *alert)
{
    Live *live = g_new0(Live, 1);

    live->id = g_strdup(alert->id);
    live->expires_us = alert->expires_us;
    live->objects = g_ptr_array_new_with_free_func(content_alert_object_shape.free);
    for (guint i = 0; i < alert->objects->len; i++) {
        const ContentAlertObject *from = alert->objects->pdata[i];
        ContentAlertObject *object = content_shape_new(&content_alert_object_shape);

        object->hash = g_strdup(from->hash);
        object->size_bytes = from->size_bytes;
        g_ptr_array_add(live->objects, object);
    }
    g_ptr_array_add(self->live, live);
}

static void
forget_live(PlayOrders *self, const char *id)
{
    for (guint i = self->live->len; i-- > 0;) {
        if (strcmp(((const Live *) self->live->pdata[i])->id, id) == 0)
            g_ptr_array_remove_index(self->live, i);
    }
}

void
play_orders_queue(PlayOrders *self, GHashTable *objects, GPtrArray *queue)
{
    for (guint i = 0; i < self->live->len; i++)
        play_intake_queue_first(((const Live *) self->live->pdata[i])->objects, objects, queue);
}

void
play_orders_name_objects(PlayOrders *self, GHashTable *into)
{
    for (guint i = 0; i < self->live->len; i++) {
        const Live *live = self->live->pdata[i];

        for (guint j = 0; j < live->objects->len; j++)
            g_hash_table_add(
                into, g_strdup(((const ContentAlertObject *) live->objects->pdata[j])->hash));
    }
}

/* ---- opened ---- */

/* One of alert and stop. */
typedef struct {
    ContentAlert *alert;
    ContentStop *stop;
    ContentLocalOrder *local; /* (nullable): the station's own */
} Order;

static void
order_clear(Order *order)
{
    content_alert_free(order->alert);
    content_stop_free(order->stop);
    content_local_order_free(order->local);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Order, order_clear)

/* Takes what was verified; of a local order what lies inside. */
static gboolean
order_open(Order *order, PlayVerified *verified, GError **error)
{
    const ContentLocalOrder *local = verified->parsed;

    g_return_val_if_fail(local != NULL, FALSE);
    if (verified->type == &content_alert_type) {
        order->alert = g_steal_pointer(&verified->parsed);
        return TRUE;
    }
    if (verified->type == &content_stop_type) {
        order->stop = g_steal_pointer(&verified->parsed);
        return TRUE;
    }
    order->local = g_steal_pointer(&verified->parsed);
    if (local->alert != NULL)
        order->alert = content_document_read(&content_alert_type, local->alert,
                                             strlen(local->alert), error);
    else
        order->stop =
            content_document_read(&content_stop_type, local->stop, strlen(local->stop), error);
    return order->alert != NULL || order->stop != NULL;
}

/* ---- told, and kept ---- */

static void
keep(PlayOrders *self, const char *id, gboolean is_stop, gint64 until_us, GBytes *envelope)
{
    g_autoptr(PlayKeptOrder) order = play_kept_order_new(id, is_stop, until_us, envelope);
    g_autoptr(GError) error = NULL;

    if (play_keep_put_order(self->keep, order, &error))
        return;
    say_error(self, is_stop ? "stop" : "alert", error);
    g_ptr_array_add(self->unkept, g_steal_pointer(&order));
}

static void
tell_alert(PlayOrders *self, Order *order, PlayOrderOrigin origin, gint64 until_us,
           GBytes *envelope)
{
    ContentAlert *alert = g_steal_pointer(&order->alert);
    g_autofree char *id = g_strdup(alert->id);

    if (origin != PLAY_ORDER_ENDED)
        note_live(self, alert);
    if (order->local != NULL)
        self->events->local(alert, g_steal_pointer(&order->local), origin, self->data);
    else
        self->events->alert(alert, origin, self->data);
    if (origin == PLAY_ORDER_FRESH)
        keep(self, id, FALSE, until_us, envelope);
}

static void
tell_stop(PlayOrders *self, Order *order, PlayOrderOrigin origin, gint64 until_us,
          GBytes *envelope)
{
    ContentStop *stop = g_steal_pointer(&order->stop);
    g_autofree char *id = g_strdup(stop->id);

    self->events->stop(stop, self->data);
    if (origin == PLAY_ORDER_FRESH)
        keep(self, id, TRUE, until_us, envelope);
}

/* An alert and a stop may have the same id. @out_until_us: (out): when it is forgotten */
static char *
key_of(const Order *order, gint64 *out_until_us)
{
    *out_until_us = order->stop != NULL ? order->stop->expires_us
                                        : order->alert->issued_us + CONTENT_ALERT_MAX_LIFE_US;
    return order->stop != NULL ? g_strconcat("stop ", order->stop->id, NULL)
                               : g_strconcat("alert ", order->alert->id, NULL);
}

static void
tell(PlayOrders *self, PlayVerified *verified, PlayOrderOrigin origin, GBytes *envelope)
{
    gint64 until_us;
    g_autoptr(GError) error = NULL;
    g_auto(Order) order = {0};
    g_autofree char *key = NULL;

    if (!order_open(&order, verified, &error)) {
        say_error(self, verified->type->type, error);
        return;
    }
    key = key_of(&order, &until_us);
    if (g_hash_table_contains(self->known, key))
        return;
    g_hash_table_insert(self->known, g_steal_pointer(&key),
                        g_memdup2(&until_us, sizeof until_us));
    if (order.stop != NULL)
        tell_stop(self, &order, origin, until_us, envelope);
    else
        tell_alert(self, &order, origin, until_us, envelope);
}

/* ---- judged ---- */

static PlayVerified *
judge(PlayOrders *self, const ContentDocumentType *type, GBytes *envelope, PlayVerifyTime time,
      GError **error)
{
    return play_verify_envelope(self->verify, type, g_bytes_get_data(envelope, NULL),
                                g_bytes_get_size(envelope), time, error);
}

static void
wait_for_time(PlayOrders *self, const ContentDocumentType *type, GBytes *envelope)
{
    Waiting *waiting;

    if (self->waiting->len >= PLAY_ORDERS_MAX_WAITING) {
        say_code(self, "alert_too_many", type->type);
        return;
    }
    for (guint i = 0; i < self->waiting->len; i++) {
        if (g_bytes_equal(((const Waiting *) self->waiting->pdata[i])->envelope, envelope))
            return;
    }
    waiting = g_new0(Waiting, 1);
    waiting->type = type;
    waiting->envelope = g_bytes_ref(envelope);
    g_ptr_array_add(self->waiting, waiting);
    say_code(self, "alert_untimed", type->type);
    self->events->ask_time(self->data);
}

void
play_orders_take(PlayOrders *self, const ContentDocumentType *type, GBytes *envelope,
                 PlayVerifyTime time)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PlayVerified) verified = judge(self, type, envelope, time, &error);

    if (verified == NULL)
        say_error(self, type->type, error);
    else if (!time.is_trusted && type != &content_local_order_type)
        wait_for_time(self, type, envelope);
    else
        tell(self, verified, PLAY_ORDER_FRESH, envelope);
}

static gboolean
is_past(gpointer key, gpointer until_us, gpointer now_us)
{
    return *(const gint64 *) until_us <= *(const gint64 *) now_us;
}

void
play_orders_look(PlayOrders *self, PlayVerifyTime time)
{
    g_autoptr(GPtrArray) waiting = g_ptr_array_new_with_free_func(waiting_free);

    for (guint i = self->unkept->len; i-- > 0;) {
        if (play_keep_put_order(self->keep, self->unkept->pdata[i], NULL))
            g_ptr_array_remove_index(self->unkept, i);
    }
    if (!time.is_trusted)
        return;
    g_ptr_array_extend_and_steal(waiting, g_steal_pointer(&self->waiting));
    self->waiting = g_ptr_array_new_with_free_func(waiting_free);
    for (guint i = 0; i < waiting->len; i++) {
        const Waiting *one = waiting->pdata[i];

        play_orders_take(self, one->type, one->envelope, time);
    }
    for (guint i = self->live->len; i-- > 0;) {
        if (((const Live *) self->live->pdata[i])->expires_us <= time.now_us)
            g_ptr_array_remove_index(self->live, i);
    }
    g_hash_table_foreach_remove(self->known, is_past, &time.now_us);
    play_keep_forget_orders(self->keep, time.now_us, NULL);
}

void
play_orders_done(PlayOrders *self, const char *alert)
{
    g_autoptr(GError) error = NULL;

    forget_live(self, alert);
    if (!play_keep_end_order(self->keep, alert, &error))
        say_error(self, "alert", error);
}

/* ---- at a start ---- */

/* What the comment claims; the checks come after. */
static const ContentDocumentType *
type_of(const PlayKeptOrder *order)
{
    gsize n_bytes = 0;
    gconstpointer bytes = g_bytes_get_data(order->envelope, &n_bytes);
    g_autofree char *signature = NULL, *comment = NULL, *key_id = NULL;
    g_autoptr(GBytes) document =
        content_seal_unwrap(bytes, n_bytes, content_local_order_type.max_bytes, &signature,
                            &comment, &key_id, NULL);

    if (document != NULL && g_str_has_prefix(comment, "local-order "))
        return &content_local_order_type;
    return order->is_stop ? &content_stop_type : &content_alert_type;
}

static void
announce(PlayOrders *self, const PlayKeptOrder *order, PlayVerifyTime time)
{
    const ContentDocumentType *type = type_of(order);
    g_autoptr(GError) error = NULL;
    g_autoptr(PlayVerified) verified = NULL;

    time.is_kept = TRUE;
    verified = judge(self, type, order->envelope, time, &error);
    if (verified == NULL)
        say_error(self, type->type, error);
    else
        tell(self, verified, order->is_over ? PLAY_ORDER_ENDED : PLAY_ORDER_KEPT,
             order->envelope);
}

void
play_orders_announce(PlayOrders *self, PlayVerifyTime time)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) kept = play_keep_orders(self->keep, &error);

    if (kept == NULL) {
        say_error(self, "alert", error);
        return;
    }
    for (guint i = 0; i < kept->len; i++)
        announce(self, kept->pdata[i], time);
}
