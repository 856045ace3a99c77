/* throttle.c - see throttle.h */
#include "content/web/throttle.h"

#include <string.h>

/* A person mistypes; so many failures cost nothing yet. */
#define FREE_PAIR    2
#define FREE_ADDRESS 10
#define FREE_ACCOUNT 5
/* At once, for guesses sent side by side are not slower than guesses in a row. */
#define ABREAST_PAIR    3
#define ABREAST_ADDRESS 8
/* A good sign-in is remembered for so long as "has been here". */
#define KNOWN_US (G_GINT64_CONSTANT(90) * 24 * 3600 * G_USEC_PER_SEC)
/* Nobody came back for so long: what was counted is forgotten. */
#define FORGET_US (G_GINT64_CONSTANT(24) * 3600 * G_USEC_PER_SEC)

typedef struct {
    guint failures;
    guint n_open;    /* attempts asked about and not told of */
    gint64 last_us;  /* of the last attempt */
    gint64 until_us; /* no attempt before */
    gint64 known_us; /* of the last good sign-in; 0: never; pairs only */
} Entry;

struct ContentThrottle {
    GHashTable *entries; /* (owned): key -> Entry */
    gint64 spread_us;
};

ContentThrottle *
content_throttle_new(gint64 spread_us)
{
    ContentThrottle *self = g_new0(ContentThrottle, 1);

    self->spread_us = spread_us;
    self->entries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return self;
}

void
content_throttle_free(ContentThrottle *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->entries);
    g_free(self);
}

/* What is asked about: a pair, an address, an account. */
typedef struct {
    char *pair, *address, *account;
} Keys;

static void
keys_clear(Keys *keys)
{
    g_free(keys->pair);
    g_free(keys->address);
    g_free(keys->account);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Keys, keys_clear)

static Keys
keys_of(const char *login, const char *address)
{
    Keys keys = {
        .pair = g_strdup_printf("p %s %.64s", address, login),
        .address = g_strdup_printf("a %s", address),
        .account = g_strdup_printf("l %.64s", login),
    };

    return keys;
}

static gboolean
is_stale(const Entry *entry, gint64 now_us)
{
    gint64 keep_us = entry->known_us > 0 ? KNOWN_US : FORGET_US;

    return now_us - MAX(entry->last_us, entry->known_us) > keep_us && entry->until_us <= now_us;
}

static gboolean
drop_stale(gpointer key, gpointer value, gpointer data)
{
    return is_stale(value, *(gint64 *) data);
}

/* Full of live entries: somebody plays with many addresses. The oldest half goes. */
static void
make_room(ContentThrottle *self, gint64 now_us)
{
    GHashTableIter iter;
    gpointer value;
    gint64 sum_us = 0, mean_us;
    guint count;

    if (g_hash_table_size(self->entries) < CONTENT_THROTTLE_MAX_ENTRIES)
        return;
    g_hash_table_foreach_remove(self->entries, drop_stale, &now_us);
    count = g_hash_table_size(self->entries);
    if (count < CONTENT_THROTTLE_MAX_ENTRIES)
        return;
    g_hash_table_iter_init(&iter, self->entries);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        sum_us += (now_us - ((Entry *) value)->last_us) / (gint64) count;
    mean_us = sum_us;
    g_hash_table_iter_init(&iter, self->entries);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        if (now_us - ((Entry *) value)->last_us >= mean_us)
            g_hash_table_iter_remove(&iter);
    }
}

static Entry *
entry_of(ContentThrottle *self, const char *key, gint64 now_us)
{
    Entry *entry = g_hash_table_lookup(self->entries, key);

    if (entry == NULL) {
        make_room(self, now_us);
        entry = g_new0(Entry, 1);
        entry->last_us = now_us;
        g_hash_table_insert(self->entries, g_strdup(key), entry);
    } else if (is_stale(entry, now_us)) {
        memset(entry, 0, sizeof *entry);
    }
    return entry;
}

/* How long after a failure the next attempt has to wait. */
static gint64
pause_after(guint failures, guint n_free, gint64 most_us)
{
    guint doublings;

    if (failures <= n_free)
        return 0;
    doublings = MIN(failures - n_free - 1, 20u);
    return MIN((gint64) G_USEC_PER_SEC << doublings, most_us);
}

static gint64
wait_of(const Entry *entry, guint n_abreast, gint64 now_us)
{
    gint64 wait_us = MAX(entry->until_us - now_us, 0);

    return entry->n_open >= n_abreast ? MAX(wait_us, G_USEC_PER_SEC) : wait_us;
}

gint64
content_throttle_ask(ContentThrottle *self, const char *login, const char *address,
                     gint64 now_us)
{
    g_auto(Keys) keys = keys_of(login, address);
    Entry *entry = entry_of(self, keys.pair, now_us);
    gint64 wait_us = wait_of(entry, ABREAST_PAIR, now_us);
    gboolean is_known = entry->known_us > 0;

    wait_us =
        MAX(wait_us, wait_of(entry_of(self, keys.address, now_us), ABREAST_ADDRESS, now_us));
    /* Who must wait anyway does not take the account's turn away from its owner. */
    if (wait_us == 0 && !is_known) {
        entry = entry_of(self, keys.account, now_us);
        wait_us = MAX(entry->until_us - now_us, 0);
        if (wait_us == 0)
            entry->until_us =
                now_us + pause_after(entry->failures, FREE_ACCOUNT, self->spread_us);
    }
    if (wait_us == 0) {
        entry_of(self, keys.pair, now_us)->n_open++;
        entry_of(self, keys.address, now_us)->n_open++;
    }
    return wait_us;
}

static void
close_attempt(Entry *entry)
{
    if (entry->n_open > 0) /* it may have been forgotten in between */
        entry->n_open--;
}

static void
fail(Entry *entry, guint n_free, gint64 most_us, gint64 now_us)
{
    entry->failures++;
    entry->last_us = now_us;
    entry->until_us = now_us + pause_after(entry->failures, n_free, most_us);
}

void
content_throttle_tell(ContentThrottle *self, const char *login, const char *address,
                      gboolean ok, gint64 now_us)
{
    g_auto(Keys) keys = keys_of(login, address);
    Entry *pair = entry_of(self, keys.pair, now_us);
    gboolean is_known = pair->known_us > 0;

    close_attempt(pair);
    pair->last_us = now_us;
    if (ok) {
        pair->failures = 0;
        pair->until_us = 0;
        pair->known_us = now_us;
        close_attempt(entry_of(self, keys.address, now_us));
        return;
    }
    fail(pair, FREE_PAIR, CONTENT_THROTTLE_MOST_US, now_us);
    pair = NULL; /* looking another one up may let it go */
    close_attempt(entry_of(self, keys.address, now_us));
    fail(entry_of(self, keys.address, now_us), FREE_ADDRESS, CONTENT_THROTTLE_MOST_US, now_us);
    if (!is_known)
        fail(entry_of(self, keys.account, now_us), FREE_ACCOUNT, self->spread_us, now_us);
}

void
content_throttle_drop(ContentThrottle *self, const char *login, const char *address,
                      gint64 now_us)
{
    g_auto(Keys) keys = keys_of(login, address);

    close_attempt(entry_of(self, keys.pair, now_us));
    close_attempt(entry_of(self, keys.address, now_us));
}

guint
content_throttle_size(ContentThrottle *self)
{
    return g_hash_table_size(self->entries);
}
