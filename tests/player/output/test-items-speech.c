/*
 * test-items-speech.c - live speech as an item: frames that a key signed, measured at the card;
 * frames that none did; and the station's own microphone, unplugged, silent and not there.
 */
#include "player/output/items.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <opus.h>
#include <string.h>
#include <unistd.h>

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
    char *speeches;       /* folder */
    guint n_kept;
    PlayReelKept kept; /* the last */
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

static void
on_taped(const char *alert, const PlayReelKept *kept, const char *words, gpointer data)
{
    Station *f = data;

    g_assert_cmpstr(alert, ==, ALERT);
    g_free(f->words);
    f->words = g_strdup(words);
    if (kept != NULL)
        f->kept = *kept;
    f->n_kept += kept != NULL ? 1 : 0;
}

static const PlayItemsEvents events = {on_started, on_ended, on_failed, on_source,
                                       on_spare,   on_card,  on_taped};

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
    f->speeches = g_build_filename(f->folder, "speeches", NULL);
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
    g_free(f->speeches);
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

/* ---- kept ---- */

/* Decoded as any player does. Returns: frames of the file; @out_level: of the tone in it */
static gint64
listen_to_file(const char *path, gint64 *out_level)
{
    g_autoptr(ContentOpusReader) reader = content_opus_reader_new();
    g_autoptr(GPtrArray) packets =
        g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);
    OpusDecoder *decoder = opus_decoder_create(PLAY_RATE, 1, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = NULL;
    gint64 n_frames = 0;
    gdouble sum = 0;
    gsize n_bytes;

    g_file_get_contents(path, &bytes, &n_bytes, &error);
    g_assert_no_error(error);
    content_opus_reader_feed(reader, (const guint8 *) bytes, n_bytes, packets, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < packets->len; i++) {
        opus_int16 frames[PACKET_FRAMES];
        gsize n;
        const guint8 *packet = g_bytes_get_data(packets->pdata[i], &n);

        g_assert_true(content_opus_is_plain(packet, n));
        g_assert_cmpint(opus_decode(decoder, packet, (opus_int32) n, frames, PACKET_FRAMES, 0),
                        ==, PACKET_FRAMES);
        for (guint j = 0; j < PACKET_FRAMES; j++)
            sum += (gdouble) frames[j] * frames[j];
        n_frames += PACKET_FRAMES;
    }
    opus_decoder_destroy(decoder);
    *out_level = (gint64) sqrt(sum / (gdouble) n_frames);
    return n_frames;
}

static char *
path_of_kept(const Station *f)
{
    g_autofree char *file = g_strdup_printf("%s-%" G_GINT64_FORMAT ".opus", f->kept.name.alert,
                                            f->kept.name.from_us);

    return g_build_filename(f->speeches, file, NULL);
}

static void
check_kept(const Station *f)
{
    g_autofree char *path = path_of_kept(f), *bytes = NULL, *hash = NULL;
    gsize n_bytes;
    gint64 level;

    g_assert_true(g_file_get_contents(path, &bytes, &n_bytes, NULL));
    hash = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *) bytes, n_bytes);
    g_assert_cmpstr(f->kept.object, ==, hash);
    g_assert_cmpint(listen_to_file(path, &level) * G_USEC_PER_SEC / PLAY_RATE, ==,
                    f->kept.duration_us);
    g_assert_cmpint(level, >, 2000);
    g_assert_cmpint(f->kept.lost_us, ==, 0);
}

/* As long as it was heard, by two outputs, in one file whose name says when. */
static void
test_kept(gconstpointer cards)
{
    Station f;
    gint64 before_us = g_get_real_time();

    begin(&f, cards);
    play_items_keep_speech(f.items, f.speeches);
    play_items_set_microphone(f.items, "microphone");
    play_items_prepare_speech(f.items, ITEM, "main", ALERT, NULL);
    play_items_prepare_speech(f.items, ITEM + 1, "main", ALERT, NULL);
    play_items_interrupt(f.items, ITEM, MS(1500), 0);
    TEST_WAIT_UNTIL(f.n_ended == 1);
    /* Over when nobody can say more. */
    g_assert_cmpuint(f.n_kept, ==, 0);
    play_items_cancel(f.items, ITEM + 1);
    TEST_WAIT_UNTIL(f.n_kept == 1);
    /* Begun late, what was late is skipped. */
    g_assert_cmpint(f.kept.duration_us, >, 1200 * 1000);
    g_assert_cmpint(f.kept.duration_us, <=, 1500 * 1000 + 20 * 1000);
    /* A page is encoded when it is full; what is read ahead is not yet heard. */
    g_assert_cmpint(f.kept.name.from_us, >, before_us - MS(500));
    g_assert_cmpint(f.kept.name.from_us, <, g_get_real_time());
    check_kept(&f);
    end(&f);
}

/* The first of two outputs ends alone: what the other one says from there on is kept, too. */
static void
test_kept_to_the_last(gconstpointer cards)
{
    Station f;

    begin(&f, cards);
    test_cards_forget(f.cards, "left");
    play_items_add_output(f.items, "second", "left", 100);
    play_items_keep_speech(f.items, f.speeches);
    play_items_set_microphone(f.items, "microphone");
    play_items_prepare_speech(f.items, ITEM, "main", ALERT, NULL);
    play_items_prepare_speech(f.items, ITEM + 1, "second", ALERT, NULL);
    play_items_interrupt(f.items, ITEM, MS(800), 0);
    play_items_interrupt(f.items, ITEM + 1, MS(3000), 0);
    TEST_WAIT_UNTIL(f.n_ended == 2);
    TEST_WAIT_UNTIL(f.n_kept == 1);
    g_assert_cmpint(f.kept.duration_us, >, MS(2500));
    g_assert_cmpint(f.kept.duration_us, <=, MS(3300));
    check_kept(&f);
    end(&f);
}

/* The player dies in mid-speech, and a page was being written: the next one keeps the rest. */
static void
test_kept_after_death(gconstpointer cards)
{
    static const PlayReelName name = {ALERT, 1700000000000000};
    Station f;
    PlayReel *reel;
    g_autoptr(GPtrArray) packets =
        g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);
    g_autofree char *part = NULL, *bytes = NULL;
    gsize n_bytes;

    begin(&f, cards);
    g_assert_cmpint(g_mkdir(f.speeches, 0700), ==, 0);
    for (guint i = 0; i < FRAME_PACKETS; i++) {
        opus_int16 tone[PACKET_FRAMES];
        guint8 packet[400];

        for (guint j = 0; j < PACKET_FRAMES; j++)
            tone[j] = (opus_int16) (16000 * sin(2 * G_PI * HZ * (i * PACKET_FRAMES + j) /
                                                (double) PLAY_RATE));
        g_ptr_array_add(packets,
                        g_bytes_new(packet, (gsize) opus_encode(f.encoder, tone, PACKET_FRAMES,
                                                                packet, sizeof packet)));
    }
    reel = play_reel_begin(f.speeches, &name, NULL);
    for (guint i = 0; i < 5; i++)
        play_reel_add(reel, packets);
    part = g_strdup_printf("%s/%s-1700000000000000.part", f.speeches, ALERT);
    g_assert_true(g_file_get_contents(part, &bytes, &n_bytes, NULL));
    g_assert_true(play_reel_end(reel, &f.kept, NULL));
    /* As it was before its end, without the last bytes of its last page. */
    {
        g_autofree char *whole = path_of_kept(&f);

        g_assert_cmpint(g_unlink(whole), ==, 0);
    }
    g_assert_true(g_file_set_contents(part, bytes, (gssize) n_bytes - 7, NULL));
    play_items_keep_speech(f.items, f.speeches);
    TEST_WAIT_UNTIL(f.n_kept == 1);
    g_assert_cmpint(f.kept.duration_us, ==, 4 * FRAME_PACKETS * 20 * 1000);
    g_assert_cmpint(f.kept.name.from_us, ==, name.from_us);
    check_kept(&f);
    g_assert_false(g_file_test(part, G_FILE_TEST_EXISTS));
    end(&f);
}

/* The card's disk does not give it back just now: it is kept for the next start. */
static void
test_unreadable(gconstpointer cards)
{
    g_autofree char *folder = test_scratch_new();
    g_autofree char *part = g_strdup_printf("%s/%s-1700000000000000.part", folder, ALERT);
    g_autofree char *link = NULL;
    g_autoptr(GArray) mended = NULL;

    /* Reading its first byte is an input/output error. */
    g_assert_cmpint(symlink("/proc/self/mem", part), ==, 0);
    mended = play_reel_mend(folder);
    g_assert_cmpuint(mended->len, ==, 0);
    link = g_file_read_link(part, NULL);
    g_assert_cmpstr(link, ==, "/proc/self/mem");
    test_scratch_free(folder);
    g_steal_pointer(&folder);
}

static void
test_room(void)
{
    static const struct {
        gint64 waiting_mib, free_mib;
        int refusal;
        const char *why;
    } cases[] = {
        {0, 10000, 0, "an empty folder on an empty disk"},
        {1023, 10000, 0, "the last that fits"},
        {1024, 10000, EDQUOT, "as much waits as there may be"},
        {0, 65, 0, "one file more, and the reserve is left"},
        {0, 64, ENOSPC, "records must find room"},
        {0, 0, ENOSPC, "a full disk"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_cmpint(play_reel_refusal(cases[i].waiting_mib << 20, cases[i].free_mib << 20),
                        ==, cases[i].refusal);
    }
}

/* Long ones are several files, so that a bad line begins anew with little. */
static void
test_kept_in_parts(gconstpointer cards)
{
    static const PlayReelName name = {ALERT, 1700000000000000};
    g_autofree char *folder = test_scratch_new();
    PlayReel *reel = play_reel_begin(folder, &name, NULL);
    g_autoptr(GPtrArray) packets =
        g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);
    PlayReelKept kept;
    guint n_pages = 0;

    for (guint i = 0; i < CONTENT_OPUS_MAX_PAGE_PACKETS; i++) {
        guint8 *packet = g_malloc0(CONTENT_OPUS_MAX_PACKET_BYTES);

        packet[0] = 1 << 3;
        g_ptr_array_add(packets, g_bytes_new_take(packet, CONTENT_OPUS_MAX_PACKET_BYTES));
    }
    for (; !play_reel_is_full(reel); n_pages++)
        play_reel_add(reel, packets);
    g_assert_true(play_reel_end(reel, &kept, NULL));
    {
        g_autofree char *path = g_strdup_printf("%s/%s-1700000000000000.opus", folder, ALERT);
        GStatBuf status;

        g_assert_cmpint(g_stat(path, &status), ==, 0);
        g_assert_cmpint(status.st_size, <, PLAY_REEL_MAX_BYTES);
        g_assert_cmpint(status.st_size, >, PLAY_REEL_MAX_BYTES / 2);
    }
    g_assert_cmpuint(n_pages, >, 20);
    test_scratch_free(folder);
    g_steal_pointer(&folder);
}

/* Nothing was heard: no file, and nothing is told. A disk that refuses is told, and heard all
 * the same. */
static void
test_not_kept(gconstpointer cards)
{
    Station f;

    begin(&f, cards);
    play_items_keep_speech(f.items, f.speeches);
    play_items_set_microphone(f.items, "microphone");
    play_items_prepare_speech(f.items, ITEM, "main", ALERT, NULL);
    play_items_cancel(f.items, ITEM);
    g_assert_cmpint(g_rmdir(f.speeches), ==, 0);
    play_items_prepare_speech(f.items, ITEM, "main", ALERT, NULL);
    play_items_interrupt(f.items, ITEM, MS(800), 0);
    TEST_WAIT_UNTIL(f.n_ended == 1);
    TEST_WAIT_UNTIL(f.words != NULL && strstr(f.words, "No such file") != NULL);
    g_assert_cmpuint(f.n_kept, ==, 0);
    g_assert_cmpint(f.event.level_mdb, >, -20000);
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

/* What is kept says how long nothing came, as it does when nothing is kept. */
static void
test_unplugged_and_kept(gconstpointer cards)
{
    Station f;

    begin(&f, cards);
    play_items_keep_speech(f.items, f.speeches);
    play_items_set_microphone(f.items, "microphone");
    g_assert_true(g_file_set_contents(f.fault, "unplugged", -1, NULL));
    play_items_prepare_speech(f.items, ITEM, "main", ALERT, NULL);
    play_items_interrupt(f.items, ITEM, PLAY_WATCH_SILENT_US + MS(2000), 0);
    TEST_WAIT_UNTIL(f.n_ended == 1);
    g_assert_cmpint(f.event.story.gone_us, >=, PLAY_WATCH_SILENT_US);
    /* Silence was heard, and that is kept. */
    TEST_WAIT_UNTIL(f.n_kept == 1);
    g_assert_cmpint(f.kept.duration_us, >, PLAY_WATCH_SILENT_US);
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
    g_test_add_data_func("/player/output/items-speech/kept", cards, test_kept);
    g_test_add_data_func("/player/output/items-speech/kept-to-the-last", cards,
                         test_kept_to_the_last);
    g_test_add_data_func("/player/output/items-speech/kept-after-death", cards,
                         test_kept_after_death);
    g_test_add_data_func("/player/output/items-speech/unreadable", cards, test_unreadable);
    g_test_add_func("/player/output/items-speech/room", test_room);
    g_test_add_data_func("/player/output/items-speech/kept-in-parts", cards,
                         test_kept_in_parts);
    g_test_add_data_func("/player/output/items-speech/not-kept", cards, test_not_kept);
    g_test_add_data_func("/player/output/items-speech/unplugged", cards, test_unplugged);
    g_test_add_data_func("/player/output/items-speech/unplugged-and-kept", cards,
                         test_unplugged_and_kept);
    status = g_test_run();
    test_cards_free(cards);
    return status;
}
