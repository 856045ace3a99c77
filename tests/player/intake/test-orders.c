/*
 * test-orders.c - alerts and stops at the station's door: who may say them, when, and how
 * often.
 *
 * Real signatures and a real keep.db; a reboot is the same file opened anew.
 */
#include "player/intake/orders.h"

#include <string.h>

#include "player/intake/intake-core.h"
#include "tests/support/alert-builder.h"
#include "tests/support/district.h"
#include "tests/support/event-tape.h"
#include "tests/support/plan-builder.h"
#include "tests/support/scratch.h"

#define STATION "ia-pa"
#define TZ      "Asia/Ho_Chi_Minh"
#define NOW     G_GINT64_CONSTANT(1772409600000000)
#define HOUR_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

typedef struct {
    char *folder;
    TestDistrict *district;
    ContentSealKey *key, *limited; /* of the role; the second for village cho alone */
    ContentSealKey *own;           /* the station's */
    ContentKeys *keys;
    PlayKeep *keep;
    PlayVerify *verify;
    PlayOrders *orders;
    EventTape *tape;
    PlayVerifyTime time;
    guint n_asked;
} Fixture;

static void
on_alert(ContentAlert *alert, PlayOrderOrigin origin, gpointer data)
{
    static const char *const words[] = {"fresh", "kept", "ended"};

    event_tape_add(((Fixture *) data)->tape, "alert %s %s", alert->id, words[origin]);
    content_alert_free(alert);
}

static void
on_stop(ContentStop *stop, gpointer data)
{
    event_tape_add(((Fixture *) data)->tape, "stop %s", stop->id);
    content_stop_free(stop);
}

static void
on_refused(const ContentRemark *why, gpointer data)
{
    event_tape_add(((Fixture *) data)->tape, "%s %s", why->code, why->subject);
}

static void
on_ask_time(gpointer data)
{
    ((Fixture *) data)->n_asked++;
}

static void
on_local(ContentAlert *alert, ContentLocalOrder *order, PlayOrderOrigin origin, gpointer data)
{
    static const char *const words[] = {"fresh", "kept", "ended"};

    event_tape_add(((Fixture *) data)->tape, "local %s by %s under %s %s", alert->id, order->by,
                   order->grant, words[origin]);
    content_alert_free(alert);
    content_local_order_free(order);
}

static const PlayOrdersEvents events = {on_alert, on_stop, on_refused, on_ask_time, on_local};

static void
start(Fixture *f)
{
    g_autoptr(ContentStationSettings) settings = plan_builder_settings(TZ, "o1:cho o1:suoi");
    g_autoptr(GError) error = NULL;

    f->keep =
        play_keep_open(f->folder, STATION, content_seal_key_public(f->district->root), &error);
    g_assert_no_error(error);
    f->verify = play_verify_new(STATION, content_seal_key_public(f->district->root), &error);
    g_assert_no_error(error);
    play_verify_take_keys(f->verify, f->keys, FALSE);
    play_verify_set_places(f->verify, settings);
    g_assert_true(play_verify_set_own(f->verify, content_seal_key_public(f->own), &error));
    f->orders = play_orders_new(f->keep, f->verify, &events, f);
    play_orders_announce(f->orders, f->time);
}

static void
finish(Fixture *f)
{
    play_orders_free(f->orders);
    play_verify_free(f->verify);
    play_keep_free(f->keep);
}

static void
reboot(Fixture *f)
{
    finish(f);
    start(f);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    const ContentKey *row;

    f->folder = test_scratch_new();
    f->tape = event_tape_new();
    f->time = (PlayVerifyTime){NOW, TRUE, FALSE};
    f->district = test_district_new();
    f->key = content_seal_key_generate();
    f->limited = content_seal_key_generate();
    f->own = content_seal_key_generate();
    f->keys = test_district_keys(f->district, NOW - HOUR_US);
    test_district_add_key(f->keys, f->key, CONTENT_ROLE_ALERT, NOW - 100 * HOUR_US,
                          NOW + 100 * HOUR_US);
    test_district_add_key(f->keys, f->limited, CONTENT_ROLE_ALERT, NOW - 100 * HOUR_US,
                          NOW + 100 * HOUR_US);
    row = f->keys->keys->pdata[f->keys->keys->len - 1];
    g_ptr_array_add(row->scope, g_strdup("cho"));
    start(f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    finish(f);
    event_tape_free(f->tape);
    content_keys_free(f->keys);
    content_seal_key_free(f->key);
    content_seal_key_free(f->limited);
    content_seal_key_free(f->own);
    test_district_free(f->district);
    test_scratch_free(f->folder);
}

static GBytes *
seal_alert(ContentSealKey *key, const char *id, const char *area, gint64 issued_us)
{
    g_autoptr(ContentAlert) alert = alert_builder_new(id, area, "vi", issued_us);

    return test_seal(key, &content_alert_type, alert, NULL, 0);
}

static GBytes *
seal_stop(ContentSealKey *key, const char *id, const char *alert, gint64 issued_us)
{
    g_autoptr(ContentStop) stop = alert_builder_stop(id, alert, NULL, issued_us);

    return test_seal(key, &content_stop_type, stop, NULL, 0);
}

static void
take_alert(Fixture *f, ContentSealKey *key, const char *id, const char *area, gint64 issued_us)
{
    g_autoptr(GBytes) envelope = seal_alert(key, id, area, issued_us);

    play_orders_take(f->orders, &content_alert_type, envelope, f->time);
}

static void
take_stop(Fixture *f, const char *id, const char *alert, gint64 issued_us)
{
    g_autoptr(GBytes) envelope = seal_stop(f->key, id, alert, issued_us);

    play_orders_take(f->orders, &content_stop_type, envelope, f->time);
}

/* ---- who may, and when ---- */

typedef enum { BY_ROLE, BY_LIMITED, BY_MANIFEST_KEY, BY_STRANGER } Signer;

/* clang-format off */
static const struct {
    const char *why;
    Signer signer;
    const char *area;
    gint64 issued_s; /* from now */
    const char *tape;
} doors[] = {
    { "a key of the role, fresh", BY_ROLE, "xa", -1, "alert a fresh" },
    { "two trusted clocks may be so far apart", BY_ROLE, "xa", 290, "alert a fresh" },
    { "from the future", BY_ROLE, "xa", 310, "refused_early alert" },
    { "its ten minutes are over", BY_ROLE, "xa", -601, "refused_expired alert" },
    { "signed by the key of manifests", BY_MANIFEST_KEY, "xa", -1, "refused_role alert" },
    { "signed by nobody we know", BY_STRANGER, "xa", -1, "refused_key alert" },
    { "a key for that village alone", BY_LIMITED, "cho", -1, "alert a fresh" },
    { "a key for another village than it is to sound in", BY_LIMITED, "xa", -1, "refused_scope alert" },
    { "a key for another village, and nobody here concerned", BY_LIMITED, "xa-khac", -1, "alert a fresh" },
};
/* clang-format on */

static void
test_doors(Fixture *f, gconstpointer data)
{
    g_autoptr(ContentSealKey) stranger = content_seal_key_generate();

    for (gsize i = 0; i < G_N_ELEMENTS(doors); i++) {
        ContentSealKey *const signers[] = {f->key, f->limited, f->district->online, stranger};

        g_test_message("%s", doors[i].why);
        take_alert(f, signers[doors[i].signer], "a", doors[i].area,
                   NOW + doors[i].issued_s * G_USEC_PER_SEC);
        event_tape_expect(f->tape, doors[i].tape);
        tear_down(f, NULL);
        *f = (Fixture){0};
        set_up(f, NULL);
    }
}

/* Every byte of the envelope, one after the other. */
static void
test_altered(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) envelope = seal_alert(f->key, "a", "xa", NOW);
    gsize n_bytes = g_bytes_get_size(envelope);

    for (gsize i = 0; i < n_bytes; i++) {
        g_autofree guint8 *bytes = g_memdup2(g_bytes_get_data(envelope, NULL), n_bytes);
        g_autoptr(GBytes) changed = NULL;
        g_autofree char *told = NULL;

        bytes[i] ^= 1;
        changed = g_bytes_new(bytes, n_bytes);
        play_orders_take(f->orders, &content_alert_type, changed, f->time);
        while ((told = event_tape_take(f->tape)) != NULL) {
            /* minisign's first line is a comment that nobody signs. */
            g_assert_true(g_str_has_prefix(told, "refused_") || i < 60);
            g_clear_pointer(&told, g_free);
        }
    }
}

/* An alert is no stop, and neither comes as the other. */
static void
test_other_path(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) alert = seal_alert(f->key, "a", "xa", NOW);
    g_autoptr(GBytes) stop = seal_stop(f->key, "s", "a", NOW);

    play_orders_take(f->orders, &content_stop_type, alert, f->time);
    play_orders_take(f->orders, &content_alert_type, stop, f->time);
    event_tape_expect(f->tape, "refused_type stop");
    event_tape_expect(f->tape, "refused_type alert");
}

/* ---- how often ---- */

/* 250 genuine alerts and 250 stops, said again while they live, after a reboot, when their time
 * is over, and after a reboot then. */
static void
test_replay(Fixture *f, gconstpointer data)
{
    g_autoptr(GPtrArray) said = g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);
    guint n;

    for (guint i = 0; i < 250; i++) {
        g_autofree char *id = g_strdup_printf("a%u", i);
        g_autofree char *stop = g_strdup_printf("s%u", i);

        g_ptr_array_add(said, seal_alert(f->key, id, "xa", NOW - i * G_USEC_PER_SEC));
        g_ptr_array_add(said, seal_stop(f->key, stop, id, NOW - i * G_USEC_PER_SEC));
    }
    for (guint round = 0; round < 5; round++) {
        char *told;

        if (round == 2 || round == 4)
            reboot(f);
        if (round == 3)
            f->time.now_us = NOW + 25 * HOUR_US;
        /* What is kept was announced at the reboot; it is no order of now. */
        while ((told = event_tape_take(f->tape)) != NULL)
            g_free(told);
        for (guint i = 0; i < said->len; i++)
            play_orders_take(f->orders, i % 2 == 0 ? &content_alert_type : &content_stop_type,
                             said->pdata[i], f->time);
        for (n = 0; (told = event_tape_take(f->tape)) != NULL; g_free(told))
            n += g_str_has_prefix(told, "refused_expired") ? 0 : 1;
        g_assert_cmpuint(n, ==, round == 0 ? 500 : 0);
        play_orders_look(f->orders, f->time);
    }
}

/* What was not over comes back after a reboot, stops first; what was does not sound again. */
static void
test_reboot(Fixture *f, gconstpointer data)
{
    take_alert(f, f->key, "a", "xa", NOW);
    take_alert(f, f->key, "b", "xa", NOW);
    take_stop(f, "s", "c", NOW);
    event_tape_expect(f->tape, "alert a fresh");
    event_tape_expect(f->tape, "alert b fresh");
    event_tape_expect(f->tape, "stop s");
    play_orders_done(f->orders, "a");
    reboot(f);
    event_tape_expect(f->tape, "stop s");
    event_tape_expect(f->tape, "alert a ended");
    event_tape_expect(f->tape, "alert b kept");
    /* One that ran out meanwhile is told all the same: the cue has to say what became of it. */
    f->time.now_us = NOW + HOUR_US;
    reboot(f);
    event_tape_expect(f->tape, "stop s");
    event_tape_expect(f->tape, "alert a ended");
    event_tape_expect(f->tape, "alert b kept");
    f->time.now_us = NOW + 25 * HOUR_US;
    play_orders_look(f->orders, f->time);
    reboot(f);
}

/* ---- while nobody vouches for the clock ---- */

/* A machine that woke up a day ago by its own clock: an old alert looks fresh. */
static void
test_untrusted(Fixture *f, gconstpointer data)
{
    f->time = (PlayVerifyTime){NOW - 24 * HOUR_US, FALSE, FALSE};
    take_alert(f, f->key, "cu", "xa", NOW - 24 * HOUR_US);
    take_alert(f, f->key, "moi", "xa", NOW);
    take_alert(f, f->key, "moi", "xa", NOW);
    event_tape_expect(f->tape, "alert_untimed alert");
    event_tape_expect(f->tape, "alert_untimed alert");
    g_assert_cmpuint(f->n_asked, ==, 2);
    play_orders_look(f->orders, f->time);
    /* The district answers over our nonce: the clock is trusted, and right. */
    f->time = (PlayVerifyTime){NOW, TRUE, FALSE};
    play_orders_look(f->orders, f->time);
    event_tape_expect(f->tape, "refused_expired alert");
    event_tape_expect(f->tape, "alert moi fresh");
    play_orders_look(f->orders, f->time);
}

/* ---- what the station ordered itself ---- */

/* @alert: (nullable): NULL: a stop */
static GBytes *
seal_local(ContentSealKey *key, const char *station, const ContentAlert *alert,
           const ContentStop *stop)
{
    g_autoptr(ContentLocalOrder) order = content_document_new(&content_local_order_type);
    g_autoptr(GBytes) bytes = alert != NULL
                                  ? content_document_write(&content_alert_type, alert, NULL)
                                  : content_document_write(&content_stop_type, stop, NULL);
    char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));

    order->station = g_strdup(station);
    order->grant = g_strdup("g1");
    order->by = g_strdup("an");
    if (alert != NULL)
        order->alert = text;
    else
        order->stop = text;
    return test_seal(key, &content_local_order_type, order, station, 0);
}

static void
take_local(Fixture *f, GBytes *envelope)
{
    play_orders_take(f->orders, &content_local_order_type, envelope, f->time);
}

/* Told at once, also while nobody knows the time; once, also after a reboot; and the stop with
 * it. */
static void
test_local(Fixture *f, gconstpointer data)
{
    g_autoptr(ContentAlert) alert = alert_builder_new("a", "cho", "vi", NOW - HOUR_US);
    g_autoptr(ContentAlert) other = alert_builder_new("b", "cho", "vi", NOW);
    g_autoptr(ContentStop) stop = alert_builder_stop("s", "b", NULL, NOW);
    g_autoptr(GBytes) first = seal_local(f->own, STATION, alert, NULL);
    g_autoptr(GBytes) second = seal_local(f->own, STATION, other, NULL);
    g_autoptr(GBytes) end = seal_local(f->own, STATION, NULL, stop);

    f->time = (PlayVerifyTime){NOW - HOUR_US, FALSE, FALSE};
    take_local(f, first);
    event_tape_expect(f->tape, "local a by an under g1 fresh");
    take_local(f, first);
    f->time = (PlayVerifyTime){NOW, TRUE, FALSE};
    take_local(f, second);
    event_tape_expect(f->tape, "local b by an under g1 fresh");
    take_local(f, end);
    event_tape_expect(f->tape, "stop s");
    play_orders_done(f->orders, "b");
    reboot(f);
    event_tape_expect(f->tape, "stop s");
    event_tape_expect(f->tape, "local a by an under g1 kept");
    event_tape_expect(f->tape, "local b by an under g1 ended");
    take_local(f, first);
    take_local(f, second);
    take_local(f, end);
    /* The same alert by the district is the same alert. */
    take_alert(f, f->key, "b", "xa", NOW);
}

/* Only what this station signed, only by that path, and nothing else that it signed. */
static void
test_local_doors(Fixture *f, gconstpointer data)
{
    g_autoptr(ContentAlert) alert = alert_builder_new("a", "cho", "vi", NOW);
    g_autoptr(ContentSealKey) stranger = content_seal_key_generate();
    g_autoptr(ContentLocalOrder) hollow = content_document_new(&content_local_order_type);
    /* clang-format off */
    const struct { const char *why; ContentSealKey *key; const char *station, *tape; } cases[] = {
        { "another station's key",       stranger,            STATION,   "refused_key local-order" },
        { "the district's key of alerts", f->key,             STATION,   "refused_role local-order" },
        { "the root",                    f->district->root,   STATION,   "refused_role local-order" },
        { "of another station",          f->own,              "another", "refused_audience local-order" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) envelope = seal_local(cases[i].key, cases[i].station, alert, NULL);

        g_test_message("%s", cases[i].why);
        take_local(f, envelope);
        event_tape_expect(f->tape, cases[i].tape);
    }
    {
        g_autoptr(GBytes) order = seal_local(f->own, STATION, alert, NULL);
        g_autoptr(GBytes) bare = test_seal(f->own, &content_alert_type, alert, NULL, 0);
        g_autoptr(GBytes) empty = NULL;

        play_orders_take(f->orders, &content_alert_type, order, f->time);
        event_tape_expect(f->tape, "refused_type alert");
        play_orders_take(f->orders, &content_alert_type, bare, f->time);
        event_tape_expect(f->tape, "refused_role alert");
        hollow->station = g_strdup(STATION);
        hollow->grant = g_strdup("g1");
        hollow->by = g_strdup("an");
        hollow->alert = g_strdup("{}");
        empty = test_seal(f->own, &content_local_order_type, hollow, STATION, 0);
        take_local(f, empty);
        event_tape_expect(f->tape, "refused_other local-order");
    }
}

static void
test_too_many_wait(Fixture *f, gconstpointer data)
{
    f->time.is_trusted = FALSE;
    for (guint i = 0; i <= PLAY_ORDERS_MAX_WAITING; i++) {
        g_autofree char *id = g_strdup_printf("a%u", i);

        take_alert(f, f->key, id, "xa", NOW);
        event_tape_expect(f->tape, i < PLAY_ORDERS_MAX_WAITING ? "alert_untimed alert"
                                                               : "alert_too_many alert");
    }
}

/* ---- audio that is not here ---- */

static void
test_audio_first(Fixture *f, gconstpointer data)
{
    g_autoptr(GHashTable) here = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) queue = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *hash = plan_builder_hash("a-vi");

    take_alert(f, f->key, "a", "xa", NOW);
    event_tape_expect(f->tape, "alert a fresh");
    g_ptr_array_add(queue, g_new0(PlayFetchItem, 1));
    play_orders_queue(f->orders, here, queue);
    g_assert_cmpuint(queue->len, ==, 2);
    g_assert_cmpstr(((PlayFetchItem *) queue->pdata[0])->hash, ==, hash);
    g_assert_cmpint(((PlayFetchItem *) queue->pdata[0])->size_bytes, ==, 1000);
    play_orders_name_objects(f->orders, named);
    g_assert_true(g_hash_table_contains(named, hash));
    g_hash_table_add(here, g_strdup(hash));
    play_orders_queue(f->orders, here, queue);
    g_assert_cmpuint(queue->len, ==, 2);
    play_orders_done(f->orders, "a");
    g_hash_table_remove_all(here);
    play_orders_queue(f->orders, here, queue);
    g_assert_cmpuint(queue->len, ==, 2);
}

#define ADD(name, function)                                                                    \
    g_test_add("/player/intake/orders/" name, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("doors", test_doors);
    ADD("altered", test_altered);
    ADD("other-path", test_other_path);
    ADD("replay", test_replay);
    ADD("reboot", test_reboot);
    ADD("untrusted", test_untrusted);
    ADD("local", test_local);
    ADD("local-doors", test_local_doors);
    ADD("too-many-wait", test_too_many_wait);
    ADD("audio-first", test_audio_first);
    return g_test_run();
}
