/* resign.c - see resign.h */
#include "scheduler/resign.h"

#include <string.h>

#include "scheduler/store/announcements.h"

struct SchedResigner {
    SchedStore *store;   /* (not owned) */
    SchedKeys *keys;     /* (not owned) */
    ContentClock *clock; /* (not owned) */
    const SchedResignerEvents *events;
    gpointer data;
    gboolean is_busy, must_look, is_stopping;

    /* Of the order that is carried out. */
    char *key;   /* (owned) (nullable): id of the one that it is for */
    char *after; /* (owned) (nullable): how far it came; NULL: to the end */
    gint64 n_signed;
    GPtrArray *refused; /* (owned) (nullable) (element-type utf8) */
};

static const char *
key_in_force(SchedResigner *self)
{
    return content_seal_key_id(sched_keys_signer(self->keys, CONTENT_ROLE_APPROVAL));
}

static ContentSignature *
approve_anew(GBytes *document, gpointer data)
{
    return sched_keys_approve(data, document);
}

/* ---- in the store's threads ---- */

static gboolean
verify_audit(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_store_approvals_check_audit(txn, error);
}

static gboolean
sign_some(SchedTxn *txn, gpointer data, GError **error)
{
    SchedResigner *self = data;
    const SchedResign wish = {self->key, approve_anew, self->keys};
    g_autofree char *after = g_steal_pointer(&self->after);

    return sched_store_approvals_resign(txn, &wish, after, &self->after, &self->n_signed,
                                        self->refused, error);
}

/* ---- and in the owner's ---- */

static void
tell(SchedResigner *self)
{
    g_autofree char *words = NULL;

    for (guint i = 0; i < self->refused->len; i++)
        self->events->trouble(self->refused->pdata[i], self->data);
    words = g_strdup_printf("%" G_GINT64_FORMAT " approvals are signed anew, %u are not",
                            self->n_signed, self->refused->len);
    self->events->said(words, self->data);
    self->events->resigned(self->data);
}

/* @error: (nullable) (transfer full): why it ends before its end */
static void
end(SchedResigner *self, GError *error)
{
    g_autoptr(GError) problem = error;
    g_autofree char *words = NULL;

    self->is_busy = FALSE;
    if (self->is_stopping)
        return;
    /* Where another key came into force, the order was not for it, and may be another by now.
     */
    if (problem == NULL && strcmp(self->key, key_in_force(self)) == 0)
        sched_keys_resign_done(self->keys, &problem);
    if (problem == NULL)
        tell(self);
    if (problem == NULL && self->must_look)
        sched_resigner_look(self, &problem);
    if (problem == NULL)
        return;
    words = g_strdup_printf("signing approvals anew: %s", problem->message);
    self->events->trouble(words, self->data);
}

static void step(SchedResigner *self);

static void
on_signed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SchedResigner *self = user_data;
    GError *error = NULL;

    if (!sched_store_write_finish(self->store, result, NULL, &error) || self->after == NULL)
        end(self, error);
    else
        step(self);
}

static void
step(SchedResigner *self)
{
    const SchedWrite write = {.actor = "system", .at_us = content_clock_utc_us(self->clock)};

    if (self->is_stopping)
        end(self, NULL);
    else
        sched_store_write_async(self->store, &write, sign_some, self, NULL, on_signed, self);
}

static void
on_verified(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SchedResigner *self = user_data;
    GError *error = NULL;

    if (sched_store_read_finish(self->store, result, &error))
        step(self);
    else
        end(self, error);
}

static void
forget_order(SchedResigner *self)
{
    g_clear_pointer(&self->key, g_free);
    g_clear_pointer(&self->after, g_free);
    g_clear_pointer(&self->refused, g_ptr_array_unref);
}

gboolean
sched_resigner_look(SchedResigner *self, GError **error)
{
    gboolean is_ordered;

    if (!sched_keys_resign_is_ordered(self->keys, &is_ordered, error))
        return FALSE;
    self->must_look = self->is_busy;
    if (!is_ordered || self->is_busy)
        return TRUE;
    forget_order(self);
    self->is_busy = TRUE;
    self->key = g_strdup(key_in_force(self));
    self->after = g_strdup("");
    self->n_signed = 0;
    self->refused = g_ptr_array_new_with_free_func(g_free);
    sched_store_read_async(self->store, verify_audit, self, NULL, on_verified, self);
    return TRUE;
}

SchedResigner *
sched_resigner_new(SchedStore *store, SchedKeys *keys, ContentClock *clock,
                   const SchedResignerEvents *events, gpointer data)
{
    SchedResigner *self = g_new0(SchedResigner, 1);

    self->store = store;
    self->keys = keys;
    self->clock = clock;
    self->events = events;
    self->data = data;
    return self;
}

void
sched_resigner_free(SchedResigner *self)
{
    if (self == NULL)
        return;
    self->is_stopping = TRUE;
    while (self->is_busy)
        g_main_context_iteration(NULL, TRUE);
    forget_order(self);
    g_free(self);
}
