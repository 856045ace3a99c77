/* pins.c - see pins.h */
#include "player/page/pins.h"

#include <sodium.h>
#include <string.h>

typedef struct {
    PlayPagePins *pins; /* (owned): a reference */
    char *hash;         /* (owned) */
    char *pin;          /* (owned) */
    PlayPagePinsFunc func;
    gpointer data;
    gboolean is_right;
    gboolean is_answered; /* of the owner's thread */
} Check;

struct PlayPagePins {
    gatomicrefcount refs; /* the owner's, and one a check */
    GThreadPool *pool;    /* (owned): takes Checks */
    GMainContext *context;
    GPtrArray *open; /* (owned) (element-type Check): not answered; of the owner's thread */
};

static void
pins_unref(PlayPagePins *self)
{
    if (!g_atomic_ref_count_dec(&self->refs))
        return;
    g_main_context_unref(self->context);
    g_ptr_array_unref(self->open);
    g_free(self);
}

static void
check_free(gpointer data)
{
    Check *check = data;

    sodium_memzero(check->pin, strlen(check->pin));
    g_free(check->pin);
    g_free(check->hash);
    pins_unref(check->pins);
    g_free(check);
}

static void
answer(Check *check, gboolean is_right)
{
    if (check->is_answered)
        return;
    check->is_answered = TRUE;
    g_ptr_array_remove(check->pins->open, check);
    check->func(is_right, check->data);
}

static gboolean
on_done(gpointer data)
{
    Check *check = data;

    answer(check, check->is_right);
    return G_SOURCE_REMOVE;
}

/* Runs in the worker. */
static void
run(gpointer data, gpointer user_data)
{
    Check *check = data;
    PlayPagePins *self = user_data;
    GSource *source = g_idle_source_new();

    check->is_right =
        crypto_pwhash_str_verify(check->hash, check->pin, strlen(check->pin)) == 0;
    g_source_set_callback(source, on_done, check, check_free);
    g_source_attach(source, self->context);
    g_source_unref(source);
}

PlayPagePins *
play_page_pins_new(void)
{
    PlayPagePins *self = g_new0(PlayPagePins, 1);

    g_atomic_ref_count_init(&self->refs);
    self->context = g_main_context_ref_thread_default();
    self->open = g_ptr_array_new();
    self->pool = g_thread_pool_new(run, self, 1, FALSE, NULL);
    return self;
}

void
play_page_pins_free(PlayPagePins *self)
{
    if (self == NULL)
        return;
    g_thread_pool_free(self->pool, FALSE, TRUE);
    while (self->open->len > 0)
        answer(self->open->pdata[0], FALSE);
    pins_unref(self);
}

gboolean
play_page_pins_check(PlayPagePins *self, const char *hash, const char *pin,
                     PlayPagePinsFunc func, gpointer data)
{
    Check *check;

    if (self->open->len >= PLAY_PAGE_PINS_MAX_WAITING)
        return FALSE;
    check = g_new0(Check, 1);
    g_atomic_ref_count_inc(&self->refs);
    check->pins = self;
    check->hash = g_strdup(hash);
    check->pin = g_strdup(pin);
    check->func = func;
    check->data = data;
    g_ptr_array_add(self->open, check);
    g_thread_pool_push(self->pool, check, NULL);
    return TRUE;
}
