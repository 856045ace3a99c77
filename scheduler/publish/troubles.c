/* troubles.c - see troubles.h */
#include "scheduler/publish/troubles.h"

#include "scheduler/publish/preview.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/outbox.h"

struct SchedTroubles {
    GMutex lock;      /* guards the rest */
    json_t *found;    /* (owned) (nullable): NULL: never looked */
    gint64 found_us;  /* UTC */
    gint64 audit_seq; /* the newest rows that were there */
    gint64 outbox_id;
};

SchedTroubles *
sched_troubles_new(void)
{
    SchedTroubles *self = g_new0(SchedTroubles, 1);

    g_mutex_init(&self->lock);
    return self;
}

/* A step of the clock, either way, counts as age, too. */
static gboolean
is_fresh(const SchedTroubles *self, gint64 audit_seq, gint64 outbox_id, gint64 now_us)
{
    return self->found != NULL && self->audit_seq == audit_seq &&
           self->outbox_id == outbox_id && now_us >= self->found_us &&
           now_us - self->found_us < SCHED_TROUBLES_MAX_AGE_US;
}

static gboolean
look(SchedTroubles *self, SchedTxn *txn, gint64 now_us, GError **error)
{
    g_autoptr(ContentAuditHead) head = sched_store_audit_head(txn, error);
    gint64 outbox_id = 0;
    json_t *found;

    if (head == NULL || !sched_store_outbox_newest(txn, &outbox_id, error))
        return FALSE;
    if (is_fresh(self, head->seq, outbox_id, now_us))
        return TRUE;
    found = sched_preview_troubles(txn, now_us, error);
    if (found == NULL)
        return FALSE;
    json_decref(self->found);
    self->found = found;
    self->found_us = now_us;
    self->audit_seq = head->seq;
    self->outbox_id = outbox_id;
    return TRUE;
}

/* Several who ask at once wait for the first, instead of each reading the whole plan. */
json_t *
sched_troubles_json(SchedTroubles *self, SchedTxn *txn, gint64 now_us, GError **error)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);

    /* A copy: what the caller takes out of it, and in which thread, is the caller's. */
    return look(self, txn, now_us, error) ? json_deep_copy(self->found) : NULL;
}

void
sched_troubles_free(SchedTroubles *self)
{
    if (self == NULL)
        return;
    json_decref(self->found);
    g_mutex_clear(&self->lock);
    g_free(self);
}
