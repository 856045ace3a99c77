/*
 * bench-alert.c - how soon a verified alert is heard, and how soon a stop makes it silent.
 *
 * Flow: `bench-alert OPUS ROUNDS` sets up a desk with the real gateway, a simulated relay board
 * and the test card; a programme plays; ROUNDS times an alert is handed over and stopped again,
 * and as often without a programme. One JSON line. Instants are those of the card's samples and
 * of the board's relays.
 */
#include "player/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "player/output/source-file.h"
#include "tests/support/alert-builder.h"
#include "tests/support/plan-builder.h"
#include "tests/support/relay-site.h"
#include "tests/support/scratch.h"
#include "tests/support/testcard.h"
#include "tests/support/wait.h"

#define TZ "Asia/Ho_Chi_Minh"
/* What CONTENT_ALERT_TONE_PULSE sounds like to the card; the programme is a tone of 440 Hz. */
#define ALERT_HZ 900
#define SOUND_US (700 * G_GINT64_CONSTANT(1000))

typedef struct {
    char *folder, *socket, *config;
    TestCards *cards;
    TestChild *sim, *gateway;
    ContentObjectStore *objects;
    ContentClock *clock;
    PlayDesk *desk;
    char *words; /* hash of what the alert says */
    guint n_done, n_alerts;
} Bench;

static ContentTrust
on_trust(gpointer data)
{
    return CONTENT_TRUST_SYNCED;
}

static void
on_record(ContentRecord *record, gpointer data)
{
    content_record_free(record);
}

static void
on_drafts(GPtrArray *drafts, gpointer data)
{
    g_ptr_array_unref(drafts);
}

static void
on_nothing(gpointer data)
{
}

static void
on_object_failed(const char *object, gpointer data)
{
    g_error("%s cannot be played", object);
}

static void
on_gateway(gboolean is_up, const char *words, gpointer data)
{
}

static void
on_alert_done(const char *alert, gpointer data)
{
    ((Bench *) data)->n_done++;
}

static const PlayDeskEvents events = {
    .trust = on_trust,
    .record = on_record,
    .drafts = on_drafts,
    .alert_done = on_alert_done,
    .left = on_nothing,
    .changed = on_nothing,
    .object_failed = on_object_failed,
    .gateway = on_gateway,
};

/* ---- the site ---- */

static void
start_site(Bench *b, const char *opus)
{
    const TestCardSpec card = {.name = "card", .channels = 1};
    PlayDeskOutput output = {(char *) "main", (char *) "card"};
    g_autoptr(GPtrArray) outputs = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *objects = NULL, *text = NULL, *copy = NULL, *bytes = NULL;
    gsize n_bytes;
    guint port = 0;

    b->folder = test_scratch_new();
    b->cards = test_cards_new(b->folder, &card, 1);
    b->socket = g_build_filename(b->folder, "lease.sock", NULL);
    b->sim = test_sim_tcp("1:coils:8", &port);
    text = g_strdup_printf("[gateway]\nsocket=%s\nplayer-users=%u\n"
                           "[line l1]\nkind=tcp\naddress=127.0.0.1\nport=%u\n"
                           "[board b1]\nline=l1\nunit=1\n"
                           "[zone lang]\nrelays=b1/1\namplifier=b1/8\nwarm-up-ms=300\n"
                           "stagger-ms=0\ntail-ms=300\nrest-s=0\n",
                           b->socket, getuid(), port);
    b->config = test_gateway_write_config(b->folder, text);
    b->gateway = test_gateway_start(b->config, b->socket);
    objects = g_build_filename(b->folder, "objects", NULL);
    copy = g_build_filename(b->folder, "words.opus", NULL);
    b->objects = content_object_store_open(objects, &error);
    if (b->objects == NULL || !g_file_get_contents(opus, &bytes, &n_bytes, &error) ||
        !g_file_set_contents(copy, bytes, (gssize) n_bytes, &error))
        g_error("%s", error->message);
    b->words = content_object_store_put_file(b->objects, copy, NULL, &error);
    b->clock = content_clock_system_new();
    g_ptr_array_add(outputs, &output);
    b->desk = play_desk_new(&(PlayDeskConfig){b->socket, 100, outputs}, b->clock, b->objects,
                            &events, b);
}

static void
stop_site(Bench *b)
{
    play_desk_free(b->desk);
    test_child_stop(b->gateway);
    test_child_stop(b->sim);
    content_object_store_free(b->objects);
    content_clock_free(b->clock);
    test_cards_free(b->cards);
    g_free(b->words);
    g_free(b->config);
    g_free(b->socket);
    test_scratch_free(b->folder);
}

/* A tone for an hour, from now on. */
static void
give_programme(Bench *b)
{
    ContentDayPlan *day = plan_builder_day("2026-03-02");
    ContentSegment *segment = plan_builder_add(day, "tin", "main", "lang", "vi",
                                               content_clock_utc_us(b->clock), PLAN_MIN(60));
    g_autoptr(GPtrArray) days = g_ptr_array_new();
    g_autoptr(ContentManifest) manifest = NULL;
    g_autofree char *hash = plan_builder_day_hash("2026-03-02", "");
    PlayCue *cue = play_desk_cue(b->desk);

    segment->source = CONTENT_SOURCE_TONE;
    g_clear_pointer(&segment->object, g_free);
    g_ptr_array_add(days, day);
    manifest = plan_builder_manifest(1, content_clock_utc_us(b->clock), days, "");
    play_cue_take_settings(cue, plan_builder_settings(TZ, "main:lang"));
    play_cue_take_object(cue, b->words, PLAY_OBJECT_HERE);
    play_cue_obey(cue, manifest);
    play_cue_take_day(cue, hash, day, plan_builder_approvals(day), 0);
    play_desk_step(b->desk);
}

/* ---- one alert ---- */

/* Whether the village hears something now, and whether that is an alert. */
static gboolean
is_heard(Bench *b, gboolean is_alert)
{
    g_autoptr(ContentHeartbeat) heartbeat = content_document_new(&content_heartbeat_type);

    play_desk_fill_heartbeat(b->desk, heartbeat);
    for (guint i = 0; i < heartbeat->sounding->len; i++) {
        const ContentSounding *one = heartbeat->sounding->pdata[i];

        if (one->zones->len > 0 && (one->alert != NULL) == is_alert)
            return TRUE;
    }
    return FALSE;
}

static gboolean
on_timeout(gpointer data)
{
    *(gboolean *) data = TRUE;
    return G_SOURCE_REMOVE;
}

static void
let_sound(void)
{
    gboolean is_over = FALSE;

    g_timeout_add((guint) (SOUND_US / 1000), on_timeout, &is_over);
    TEST_WAIT_UNTIL(is_over);
}

static gint64
order(Bench *b)
{
    g_autofree char *id = g_strdup_printf("a%u", b->n_alerts++);
    ContentAlert *alert = alert_builder_new(id, "lang", "vi", content_clock_utc_us(b->clock));
    ContentSpeech *speech = alert->speeches->pdata[0];
    ContentAlertObject *object = alert->objects->pdata[0];
    gint64 at_us;

    alert->tone = CONTENT_ALERT_TONE_PULSE;
    g_ptr_array_set_size(speech->parts, 0);
    g_ptr_array_add(speech->parts, g_strdup(b->words));
    g_free(object->hash);
    object->hash = g_strdup(b->words);
    at_us = content_clock_monotonic_us(b->clock);
    play_desk_alert(b->desk, alert, PLAY_ALERT_FRESH);
    return at_us;
}

static gint64
stop(Bench *b)
{
    gint64 at_us = content_clock_monotonic_us(b->clock);

    play_desk_stop(b->desk,
                   alert_builder_stop("dung", NULL, "lang", content_clock_utc_us(b->clock)));
    return at_us;
}

/* The alert's samples between two instants. */
static void
find_alert(Bench *b, gint64 from_us, gint64 *out_first_us, gint64 *out_last_us)
{
    g_autoptr(TestTimeline) heard = test_cards_listen(b->cards, "card");
    g_autoptr(GArray) sounds = test_timeline_sounds(heard);

    *out_first_us = *out_last_us = 0;
    for (guint i = 0; i < sounds->len; i++) {
        const TestSound *sound = &g_array_index(sounds, TestSound, i);

        if (ABS((gint) sound->hz - ALERT_HZ) > 100 ||
            test_timeline_us(heard, sound->from) < from_us)
            continue;
        if (*out_first_us == 0)
            *out_first_us = test_timeline_us(heard, sound->from);
        *out_last_us = test_timeline_us(heard, sound->to);
    }
}

static void
print_number(const char *before, gint64 us)
{
    printf("%s%" G_GINT64_FORMAT, before, us);
}

/* An alert over a programme: Returns: how long it took */
static gint64
over_programme(Bench *b)
{
    guint n_done = b->n_done;
    gint64 asked_us, first_us, last_us;

    TEST_WAIT_UNTIL(is_heard(b, FALSE));
    let_sound();
    asked_us = order(b);
    TEST_WAIT_UNTIL(is_heard(b, TRUE));
    let_sound();
    stop(b);
    TEST_WAIT_UNTIL(b->n_done > n_done);
    find_alert(b, asked_us, &first_us, &last_us);
    return first_us - asked_us;
}

/* An alert by itself, stopped: the village is silent, and then its relay is open. */
static void
stopped(Bench *b, gint64 *out_silent_us, gint64 *out_open_us)
{
    guint n_done = b->n_done;
    gint64 asked_us = order(b), stopped_us, first_us, last_us;

    TEST_WAIT_UNTIL(is_heard(b, TRUE));
    let_sound();
    stopped_us = stop(b);
    TEST_WAIT_UNTIL(b->n_done > n_done);
    *out_open_us = test_sim_coil(b->sim, 1, 1, FALSE, PLAN_S(5)) - stopped_us;
    let_sound();
    find_alert(b, asked_us, &first_us, &last_us);
    *out_silent_us = MAX(0, last_us - stopped_us);
}

static void
measure(Bench *b, guint n_rounds)
{
    g_autofree gint64 *silent_us = g_new0(gint64, n_rounds);
    g_autofree gint64 *open_us = g_new0(gint64, n_rounds);

    give_programme(b);
    for (guint i = 0; i < n_rounds; i++)
        print_number(i == 0 ? "{\"first_us\":[" : ",", over_programme(b));
    play_cue_obey(play_desk_cue(b->desk), NULL);
    play_desk_step(b->desk);
    TEST_WAIT_UNTIL(!is_heard(b, FALSE));
    test_sim_coil(b->sim, 1, 1, FALSE, PLAN_S(5));
    for (guint i = 0; i < n_rounds; i++)
        stopped(b, &silent_us[i], &open_us[i]);
    for (guint i = 0; i < n_rounds; i++)
        print_number(i == 0 ? "],\"silent_us\":[" : ",", silent_us[i]);
    for (guint i = 0; i < n_rounds; i++)
        print_number(i == 0 ? "],\"open_us\":[" : ",", open_us[i]);
    printf("]}\n");
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    Bench bench = {0};
    gint64 n_rounds = argc > 2 ? g_ascii_strtoll(argv[2], NULL, 10) : 0;

    if (n_rounds < 1 || n_rounds > 100) {
        fprintf(stderr, "usage: bench-alert OPUS ROUNDS\n");
        return EXIT_FAILURE;
    }
    if (!play_source_file_start(&error))
        g_error("%s", error->message);
    start_site(&bench, argv[1]);
    measure(&bench, (guint) n_rounds);
    stop_site(&bench);
    return EXIT_SUCCESS;
}
