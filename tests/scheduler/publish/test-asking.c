/* test-asking.c - stations are asked a few at a time, each once, none that spoke by itself. */
#include "scheduler/publish/asking.h"

#include "tests/support/fake-clock.h"

#define NOW        (G_GINT64_CONSTANT(1772442000) * G_USEC_PER_SEC)
#define N_STATIONS 10000

typedef struct {
    ContentClock *clock;
    SchedAsking *asking;
    GHashTable *stations;
    GHashTable *spoke; /* these need not be asked */
    GHashTable *asked;
    guint n_asked;
    gint64 since_us;
} Fixture;

static gboolean
on_ask(const char *station, gint64 since_us, gpointer data)
{
    Fixture *f = data;

    f->since_us = since_us;
    if (g_hash_table_contains(f->spoke, station))
        return FALSE;
    g_hash_table_add(f->asked, g_strdup(station));
    f->n_asked++;
    return TRUE;
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->clock = fake_clock_new(NOW);
    f->asking = sched_asking_new(f->clock, on_ask, f);
    f->stations = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    f->spoke = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    f->asked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < N_STATIONS; i++)
        g_hash_table_add(f->stations, g_strdup_printf("tram-%u", i));
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    sched_asking_free(f->asking);
    g_assert_false(fake_clock_advance_to_next(f->clock)); /* it leaves no alarm behind */
    content_clock_free(f->clock);
    g_hash_table_unref(f->stations);
    g_hash_table_unref(f->spoke);
    g_hash_table_unref(f->asked);
}

static void
test_paced(Fixture *f, gconstpointer data)
{
    gint64 began_us = content_clock_monotonic_us(f->clock);
    guint n_turns = 0;

    for (guint i = 0; i < 500; i++)
        g_hash_table_add(f->spoke, g_strdup_printf("tram-%u", i));
    sched_asking_begin(f->asking, f->stations);
    fake_clock_advance(f->clock, SCHED_ASK_AFTER_US - 1);
    g_assert_cmpuint(f->n_asked, ==, 0);
    while (fake_clock_advance_to_next(f->clock))
        g_assert_cmpuint(f->n_asked, <=, ++n_turns * SCHED_ASK_BATCH);
    g_assert_cmpint(f->since_us, ==, began_us);
    g_assert_cmpuint(f->n_asked, ==, N_STATIONS - 500);
    g_assert_cmpuint(g_hash_table_size(f->asked), ==, N_STATIONS - 500);
    g_assert_cmpint(content_clock_monotonic_us(f->clock) - began_us, <, 60 * G_USEC_PER_SEC);
}

/* The second broker comes up while the first one's stations are being asked. */
static void
test_begun_anew(Fixture *f, gconstpointer data)
{
    sched_asking_begin(f->asking, f->stations);
    fake_clock_advance(f->clock, SCHED_ASK_AFTER_US);
    g_assert_cmpuint(f->n_asked, ==, SCHED_ASK_BATCH);
    sched_asking_begin(f->asking, f->stations);
    fake_clock_advance(f->clock, SCHED_ASK_AFTER_US - 1);
    g_assert_cmpuint(f->n_asked, ==, SCHED_ASK_BATCH);
    while (fake_clock_advance_to_next(f->clock))
        continue;
    g_assert_cmpuint(g_hash_table_size(f->asked), ==, N_STATIONS);
    g_assert_cmpuint(f->n_asked, ==, N_STATIONS + SCHED_ASK_BATCH);
}

static void
test_freed_under_way(Fixture *f, gconstpointer data)
{
    sched_asking_begin(f->asking, f->stations);
    fake_clock_advance(f->clock, SCHED_ASK_AFTER_US);
    g_assert_cmpuint(f->n_asked, ==, SCHED_ASK_BATCH);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function)                                                                    \
    g_test_add("/publish/asking/" name, Fixture, NULL, set_up, function, tear_down)
    ADD("paced", test_paced);
    ADD("begun-anew", test_begun_anew);
    ADD("freed-under-way", test_freed_under_way);
    return g_test_run();
}
