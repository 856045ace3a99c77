/*
 * test-items-speech.c - live speech as an item: frames that a key signed, measured at the card;
 * frames that none did; and the station's own microphone, unplugged, silent and not there.
 */
#include "player/output/items.h"

#include <glib/gstdio.h>
#include <math.h>
#include <opus.h>
#include <string.h>

#include "player/output/source-file.h"
#include "player/output/source-speech.h"
#include "tests/player/output/card-fixture.h"
#include "tests/support/scratch.h"
#include "tests/support/wait.h"

#define ITEM          7
#define ALERT         "01kjpd1r00a1b2c3d4e5f6g7h8"
#define OTHER_ALERT   "01kjpd1r00a1b2c3d4e5f6g7h9"
#define HZ            1000
#define FRAME_PACKETS 10
#define PACKET_FRAMES 960
#define FRAME_MS      200

typedef struct {
    TestCards *cards; /* (not owned) */
    char *folder, *fault;
    ContentObjectStore *objects;
    ContentClock *clock;
    PlayItems *items;
    guint n_started, n_ended, n_failed, n_absent;
    char *words; /* why it was absent, or failed */
    ContentReason failure;
    PlayEvent event;
    guint8 key[CONTENT_LIVE_KEY_BYTES], secret[CONTENT_LIVE_SECRET_BYTES];
    OpusEncoder *encoder;
    gint64 n_spoken;
    guint32 sequence;
    guint n_frames, lost; /* how many are said, and which one is lost on the line */
    guint speaker;        /* source id */
} Station;

static void
on_started(guint64 item, gint64 at_us, gpointer data)
{
    ((Station *) data)->n_started++;
}

static void
on_ended(guint64 item, const PlayEvent *event, gpointer data)
{
    Station *f = data;

    f->event = *event;
    f->n_ended++;
}

static void
on_failed(guint64 item, ContentReason reason, const char *words, const PlayEvent *event,
          gpointer data)
{
    Station *f = data;

    f->failure = reason;
    g_free(f->words);
    f->words = g_strdup(words);
    f->n_failed++;
}

static void
on_source(guint64 item, gboolean comes, const char *words, gpointer data)
{
    Station *f = data;

    g_free(f->words);
    f->words = g_strdup(words);
    f->n_absent += comes ? 0 : 1;
}

static void
on_spare(guint64 item, ContentReason reason, gpointer data)
{
}

static void
on_card(const char *output, gboolean works, const char *words, gpointer data)
{
}

static const PlayItemsEvents events = {on_started, on_ended, on_failed,
                                       on_source,  on_spare, on_card};

static void
begin(Station *f, gconstpointer cards)
{
    g_autoptr(GError) error = NULL;

    *f = (Station){.cards = (TestCards *) cards};
    test_cards_forget(f->cards, "mono");
    f->fault = g_build_filename(test_cards_folder(f->cards), "line.fault", NULL);
    g_unlink(f->fault);
    f->folder = test_scratch_new();
    f->objects = content_object_store_open(f->folder, &error);
    g_assert_no_error(error);
    f->clock = content_clock_system_new();
    f->items = play_items_new(f->objects, f->clock, &events, f);
    play_items_add_output(f->items, "main", "mono", 100);
    content_live_key_make(f->key, f->secret);
    f->encoder = opus_encoder_create(PLAY_RATE, 1, OPUS_APPLICATION_AUDIO, NULL);
}

static void
end(Station *f)
{
    play_items_free(f->items);
    content_object_store_free(f->objects);
    content_clock_free(f->clock);
    test_scratch_free(f->folder);
    opus_encoder_destroy(f->encoder);
    g_free(f->fault);
    g_free(f->words);
}

/* The next fifth of a second of a tone, as the district sends it. */
static GBytes *
speak(Station *f, const char *alert, gboolean is_last)
{
    guint8 bytes[FRAME_PACKETS][400];
    ContentLiveFrame frame = {
        .sequence = f->sequence++, .is_last = is_last, .n_packets = FRAME_PACKETS};
    g_autoptr(GError) error = NULL;
    GBytes *written;

    g_strlcpy(frame.alert, alert, sizeof frame.alert);
    for (guint i = 0; i < FRAME_PACKETS; i++) {
        opus_int16 tone[PACKET_FRAMES];
        opus_int32 n;

        for (guint j = 0; j < PACKET_FRAMES; j++, f->n_spoken++)
            tone[j] =
                (opus_int16) (16000 * sin(2 * G_PI * HZ * (double) f->n_spoken / PLAY_RATE));
        n = opus_encode(f->encoder, tone, PACKET_FRAMES, bytes[i], sizeof bytes[i]);
        g_assert_cmpint(n, >, 0);
        frame.packets[i] = (ContentLivePacket){bytes[i], (gsize) n};
    }
    written = content_live_frame_write(&frame, f->secret, &error);
    g_assert_no_error(error);
    return written;
}

static char *
hand_over(Station *f, GBytes *bytes)
{
    g_autoptr(GBytes) frame = bytes;

    return play_items_take_frame(f->items, frame);
}

/* One frame every fifth of a second, as somebody speaks. */
static gboolean
on_speak(gpointer data)
{
    Station *f = data;
    gboolean is_last = f->sequence + 1 == f->n_frames;
    gboolean is_lost = f->sequence == f->lost;
    g_autoptr(GBytes) frame = speak(f, ALERT, is_last);

    if (!is_lost)
        g_assert_null(play_items_take_frame(f->items, frame));
    if (is_last)
        f->speaker = 0;
    return is_last ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static void
prepare_speech(Station *f)
{
    g_autofree char *key = content_live_key_text(f->key);

    play_items_prepare_speech(f->items, ITEM, "main", ALERT, key);
}

/* Said to its end, which is also that of the item; one frame is lost on the line. */
static void
test_one_lost(gconstpointer cards)
{
    Station f;
    g_autoptr(TestTimeline) heard = NULL;
    g_autoptr(GArray) sounds = NULL;
    gint64 first, sounding;

    begin(&f, cards);
    f.n_frames = 8;
    f.lost = 4;
    prepare_speech(&f);
    play_items_interrupt(f.items, ITEM, MS(60000), 0);
    f.speaker = g_timeout_add(FRAME_MS, on_speak, &f);
    TEST_WAIT_UNTIL(f.n_ended == 1);
    g_assert_cmpint(f.event.reason, ==, CONTENT_REASON_NONE);
    g_assert_cmpuint(f.n_started, ==, 1);
    g_assert_cmpint(f.event.n_lost, ==, 1);
    g_assert_cmpint(f.event.n_refused, ==, 0);
    g_assert_cmpint(f.event.level_mdb, >, -20000);
    heard = test_cards_listen(f.cards, "mono");
    sounds = test_timeline_sounds(heard);
    first = test_sounds_first(sounds, HZ)->from;
    sounding = test_timeline_sounding(heard, first, heard->n_frames);
    g_test_message("%d ms of %d heard", (int) (sounding / 48), (int) f.n_frames * FRAME_MS);
    /* A lost frame is concealed for half its length and fades with it. */
    g_assert_cmpint(sounding, >, FRAMES(f.n_frames * FRAME_MS - 260));
    g_assert_cmpint(sounding, <, FRAMES(f.n_frames * FRAME_MS + 60));
    end(&f);
}

/* Not one sample of what another key signed. */
static void
test_wrong_key(gconstpointer cards)
{
    Station f;
    guint8 other[CONTENT_LIVE_KEY_BYTES];
    g_autoptr(TestTimeline) heard = NULL;
    g_autoptr(GArray) sounds = NULL;
    g_autofree char *first = NULL;

    begin(&f, cards);
    prepare_speech(&f);
    content_live_key_make(other, f.secret);
    play_items_interrupt(f.items, ITEM, MS(1000), 0);
    first = hand_over(&f, speak(&f, ALERT, FALSE));
    g_assert_nonnull(strstr(first, "signature"));
    /* Told once. */
    for (guint i = 0; i < 9; i++)
        g_assert_null(hand_over(&f, speak(&f, ALERT, FALSE)));
    TEST_WAIT_UNTIL(f.n_ended == 1);
    g_assert_cmpuint(f.n_started, ==, 0);
    g_assert_cmpint(f.event.n_refused, ==, 10);
    heard = test_cards_listen(f.cards, "mono");
    sounds = test_timeline_sounds(heard);
    g_assert_cmpuint(sounds->len, ==, 0);
    end(&f);
}

/* What is no frame of it, one after the other: counted, and none of them sounds. */
static void
test_refused(gconstpointer cards)
{
    Station f;
    g_autoptr(GBytes) old = NULL, altered = NULL, wide = NULL;
    g_autofree char *told = NULL;
    g_autofree guint8 *changed = NULL;
    gsize n;

    begin(&f, cards);
    prepare_speech(&f);
    old = speak(&f, ALERT, FALSE);
    g_assert_null(play_items_take_frame(f.items, old));
    told = play_items_take_frame(f.items, old);
    g_assert_nonnull(strstr(told, "sequence 0 is not after 0"));
    altered = speak(&f, ALERT, FALSE);
    n = g_bytes_get_size(altered);
    changed = g_memdup2(g_bytes_get_data(altered, NULL), n);
    changed[n / 2] ^= 1;
    g_assert_null(hand_over(&f, g_bytes_new(changed, n)));
    /* Of another alert, too large, and empty: of no item that is here, so nobody counts them.
     */
    g_assert_null(hand_over(&f, speak(&f, OTHER_ALERT, FALSE)));
    wide = g_bytes_new_take(g_malloc0(CONTENT_LIVE_MAX_BYTES + 1), CONTENT_LIVE_MAX_BYTES + 1);
    g_assert_null(play_items_take_frame(f.items, wide));
    g_assert_null(hand_over(&f, g_bytes_new(NULL, 0)));
    /* More at once than anybody can have said: refused from the limit on. */
    for (guint i = 0; i < 4 * PLAY_SPEECH_MAX_WAITING; i++)
        g_assert_null(hand_over(&f, speak(&f, ALERT, i + 1 == 4 * PLAY_SPEECH_MAX_WAITING)));
    play_items_interrupt(f.items, ITEM, MS(300), 0);
    TEST_WAIT_UNTIL(f.n_ended == 1);
    g_assert_cmpint(f.event.n_refused, >=, 2);
    end(&f);
}

static void
test_after_the_last(gconstpointer cards)
{
    Station f;
    g_autoptr(GBytes) last = NULL;
    g_autofree char *told = NULL;

    begin(&f, cards);
    prepare_speech(&f);
    last = speak(&f, ALERT, TRUE);
    /* The district sends it more than once. */
    for (guint i = 0; i < 3; i++)
        g_assert_null(play_items_take_frame(f.items, last));
    told = hand_over(&f, speak(&f, ALERT, FALSE));
    g_assert_nonnull(strstr(told, "after the last"));
    play_items_interrupt(f.items, ITEM, MS(60000), 0);
    /* It is shorter than what is held at first, and sounds all the same. */
    TEST_WAIT_UNTIL(f.n_ended == 1);
    g_assert_cmpuint(f.n_started, ==, 1);
    g_assert_cmpint(f.event.frames, ==, FRAMES(FRAME_MS));
    g_assert_cmpint(f.event.n_refused, ==, 1);
    end(&f);
}

/* ---- the station's own ---- */

static void
test_microphone(gconstpointer cards)
{
    Station f;
    g_autoptr(TestTimeline) heard = NULL;
    g_autoptr(GArray) sounds = NULL;

    begin(&f, cards);
    play_items_set_microphone(f.items, "microphone");
    play_items_prepare_speech(f.items, ITEM, "main", ALERT, NULL);
    play_items_interrupt(f.items, ITEM, MS(1500), 0);
    TEST_WAIT_UNTIL(f.n_ended == 1);
    g_assert_cmpint(f.event.reason, ==, CONTENT_REASON_NONE);
    g_assert_cmpint(f.event.level_mdb, >, -12000);
    heard = test_cards_listen(f.cards, "mono");
    sounds = test_timeline_sounds(heard);
    g_assert_cmpuint(test_sounds_first(sounds, HZ)->hz, ==, HZ);
    end(&f);
}

static void
test_no_microphone(gconstpointer cards)
{
    Station f;

    begin(&f, cards);
    play_items_prepare_speech(f.items, ITEM, "main", ALERT, NULL);
    g_assert_cmpuint(f.n_failed, ==, 1);
    g_assert_cmpint(f.failure, ==, CONTENT_REASON_LATE_SOURCE);
    g_assert_cmpstr(f.words, ==, "this player has no microphone");
    end(&f);
}

/* Told after five seconds, with the reason; what was said until then has sounded. */
static void
test_unplugged(gconstpointer cards)
{
    Station f;

    begin(&f, cards);
    play_items_set_microphone(f.items, "microphone");
    play_items_prepare_speech(f.items, ITEM, "main", ALERT, NULL);
    play_items_interrupt(f.items, ITEM, MS(60000), 0);
    TEST_WAIT_UNTIL(f.n_started == 1);
    g_assert_true(g_file_set_contents(f.fault, "unplugged", -1, NULL));
    TEST_WAIT_UNTIL(f.n_absent == 1);
    g_assert_nonnull(strstr(f.words, "No such device"));
    play_items_cancel(f.items, ITEM);
    TEST_WAIT_UNTIL(f.n_ended == 1);
    g_assert_cmpint(f.event.silent_us, >=, MS(3000));
    end(&f);
}

static void
add_microphone(TestCards *cards)
{
    g_autofree char *folder = g_strdup(test_cards_folder(cards));
    g_autofree char *path = g_build_filename(folder, "line.conf", NULL);
    g_autofree char *both = g_strconcat(g_getenv("ALSA_CONFIG_PATH"), ":", path, NULL);
    g_autofree char *config =
        g_strdup_printf("pcm_type.testline { lib \"%s\" }\n"
                        "pcm.microphone { type testline hz %d channels 1 fault "
                        "\"%s/line.fault\" }\n",
                        TEST_LINE_MODULE, HZ, folder);

    g_assert_true(g_file_set_contents(path, config, -1, NULL));
    g_setenv("ALSA_CONFIG_PATH", both, TRUE);
}

int
main(int argc, char **argv)
{
    TestCards *cards;
    int status;

    g_test_init(&argc, &argv, NULL);
    g_assert_true(play_source_file_start(NULL));
    cards = card_fixture_cards();
    add_microphone(cards);
    g_test_add_data_func("/player/output/items-speech/one-lost", cards, test_one_lost);
    g_test_add_data_func("/player/output/items-speech/wrong-key", cards, test_wrong_key);
    g_test_add_data_func("/player/output/items-speech/refused", cards, test_refused);
    g_test_add_data_func("/player/output/items-speech/after-the-last", cards,
                         test_after_the_last);
    g_test_add_data_func("/player/output/items-speech/microphone", cards, test_microphone);
    g_test_add_data_func("/player/output/items-speech/no-microphone", cards,
                         test_no_microphone);
    g_test_add_data_func("/player/output/items-speech/unplugged", cards, test_unplugged);
    status = g_test_run();
    test_cards_free(cards);
    return status;
}
