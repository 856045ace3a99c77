/* test-items-live.c - a relay as an item: with its spare, without it, of no line-in, and on a
 * card that is away. */
#include "player/output/items.h"

#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "player/output/source-file.h"
#include "tests/player/output/card-fixture.h"
#include "tests/support/scratch.h"
#include "tests/support/wait.h"

#define ITEM 7
/* Nobody listens there. */
#define NOWHERE "http://127.0.0.1:9/jarai.ogg"

typedef struct {
    TestCards *cards; /* (not owned) */
    char *folder;
    ContentObjectStore *objects;
    ContentClock *clock;
    PlayItems *items;
    char *spare; /* hash */
    guint n_started, n_ended, n_failed, n_absent, n_spare;
    char *words; /* why it was absent */
    PlayEvent event;
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

    g_assert_cmpuint(item, ==, ITEM);
    f->event = *event;
    f->n_ended++;
}

static void
on_failed(guint64 item, ContentReason reason, const char *words, const PlayEvent *event,
          gpointer data)
{
    ((Station *) data)->n_failed++;
}

static void
on_source(guint64 item, gboolean comes, const char *words, gpointer data)
{
    Station *f = data;

    g_assert_false(comes);
    g_free(f->words);
    f->words = g_strdup(words);
    f->n_absent++;
}

static void
on_spare(guint64 item, ContentReason reason, gpointer data)
{
    g_assert_cmpint(reason, ==, CONTENT_REASON_OBJECT_MISSING);
    ((Station *) data)->n_spare++;
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
    g_autofree char *tones = g_test_build_filename(G_TEST_BUILT, "support", "tones.opus", NULL);
    g_autofree char *copy = NULL, *bytes = NULL;
    g_autoptr(GError) error = NULL;
    gsize n_bytes;

    *f = (Station){.cards = (TestCards *) cards};
    test_cards_forget(f->cards, "mono");
    f->folder = test_scratch_new();
    f->objects = content_object_store_open(f->folder, &error);
    g_assert_no_error(error);
    copy = g_build_filename(f->folder, "tones.opus", NULL);
    g_assert_true(g_file_get_contents(tones, &bytes, &n_bytes, NULL));
    g_assert_true(g_file_set_contents(copy, bytes, (gssize) n_bytes, NULL));
    f->spare = content_object_store_put_file(f->objects, copy, NULL, &error);
    g_assert_no_error(error);
    f->clock = content_clock_system_new();
    f->items = play_items_new(f->objects, f->clock, &events, f);
    play_items_add_output(f->items, "main", "mono", 100);
}

static void
end(Station *f)
{
    play_items_free(f->items);
    content_object_store_free(f->objects);
    content_clock_free(f->clock);
    test_scratch_free(f->folder);
    g_free(f->spare);
    g_free(f->words);
}

/* Ten seconds of nothing, then the spare's first tone, to the window's end. */
static void
test_spare_sounds(gconstpointer cards)
{
    Station f;
    g_autoptr(TestTimeline) heard = NULL;
    g_autoptr(GArray) sounds = NULL;
    const TestSound *tone;
    gint64 start_us;

    begin(&f, cards);
    play_items_prepare_live(f.items, ITEM, "main", NOWHERE, f.spare, 0);
    start_us = content_clock_monotonic_us(f.clock) + MS(500);
    play_items_place(f.items, ITEM, start_us, 0, MS(11000), 0);
    TEST_WAIT_UNTIL(f.n_ended == 1);
    g_assert_cmpuint(f.n_absent, ==, 1);
    g_assert_nonnull(strstr(f.words, "Failed to connect"));
    g_assert_cmpuint(f.n_spare, ==, 0);
    g_assert_cmpint(f.event.story.gone_us, >=, MS(10000));
    g_assert_cmpint(f.event.story.spare_us, >=, MS(900));
    heard = test_cards_listen(f.cards, "mono");
    sounds = test_timeline_sounds(heard);
    tone = test_sounds_first(sounds, 500);
    g_test_message("the spare after %d ms",
                   (int) ((test_timeline_us(heard, tone->from) - start_us) / 1000));
    g_assert_cmpint(test_timeline_us(heard, tone->from) - start_us, <, MS(10300));
    g_assert_cmpint(test_timeline_us(heard, tone->to), <, start_us + MS(11050));
    end(&f);
}

/* What it needs of the station is not there: it is an item all the same, and says so. */
static void
test_nothing_is_there(gconstpointer cards)
{
    Station f;
    g_autofree char *other = g_strnfill(64, 'e');

    begin(&f, cards);
    play_items_prepare_live(f.items, ITEM, "main", "line:tuner", other, 0);
    play_items_place(f.items, ITEM, content_clock_monotonic_us(f.clock) + MS(500), 0, MS(1000),
                     0);
    TEST_WAIT_UNTIL(f.n_ended == 1);
    g_assert_cmpuint(f.n_failed, ==, 0);
    g_assert_cmpuint(f.n_spare, ==, 1);
    g_assert_cmpuint(f.n_absent, ==, 1);
    g_assert_cmpstr(f.words, ==, "this player has no such line-in");
    g_assert_cmpint(f.event.reason, ==, CONTENT_REASON_LATE_SOURCE);
    end(&f);
}

static void
die_with_parent(gpointer data)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* Returns: (transfer full): a radio of 8 s that is sent at once, with an open line behind it */
static GSubprocess *
radio_new(Station *f, char **out_address)
{
    g_autofree char *program =
        g_test_build_filename(G_TEST_DIST, "support", "stream-peer.py", NULL);
    g_autofree char *ogg = g_test_build_filename(G_TEST_BUILT, "support", "tones.opus", NULL);
    g_autoptr(GSubprocessLauncher) launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE);
    g_autoptr(GError) error = NULL;
    g_autoptr(GDataInputStream) lines = NULL;
    g_autofree char *port = NULL;
    GSubprocess *radio;

    g_subprocess_launcher_set_child_setup(launcher, die_with_parent, NULL, NULL);
    radio = g_subprocess_launcher_spawn(launcher, &error, "python3", "-S", program, f->folder,
                                        ogg, f->folder, NULL);
    g_assert_no_error(error);
    lines = g_data_input_stream_new(g_subprocess_get_stdout_pipe(radio));
    port = g_data_input_stream_read_line(lines, NULL, NULL, NULL);
    g_assert_nonnull(port);
    *out_address = g_strdup_printf("http://127.0.0.1:%s/live", port);
    return radio;
}

/* Nobody reads the radio meanwhile, so nothing comes from it: the district is not told that it
 * sends nothing. */
static void
test_card_is_away(gconstpointer cards)
{
    Station f;
    g_autoptr(GSubprocess) radio = NULL;
    g_autofree char *address = NULL;
    gint64 until_us;

    begin(&f, cards);
    radio = radio_new(&f, &address);
    play_items_prepare_live(f.items, ITEM, "main", address, NULL, 0);
    play_items_place(f.items, ITEM, content_clock_monotonic_us(f.clock) + MS(500), 0, MS(60000),
                     0);
    TEST_WAIT_UNTIL(f.n_started == 1);
    test_cards_set_fault(f.cards, "mono", "unplugged");
    until_us = g_get_monotonic_time() + MS(7500);
    TEST_WAIT_UNTIL(g_get_monotonic_time() >= until_us);
    g_assert_cmpstr(f.words, ==, NULL);
    g_assert_cmpuint(f.n_absent + f.n_failed, ==, 0);
    test_cards_set_fault(f.cards, "mono", NULL);
    play_items_cancel(f.items, ITEM);
    TEST_WAIT_UNTIL(f.n_ended == 1);
    g_subprocess_force_exit(radio);
    g_subprocess_wait(radio, NULL, NULL);
    end(&f);
}

static void
test_cancelled_early(gconstpointer cards)
{
    Station f;

    begin(&f, cards);
    play_items_prepare_live(f.items, ITEM, "main", NOWHERE, f.spare, 0);
    play_items_cancel(f.items, ITEM);
    play_items_prepare_live(f.items, ITEM + 1, "nowhere", NOWHERE, NULL, 0);
    g_assert_cmpuint(f.n_failed, ==, 1);
    g_assert_cmpuint(f.n_ended, ==, 0);
    end(&f);
}

int
main(int argc, char **argv)
{
    TestCards *cards;
    int status;

    g_test_init(&argc, &argv, NULL);
    g_assert_true(play_source_file_start(NULL));
    cards = card_fixture_cards();
    g_test_add_data_func("/player/output/items-live/spare", cards, test_spare_sounds);
    g_test_add_data_func("/player/output/items-live/nothing", cards, test_nothing_is_there);
    g_test_add_data_func("/player/output/items-live/card-away", cards, test_card_is_away);
    g_test_add_data_func("/player/output/items-live/cancelled", cards, test_cancelled_early);
    status = g_test_run();
    test_cards_free(cards);
    return status;
}
