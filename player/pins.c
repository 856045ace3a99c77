/* pins.c - see pins.h */
#include "player/pins.h"

#include <sodium.h>
#include <string.h>

#include "content/grant.h"
#include "player/cue/local-judge.h"

/* An account that somebody guesses at. */
typedef struct {
    guint n_wrong;   /* in a row */
    gint64 until_us; /* monotonic: nothing is checked before */
    gboolean is_busy;
} Tries;

struct PlayPins {
    ContentClock *clock;
    GThreadPool *pool;
    GHashTable *tries; /* account -> Tries */
    guint n_waiting;
    gboolean is_closed; /* what is still on its way back finds nothing to note */
};

typedef struct {
    PlayPins *pins; /* a reference */
    char *account, *hash, *pin;
    gboolean is_right;
} Check;

static void
clear_pins(gpointer data)
{
    g_hash_table_unref(((PlayPins *) data)->tries);
}

static void
check_free(gpointer data)
{
    Check *check = data;

    g_atomic_rc_box_release_full(check->pins, clear_pins);
    g_free(check->account);
    g_free(check->hash);
    sodium_memzero(check->pin, strlen(check->pin));
    g_free(check->pin);
    g_free(check);
}

/* Runs in the worker thread; reports back through the task alone. */
static void
check_in_thread(gpointer data, gpointer user_data)
{
    g_autoptr(GTask) task = data;
    Check *check = g_task_get_task_data(task);

    check->is_right =
        crypto_pwhash_str_verify(check->hash, check->pin, strlen(check->pin)) == 0;
    g_task_return_boolean(task, TRUE);
}

PlayPins *
play_pins_new(ContentClock *clock)
{
    PlayPins *self = g_atomic_rc_box_new0(PlayPins);

    self->clock = clock;
    self->pool = g_thread_pool_new(check_in_thread, self, 1, FALSE, NULL);
    self->tries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return self;
}

void
play_pins_free(PlayPins *self)
{
    if (self == NULL)
        return;
    g_thread_pool_free(self->pool, FALSE, TRUE);
    self->is_closed = TRUE;
    g_atomic_rc_box_release_full(self, clear_pins);
}

/* Accounts come from grants, so there are no more than those name. */
static Tries *
tries_of(PlayPins *self, const char *account)
{
    Tries *tries = g_hash_table_lookup(self->tries, account);

    if (tries == NULL) {
        tries = g_new0(Tries, 1);
        g_hash_table_insert(self->tries, g_strdup(account), tries);
    }
    return tries;
}

/* Returns: how long this account waits after so many wrong ones */
static gint64
wait_us(guint n_wrong)
{
    guint n_doubled = n_wrong - PLAY_PINS_TRIES;

    if (n_wrong < PLAY_PINS_TRIES)
        return 0;
    return n_doubled >= 5 ? PLAY_PINS_WAIT_MAX_US
                          : MIN(PLAY_PINS_WAIT_US << n_doubled, PLAY_PINS_WAIT_MAX_US);
}

/* Returns: (nullable): why it is not even looked at */
static GError *
refusal(PlayPins *self, const Tries *tries, const char *pin)
{
    gint64 left_us = tries->until_us - content_clock_monotonic_us(self->clock);

    if (left_us > 0)
        return g_error_new(PLAY_LOCAL_ERROR, PLAY_LOCAL_ERROR_PIN_WAIT,
                           "too many wrong PINs: again in %" G_GINT64_FORMAT " s",
                           (left_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
    if (tries->is_busy || self->n_waiting >= PLAY_PINS_MAX_WAITING)
        return g_error_new(PLAY_LOCAL_ERROR, PLAY_LOCAL_ERROR_PIN_WAIT,
                           "another PIN is being checked: again in 1 s");
    if (strlen(pin) > CONTENT_PIN_MAX_DIGITS)
        return g_error_new(PLAY_LOCAL_ERROR, PLAY_LOCAL_ERROR_PIN, "the PIN is wrong");
    return NULL;
}

static void
settle(Check *check)
{
    PlayPins *self = check->pins;
    Tries *tries;

    if (self->is_closed)
        return;
    tries = tries_of(self, check->account);
    tries->is_busy = FALSE;
    self->n_waiting--;
    tries->n_wrong = check->is_right ? 0 : tries->n_wrong + 1;
    tries->until_us = content_clock_monotonic_us(self->clock) + wait_us(tries->n_wrong);
}

static void
on_checked(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GTask) asker = data;
    Check *check = g_task_get_task_data(G_TASK(result));

    settle(check);
    if (check->is_right)
        g_task_return_boolean(asker, TRUE);
    else
        g_task_return_new_error(asker, PLAY_LOCAL_ERROR, PLAY_LOCAL_ERROR_PIN,
                                "the PIN is wrong");
}

void
play_pins_check_async(PlayPins *self, const char *account, const char *hash, const char *pin,
                      GAsyncReadyCallback callback, gpointer data)
{
    GTask *asker = g_task_new(NULL, NULL, callback, data);
    Tries *tries = tries_of(self, account);
    GError *error = refusal(self, tries, pin);
    Check *check;
    GTask *work;

    if (error != NULL) {
        g_task_return_error(asker, error);
        g_object_unref(asker);
        return;
    }
    tries->is_busy = TRUE;
    self->n_waiting++;
    check = g_new0(Check, 1);
    *check = (Check){g_atomic_rc_box_acquire(self), g_strdup(account), g_strdup(hash),
                     g_strdup(pin), FALSE};
    work = g_task_new(NULL, NULL, on_checked, asker);
    g_task_set_task_data(work, check, check_free);
    g_thread_pool_push(self->pool, work, NULL);
}

gboolean
play_pins_check_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_boolean(G_TASK(result), error);
}
