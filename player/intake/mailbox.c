/* mailbox.c - see mailbox.h */
#include "player/intake/mailbox.h"

struct PlayMailbox {
    gatomicrefcount ref_count;
    GMainContext *context;
    gpointer owner; /* NULL once closed; read and written in the owner's thread only */
    gboolean is_closed;
};

typedef struct {
    PlayMailbox *box;
    PlayMailboxFunc func;
    gpointer letter;
    GDestroyNotify free_letter;
} Envelope;

static void
mailbox_unref(PlayMailbox *self)
{
    if (!g_atomic_ref_count_dec(&self->ref_count))
        return;
    g_main_context_unref(self->context);
    g_free(self);
}

static void
envelope_free(gpointer data)
{
    Envelope *envelope = data;

    if (envelope->free_letter != NULL)
        envelope->free_letter(envelope->letter);
    mailbox_unref(envelope->box);
    g_free(envelope);
}

static gboolean
deliver(gpointer data)
{
    Envelope *envelope = data;

    if (!envelope->box->is_closed)
        envelope->func(envelope->letter, envelope->box->owner);
    return G_SOURCE_REMOVE;
}

PlayMailbox *
play_mailbox_new(gpointer owner)
{
    PlayMailbox *self = g_new0(PlayMailbox, 1);

    g_atomic_ref_count_init(&self->ref_count);
    self->context = g_main_context_ref_thread_default();
    self->owner = owner;
    return self;
}

void
play_mailbox_post(PlayMailbox *self, PlayMailboxFunc func, gpointer letter,
                  GDestroyNotify free_letter)
{
    /* Never g_main_context_invoke(): it may call at once, in the worker's own thread. */
    g_autoptr(GSource) source = g_idle_source_new();
    Envelope *envelope = g_new0(Envelope, 1);

    g_atomic_ref_count_inc(&self->ref_count);
    *envelope = (Envelope){self, func, letter, free_letter};
    g_source_set_priority(source, G_PRIORITY_DEFAULT);
    g_source_set_callback(source, deliver, envelope, envelope_free);
    g_source_attach(source, self->context);
}

void
play_mailbox_close(PlayMailbox *self)
{
    if (self == NULL)
        return;
    self->is_closed = TRUE;
    self->owner = NULL;
    mailbox_unref(self);
}
