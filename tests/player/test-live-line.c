/*
 * test-live-line.c - live speech over a real mosquitto to a sound card, measured there: frames
 * that the alert's key signed, and frames that another one did.
 */
#include <math.h>
#include <opus.h>

#include "content/live.h"
#include "player/intake/broker.h"
#include "player/output/items.h"
#include "player/output/source-file.h"
#include "tests/player/output/card-fixture.h"
#include "tests/support/broker.h"
#include "tests/support/scratch.h"
#include "tests/support/station.h"
#include "tests/support/wait.h"

#define ALERT         "01kjpd1r00a1b2c3d4e5f6g7h8"
#define TOPIC         "loa/1/to/ia-pa-02/live"
#define HZ            1000
#define N_FRAMES      6
#define PACKETS       10
#define PACKET_FRAMES 960

typedef struct {
    TestCards *cards; /* (not owned) */
    char *folder, *district;
    TestCa *ca;
    TestBroker *mosquitto;
    PlayIdentity *identity;
    PlayBroker *broker;
    ContentObjectStore *objects;
    ContentClock *clock;
    PlayItems *items;
    gboolean is_up;
    guint n_came, n_ended;
    char *refusal;
    PlayEvent event;
} Rig;

static void
on_started(guint64 item, gint64 at_us, gpointer data)
{
}

static void
on_ended(guint64 item, const PlayEvent *event, gpointer data)
{
    Rig *rig = data;

    rig->event = *event;
    rig->n_ended++;
}

static void
on_failed(guint64 item, ContentReason reason, const char *words, const PlayEvent *event,
          gpointer data)
{
    g_error("%s", words);
}

static void
on_source(guint64 item, gboolean comes, const char *words, gpointer data)
{
}

static void
on_spare(guint64 item, ContentReason reason, gpointer data)
{
}

static void
on_card(const char *output, gboolean works, const char *words, gpointer data)
{
}

static const PlayItemsEvents items_events = {on_started, on_ended, on_failed,
                                             on_source,  on_spare, on_card};

static void
on_up(gpointer data)
{
    ((Rig *) data)->is_up = TRUE;
}

static void
on_down(const char *words, gpointer data)
{
    g_test_message("%s", words);
}

static void
on_message(PlayBrokerTopic topic, GBytes *payload, gpointer data)
{
    Rig *rig = data;
    char *refusal;

    g_assert_cmpint(topic, ==, PLAY_BROKER_LIVE);
    rig->n_came++;
    refusal = play_items_take_frame(rig->items, payload);
    if (refusal != NULL)
        rig->refusal = refusal;
}

static const PlayBrokerEvents broker_events = {on_up, on_down, on_message};

static gint64
verify_time(gpointer data)
{
    return g_get_real_time();
}

static void
begin(Rig *rig, gconstpointer cards)
{
    g_autoptr(GError) error = NULL;

    *rig = (Rig){.cards = (TestCards *) cards};
    test_cards_forget(rig->cards, "mono");
    rig->folder = test_scratch_new();
    rig->objects = content_object_store_open(rig->folder, &error);
    g_assert_no_error(error);
    rig->clock = content_clock_system_new();
    rig->items = play_items_new(rig->objects, rig->clock, &items_events, rig);
    play_items_add_output(rig->items, "main", "mono", 100);
    rig->ca = test_ca_new(rig->folder, "authority");
    rig->mosquitto = test_broker_new(rig->folder, rig->ca, NULL);
    rig->identity =
        test_station_new(rig->ca, "ia-pa-02", NULL, test_broker_uri(rig->mosquitto));
    rig->district = test_ca_issue(rig->ca, "district", "district", TEST_CERTIFICATE_CLIENT);
    rig->broker = play_broker_new(rig->identity, NULL, verify_time, NULL, &broker_events, rig);
    TEST_WAIT_UNTIL(rig->is_up);
}

static void
end(Rig *rig)
{
    play_broker_free(rig->broker);
    play_items_free(rig->items);
    play_identity_free(rig->identity);
    test_broker_free(rig->mosquitto);
    test_ca_free(rig->ca);
    content_object_store_free(rig->objects);
    content_clock_free(rig->clock);
    test_scratch_free(rig->folder);
    g_free(rig->district);
    g_free(rig->refusal);
}

/* All that is said, a fifth of a second of a tone in each frame, signed by @secret. */
static void
say_all(Rig *rig, const guint8 *secret)
{
    OpusEncoder *encoder = opus_encoder_create(PLAY_RATE, 1, OPUS_APPLICATION_AUDIO, NULL);
    gint64 n_spoken = 0;

    for (guint i = 0; i < N_FRAMES; i++) {
        guint8 bytes[PACKETS][400];
        ContentLiveFrame frame = {
            .alert = ALERT, .sequence = i, .is_last = i + 1 == N_FRAMES, .n_packets = PACKETS};
        g_autoptr(GBytes) written = NULL;

        for (guint j = 0; j < PACKETS; j++) {
            opus_int16 tone[PACKET_FRAMES];
            opus_int32 n;

            for (guint k = 0; k < PACKET_FRAMES; k++, n_spoken++)
                tone[k] =
                    (opus_int16) (16000 * sin(2 * G_PI * HZ * (double) n_spoken / PLAY_RATE));
            n = opus_encode(encoder, tone, PACKET_FRAMES, bytes[j], sizeof bytes[j]);
            g_assert_cmpint(n, >, 0);
            frame.packets[j] = (ContentLivePacket){bytes[j], (gsize) n};
        }
        written = content_live_frame_write(&frame, secret, NULL);
        test_broker_say(rig->mosquitto, rig->district, TOPIC, written);
        TEST_WAIT_UNTIL(rig->n_came == i + 1);
    }
    opus_encoder_destroy(encoder);
}

/* Returns: how many ms of the tone were heard of the 1200 that were said */
static gint64
hear(Rig *rig)
{
    g_autoptr(TestTimeline) heard = test_cards_listen(rig->cards, "mono");

    return test_timeline_sounding(heard, 0, heard->n_frames) / (PLAY_RATE / 1000);
}

static void
test_heard(gconstpointer cards)
{
    Rig rig;
    guint8 key[CONTENT_LIVE_KEY_BYTES], secret[CONTENT_LIVE_SECRET_BYTES];
    g_autofree char *text = NULL;

    begin(&rig, cards);
    content_live_key_make(key, secret);
    text = content_live_key_text(key);
    play_items_prepare_speech(rig.items, 1, "main", ALERT, text);
    play_items_interrupt(rig.items, 1, MS(60000), 0);
    say_all(&rig, secret);
    TEST_WAIT_UNTIL(rig.n_ended == 1);
    g_assert_null(rig.refusal);
    g_assert_cmpint(rig.event.reason, ==, CONTENT_REASON_NONE);
    g_assert_cmpint(rig.event.n_lost + rig.event.n_refused, ==, 0);
    g_test_message("%d ms heard", (int) hear(&rig));
    g_assert_cmpint(hear(&rig), >, 1100);
    g_assert_cmpint(hear(&rig), <, 1300);
    end(&rig);
}

static void
test_wrong_key(gconstpointer cards)
{
    Rig rig;
    guint8 key[CONTENT_LIVE_KEY_BYTES], secret[CONTENT_LIVE_SECRET_BYTES];
    guint8 other[CONTENT_LIVE_KEY_BYTES];
    g_autofree char *text = NULL;

    begin(&rig, cards);
    content_live_key_make(key, secret);
    text = content_live_key_text(key);
    content_live_key_make(other, secret);
    play_items_prepare_speech(rig.items, 1, "main", ALERT, text);
    play_items_interrupt(rig.items, 1, MS(60000), 0);
    say_all(&rig, secret);
    play_items_cancel(rig.items, 1);
    TEST_WAIT_UNTIL(rig.n_ended == 1);
    g_assert_nonnull(rig.refusal);
    g_assert_cmpint(rig.event.n_refused, ==, N_FRAMES);
    g_assert_cmpint(hear(&rig), ==, 0);
    end(&rig);
}

int
main(int argc, char **argv)
{
    TestCards *cards;
    int status;

    g_test_init(&argc, &argv, NULL);
    g_assert_true(play_source_file_start(NULL));
    cards = card_fixture_cards();
    g_test_add_data_func("/player/live-line/heard", cards, test_heard);
    g_test_add_data_func("/player/live-line/wrong-key", cards, test_wrong_key);
    status = g_test_run();
    test_cards_free(cards);
    return status;
}
