/* publisher.c - see publisher.h */
#include "scheduler/publish/publisher.h"

#include "content/exchange.h"
#include "scheduler/publish/asking.h"
#include "scheduler/publish/patience.h"
#include "scheduler/publish/round.h"
#include "scheduler/publish/sign.h"

/* What was issued to a station, and when we last spoke to it about it. */
typedef struct {
    char *station; /* (owned) */
    gint64 version;
    gint64 issued_us;
    gint64 pushed_us;     /* monotonic; 0: never */
    gint64 asked_us;      /* monotonic; 0: never */
    gint64 hello_us;      /* monotonic: its last hello; 0: none since our start */
    gint64 heard_us;      /* monotonic: its first other word before a hello; 0: none */
    gint64 keys_version;  /* of the keys document it said it goes by; 0: not said yet */
    gint64 renew_us;      /* UTC */
    GSequenceIter *place; /* in the order of renewal */
} Known;

struct SchedPublisher {
    SchedStore *store;                  /* (not owned) */
    SchedKeys *signers;                 /* (not owned) */
    char *keys;                         /* (owned) */
    ContentClock *clock;                /* (not owned) */
    const SchedPublisherEvents *events; /* (not owned) */
    gpointer user_data;
    SchedLink *link;         /* (not owned) (nullable): NULL before the start */
    GHashTable *known;       /* (owned): station -> Known */
    GSequence *renewals;     /* (owned) (element-type Known): by renew_us */
    GHashTable *to_renew;    /* (owned): station: in the next round, whatever its contents */
    GHashTable *told;        /* (owned) (element-type utf8): rows left out, as they were told */
    SchedPatience *patience; /* (owned): stations in trouble; "": the store */
    guint renew_alarm;
    guint retry_alarm;
    gint64 round_us;       /* monotonic: when the round under way began */
    SchedAsking *asking;   /* (owned) */
    gboolean is_working;   /* a round is under way */
    gboolean is_wanted;    /* another one is to follow */
    GMainContext *context; /* (owned) */
};

static void work(SchedPublisher *self);

/* --- when to renew -------------------------------------------------------------------------
 */

static gint
compare_renewals(gconstpointer a, gconstpointer b, gpointer user_data)
{
    const Known *first = a, *second = b;

    return first->renew_us < second->renew_us ? -1 : first->renew_us > second->renew_us;
}

static void
on_renewals_due(gpointer user_data)
{
    SchedPublisher *self = user_data;
    gint64 now_us = content_clock_utc_us(self->clock);
    GSequenceIter *place = g_sequence_get_begin_iter(self->renewals);

    self->renew_alarm = 0;
    while (!g_sequence_iter_is_end(place)) {
        const Known *known = g_sequence_get(place);

        if (known->renew_us > now_us)
            break;
        g_hash_table_add(self->to_renew, g_strdup(known->station));
        place = g_sequence_iter_next(place);
    }
    work(self);
}

static void
set_renew_alarm(SchedPublisher *self)
{
    GSequenceIter *first = g_sequence_get_begin_iter(self->renewals);

    content_clock_cancel(self->clock, self->renew_alarm);
    self->renew_alarm = 0;
    if (self->link == NULL || g_sequence_iter_is_end(first))
        return;
    self->renew_alarm =
        content_clock_alarm_utc(self->clock, ((const Known *) g_sequence_get(first))->renew_us,
                                on_renewals_due, self);
}

static void
known_free(gpointer data)
{
    Known *known = data;

    g_free(known->station);
    g_free(known);
}

/* Notes what was issued. The spread comes from the name, so that a fleet does not come at once.
 */
static Known *
note_issued(SchedPublisher *self, const char *station, gint64 version, gint64 issued_us)
{
    Known *known = g_hash_table_lookup(self->known, station);

    if (known == NULL) {
        known = g_new0(Known, 1);
        known->station = g_strdup(station);
        g_hash_table_insert(self->known, known->station, known);
    } else {
        g_sequence_remove(known->place);
    }
    known->version = version;
    known->issued_us = issued_us;
    known->renew_us =
        issued_us + SCHED_RENEW_AFTER_US +
        g_str_hash(station) % (SCHED_RENEW_SPREAD_US / G_USEC_PER_SEC) * G_USEC_PER_SEC;
    known->place = g_sequence_insert_sorted(self->renewals, known, compare_renewals, NULL);
    return known;
}

/* --- rounds --------------------------------------------------------------------------------
 */

static void
on_retry(gpointer user_data)
{
    SchedPublisher *self = user_data;

    self->retry_alarm = 0;
    work(self);
}

static void
set_retry_alarm(SchedPublisher *self)
{
    gint64 next_us = sched_patience_next_us(self->patience);

    content_clock_cancel(self->clock, self->retry_alarm);
    self->retry_alarm =
        next_us == 0 ? 0 : content_clock_alarm_monotonic(self->clock, next_us, on_retry, self);
}

/* The first document came with the enrolment; any later one is told until it is known there. */
static void
push_keys(SchedPublisher *self, const Known *known)
{
    gint64 version = sched_keys_content(self->signers)->version;

    if (self->link != NULL && version > MAX(known->keys_version, 1))
        sched_link_say(self->link, known->station, SCHED_SAY_MANIFEST,
                       sched_keys_envelope(self->signers));
}

static void
push(SchedPublisher *self, Known *known, GBytes *envelope)
{
    known->pushed_us = content_clock_monotonic_us(self->clock);
    push_keys(self, known);
    if (self->link != NULL) /* NULL: we are stopping, and it is on disk for the next start */
        sched_link_say(self->link, known->station, SCHED_SAY_MANIFEST, envelope);
}

/*
 * Nothing was issued to a station that was due: it is in trouble, or not in use any more. It
 * must not stay due, or the alarm would fire again at once and for ever.
 */
static void
postpone(SchedPublisher *self, const char *station)
{
    Known *known = g_hash_table_lookup(self->known, station);
    gint64 now_us = content_clock_utc_us(self->clock);

    if (known == NULL || known->renew_us > now_us)
        return;
    known->renew_us = now_us + SCHED_RENEW_SPREAD_US;
    g_sequence_sort_changed(known->place, compare_renewals, NULL);
}

/* What the round was to renew and did not. */
static void
take_rest(SchedPublisher *self, const SchedRound *round)
{
    GHashTableIter renewals;
    gpointer station;

    for (guint i = 0; i < round->left->len; i++)
        g_hash_table_add(self->to_renew, g_strdup(g_ptr_array_index(round->left, i)));
    for (guint i = 0; i < round->troubles->len; i++) {
        const SchedRoundTrouble *trouble = g_ptr_array_index(round->troubles, i);

        /* Out of the outbox it comes back by itself; a renewal would be forgotten. */
        if (g_hash_table_contains(round->renew, trouble->station))
            g_hash_table_add(self->to_renew, g_strdup(trouble->station));
    }
    g_hash_table_iter_init(&renewals, round->renew);
    while (g_hash_table_iter_next(&renewals, &station, NULL))
        postpone(self, station);
}

/* A trouble that lasts is told once. */
static void
note_failure(SchedPublisher *self, const char *station, gint64 last_id, const char *words)
{
    if (sched_patience_failed(self->patience, station == NULL ? "" : station, last_id, words,
                              content_clock_monotonic_us(self->clock)) &&
        !g_hash_table_contains(self->told, words))
        self->events->trouble(station, words, self->user_data);
}

/* A row that keeps a station from being planned at all was told as that station's trouble. */
static void
tell_left_out(SchedPublisher *self, const SchedRound *round)
{
    g_autoptr(GHashTable) of_stations = sched_patience_words(self->patience);
    GHashTable *lasting = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < round->left_out->len; i++) {
        const SchedTrouble *trouble = g_ptr_array_index(round->left_out, i);

        if (g_hash_table_add(lasting, g_strdup(trouble->words)) &&
            !g_hash_table_contains(self->told, trouble->words) &&
            !g_hash_table_contains(of_stations, trouble->words))
            self->events->trouble(NULL, trouble->words, self->user_data);
    }
    g_hash_table_unref(self->told);
    self->told = lasting;
}

/* Who failed waits; who was to be tried and is not to be found any more is forgotten. */
static void
take_failures(SchedPublisher *self, const SchedRound *round)
{
    sched_patience_succeeded(self->patience, "");
    for (guint i = 0; i < round->settled->len; i++)
        sched_patience_succeeded(self->patience, g_ptr_array_index(round->settled, i));
    for (guint i = 0; i < round->troubles->len; i++) {
        const SchedRoundTrouble *trouble = g_ptr_array_index(round->troubles, i);

        note_failure(self, trouble->station, trouble->last_id, trouble->words);
    }
    if (!round->has_more)
        sched_patience_drop_due(self->patience, self->round_us);
}

static void
take_round(SchedPublisher *self, const SchedRound *round)
{
    for (guint i = 0; i < round->issued->len; i++) {
        const SchedIssued *issued = g_ptr_array_index(round->issued, i);
        Known *known = note_issued(self, issued->station, issued->version, issued->issued_us);

        push(self, known, issued->envelope);
        self->events->issued(issued->station, issued->version, issued->reason, self->user_data);
    }
    take_failures(self, round);
    if (round->has_planned)
        tell_left_out(self, round);
    take_rest(self, round);
    /* Where nobody could be tried, more of the same would not help. */
    self->is_wanted |= round->has_more && round->settled->len + round->troubles->len > 0;
    set_renew_alarm(self);
    set_retry_alarm(self);
}

static void
run_round(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    GError *error = NULL;

    if (sched_round_run(task_data, &error))
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

static void
on_round_over(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SchedPublisher *self = user_data;
    const SchedRound *round = g_task_get_task_data(G_TASK(result));
    g_autoptr(GError) error = NULL;

    self->is_working = FALSE;
    if (g_task_propagate_boolean(G_TASK(result), &error)) {
        take_round(self, round);
    } else {
        GHashTableIter renewals;
        gpointer station;

        /* What was to be renewed still is. */
        g_hash_table_iter_init(&renewals, round->renew);
        while (g_hash_table_iter_next(&renewals, &station, NULL))
            g_hash_table_add(self->to_renew, g_strdup(station));
        note_failure(self, NULL, 0, error->message);
        set_retry_alarm(self);
    }
    if (self->is_wanted)
        work(self);
}

static void
work(SchedPublisher *self)
{
    g_autoptr(GTask) task = NULL;
    SchedRound *round;

    self->is_wanted = TRUE;
    if (self->is_working || self->link == NULL)
        return;
    self->is_wanted = FALSE;
    self->is_working = TRUE;
    round =
        sched_round_new(self->store, sched_keys_signer(self->signers, CONTENT_ROLE_MANIFEST),
                        self->keys, content_clock_utc_us(self->clock));
    round->alert_key = sched_keys_signer(self->signers, CONTENT_ROLE_ALERT);
    self->round_us = content_clock_monotonic_us(self->clock);
    g_hash_table_unref(round->held);
    round->held = sched_patience_held(self->patience, self->round_us);
    g_hash_table_unref(round->renew);
    round->renew = g_steal_pointer(&self->to_renew);
    self->to_renew = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    task = g_task_new(NULL, NULL, on_round_over, self);
    g_task_set_task_data(task, round, (GDestroyNotify) sched_round_free);
    g_task_run_in_thread(task, run_round);
}

static void
on_outbox(gpointer user_data)
{
    work(user_data);
}

/* --- what stations hold ---------------------------------------------------------------------
 */

typedef struct {
    const char *station;
    GBytes *envelope; /* (owned) (nullable): out */
} Fetch;

static gboolean
read_newest(SchedTxn *txn, gpointer data, GError **error)
{
    Fetch *fetch = data;
    g_autoptr(SchedManifestRow) manifest =
        sched_store_manifest_newest(txn, fetch->station, error);
    g_autoptr(SchedDocumentRow) document = NULL;

    if (manifest == NULL ||
        (document = sched_store_document_get(txn, manifest->hash, error)) == NULL)
        return FALSE;
    fetch->envelope = sched_sign_envelope(document);
    if (fetch->envelope == NULL) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CORRUPT,
                    "manifest %s has no signature", manifest->hash);
        return FALSE;
    }
    return TRUE;
}

static gboolean
is_too_soon(SchedPublisher *self, gint64 last_us)
{
    return last_us != 0 &&
           content_clock_monotonic_us(self->clock) - last_us < SCHED_PUSH_AGAIN_US;
}

static void
push_again(SchedPublisher *self, Known *known)
{
    Fetch fetch = {.station = known->station};
    g_autoptr(GError) error = NULL;

    if (!sched_store_read(self->store, read_newest, &fetch, &error)) {
        self->events->trouble(known->station, error->message, self->user_data);
        return;
    }
    push(self, known, fetch.envelope);
    g_bytes_unref(fetch.envelope);
}

/* Its hello will tell what it holds. */
static void
enquire(SchedPublisher *self, Known *known)
{
    const ContentEnquiry enquiry = {.station = known->station};
    g_autoptr(GError) error = NULL;
    g_autoptr(SchedDocumentRow) row = NULL;
    g_autoptr(GBytes) envelope = NULL;

    known->asked_us = content_clock_monotonic_us(self->clock);
    row = sched_sign(sched_keys_signer(self->signers, CONTENT_ROLE_MANIFEST),
                     &content_enquiry_type, known->station, 0, &enquiry, &error);
    if (row == NULL) {
        self->events->trouble(known->station, error->message, self->user_data);
        return;
    }
    envelope = sched_sign_envelope(row);
    push_keys(self, known);
    sched_link_say(self->link, known->station, SCHED_SAY_ENQUIRY, envelope);
}

/* It speaks, and never said hello: a broker that was told of its rights only then has swallowed
 * that. What it reads and which zones it has would stay unknown until it connects anew. */
static gboolean
has_swallowed_hello(SchedPublisher *self, Known *known)
{
    gint64 now_us = content_clock_monotonic_us(self->clock);

    if (known->hello_us != 0 || is_too_soon(self, known->asked_us))
        return FALSE;
    if (known->heard_us == 0)
        known->heard_us = now_us;
    return now_us - known->heard_us >= SCHED_HELLO_AFTER_US;
}

void
sched_publisher_holds(SchedPublisher *self, const char *station, gint64 version, gint64 floor,
                      gint64 keys_version, gboolean is_hello)
{
    Known *known = g_hash_table_lookup(self->known, station);

    if (known == NULL || self->link == NULL)
        return; /* nothing was ever issued to it; the outbox sees to that */
    if (is_hello) {
        known->keys_version = keys_version;
        known->hello_us = content_clock_monotonic_us(self->clock);
    }
    if (floor > known->version) {
        g_hash_table_add(self->to_renew, g_strdup(station));
        work(self);
    } else if (has_swallowed_hello(self, known)) {
        enquire(self, known);
    } else if (version > known->version) {
        if (!is_too_soon(self, known->asked_us))
            enquire(self, known); /* it is ahead of us: how far? */
    } else if (version < known->version) {
        if (is_hello || !is_too_soon(self, known->pushed_us))
            push_again(self, known);
    } else if (is_hello) {
        push_keys(self, known);
    }
}

/* --- asking all ----------------------------------------------------------------------------
 */

static gboolean
on_ask(const char *station, gint64 since_us, gpointer user_data)
{
    SchedPublisher *self = user_data;
    Known *known = g_hash_table_lookup(self->known, station);

    if (known == NULL || known->hello_us >= since_us || self->link == NULL)
        return FALSE;
    enquire(self, known);
    return TRUE;
}

void
sched_publisher_ask(SchedPublisher *self, const char *station)
{
    Known *known = g_hash_table_lookup(self->known, station);

    if (known != NULL && self->link != NULL)
        enquire(self, known);
}

void
sched_publisher_ask_all(SchedPublisher *self)
{
    sched_asking_begin(self->asking, self->known);
}

/* --- life ----------------------------------------------------------------------------------
 */

static gboolean
read_all_newest(SchedTxn *txn, gpointer data, GError **error)
{
    SchedPublisher *self = data;
    g_autoptr(GPtrArray) rows = sched_store_manifest_newest_all(txn, error);

    if (rows == NULL)
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        const SchedManifestRow *row = g_ptr_array_index(rows, i);

        note_issued(self, row->station, row->version, row->issued_us);
    }
    return TRUE;
}

SchedPublisher *
sched_publisher_new(SchedStore *store, SchedKeys *signers, const char *keys,
                    ContentClock *clock, const SchedPublisherEvents *events, gpointer user_data,
                    GError **error)
{
    g_autoptr(SchedPublisher) self = g_new0(SchedPublisher, 1);

    self->store = store;
    self->signers = signers;
    self->keys = g_strdup(keys);
    self->clock = clock;
    self->events = events;
    self->user_data = user_data;
    self->context = g_main_context_ref_thread_default();
    self->known = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, known_free);
    self->renewals = g_sequence_new(NULL);
    self->to_renew = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->asking = sched_asking_new(clock, on_ask, self);
    self->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->patience = sched_patience_new();
    if (!sched_store_read(store, read_all_newest, self, error))
        return NULL;
    return g_steal_pointer(&self);
}

void
sched_publisher_start(SchedPublisher *self, SchedLink *link)
{
    self->link = link;
    sched_store_on_outbox(self->store, self->context, on_outbox, self);
    set_renew_alarm(self);
    work(self);
}

void
sched_publisher_set_keys(SchedPublisher *self, const char *keys)
{
    GHashTableIter stations;
    gpointer station, known;

    g_free(self->keys);
    self->keys = g_strdup(keys);
    g_hash_table_iter_init(&stations, self->known);
    while (g_hash_table_iter_next(&stations, &station, &known)) {
        push_keys(self, known);
        g_hash_table_add(self->to_renew, g_strdup(station));
    }
    work(self);
}

gboolean
sched_publisher_is_idle(SchedPublisher *self)
{
    return !self->is_working && !self->is_wanted;
}

void
sched_publisher_free(SchedPublisher *self)
{
    if (self == NULL)
        return;
    if (self->link != NULL)
        sched_store_on_outbox(self->store, NULL, NULL, NULL);
    content_clock_cancel(self->clock, self->renew_alarm);
    content_clock_cancel(self->clock, self->retry_alarm);
    self->link = NULL;
    while (self->is_working)
        g_main_context_iteration(self->context, TRUE);
    g_sequence_free(self->renewals);
    g_hash_table_unref(self->known);
    g_hash_table_unref(self->to_renew);
    g_hash_table_unref(self->told);
    sched_patience_free(self->patience);
    sched_asking_free(self->asking);
    g_main_context_unref(self->context);
    g_free(self->keys);
    g_free(self);
}
