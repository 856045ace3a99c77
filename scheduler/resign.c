/* resign.c - see resign.h */
#include "scheduler/resign.h"

#include "scheduler/store/announcements.h"

typedef struct {
    SchedKeys *keys; /* (not owned) */
    gint64 n_signed;
    GPtrArray *refused; /* (not owned) */
} Resigning;

static ContentSignature *
approve_anew(GBytes *document, gpointer data)
{
    return sched_keys_approve(data, document);
}

/* Runs in the store's writer thread. */
static gboolean
resign_all(SchedTxn *txn, gpointer data, GError **error)
{
    Resigning *work = data;
    const SchedResign wish = {content_seal_key_id(
                                  sched_keys_signer(work->keys, CONTENT_ROLE_APPROVAL)),
                              approve_anew, work->keys};

    return sched_store_approvals_resign(txn, &wish, &work->n_signed, work->refused, error);
}

gboolean
sched_resign_if_ordered(SchedStore *store, SchedKeys *keys, gint64 now_us, gint64 *out_n_signed,
                        GPtrArray *refused, GError **error)
{
    const SchedWrite write = {.actor = "system", .at_us = now_us};
    Resigning work = {keys, 0, refused};
    gboolean is_ordered;

    *out_n_signed = -1;
    if (!sched_keys_resign_is_ordered(keys, &is_ordered, error))
        return FALSE;
    if (!is_ordered)
        return TRUE;
    if (!sched_store_write(store, &write, resign_all, &work, NULL, error))
        return FALSE;
    *out_n_signed = work.n_signed;
    return sched_keys_resign_done(keys, error);
}
