/* test-parts.c - stretches that were heard: in order, few, and none of them forgotten. */
#include "player/cue/parts.h"

#define S(seconds) ((gint64) (seconds) *G_USEC_PER_SEC)

static void
add(GPtrArray *parts, gint64 from_s, gint64 to_s, gint relay, gint64 level_mdb)
{
    ContentPart *part = content_shape_new(&content_part_shape);

    part->from_us = S(from_s);
    part->to_us = S(to_s);
    part->relay = relay;
    part->level_mdb = part->peak_mdb = level_mdb;
    play_parts_add(parts, part);
}

static void
expect(const GPtrArray *parts, guint i, gint64 from_s, gint64 to_s)
{
    const ContentPart *part = parts->pdata[i];

    g_assert_cmpint(part->from_us, ==, S(from_s));
    g_assert_cmpint(part->to_us, ==, S(to_s));
}

/* Told out of order, and twice: by start, and the longer of two that begin together. */
static void
test_order(void)
{
    g_autoptr(GPtrArray) parts = play_parts_new();

    add(parts, 20, 30, CONTENT_RELAY_CLOSED, -1000);
    add(parts, 0, 5, CONTENT_RELAY_CLOSED, -2000);
    add(parts, 0, 8, CONTENT_RELAY_CLOSED, -3000);
    add(parts, 0, 3, CONTENT_RELAY_CLOSED, -4000);
    g_assert_cmpuint(parts->len, ==, 2);
    expect(parts, 0, 0, 8);
    expect(parts, 1, 20, 30);
    g_assert_cmpint(play_parts_heard_us(parts), ==, S(18));
    g_assert_cmpint(play_parts_longest(parts)->level_mdb, ==, -1000);
    /* What overlaps, as after a clock that was set, is heard once. */
    add(parts, 6, 10, CONTENT_RELAY_CLOSED, -1000);
    g_assert_cmpint(play_parts_heard_us(parts), ==, S(20));
}

/* A relay that flaps all the time: the list stays short, and sound and silence add up. */
static void
test_full(void)
{
    g_autoptr(GPtrArray) parts = play_parts_new();
    const ContentPart *last;

    for (gint64 i = 0; i < 100; i++)
        add(parts, 10 * i, 10 * i + 4, CONTENT_RELAY_CLOSED, -20000);
    g_assert_cmpuint(parts->len, ==, CONTENT_RECORD_MAX_PARTS);
    last = parts->pdata[CONTENT_RECORD_MAX_PARTS - 1];
    expect(parts, CONTENT_RECORD_MAX_PARTS - 1, 70, 994);
    g_assert_cmpint(last->to_us - last->from_us - last->silent_us, ==, S(93 * 4));
    g_assert_cmpint(last->relay, ==, CONTENT_RELAY_CLOSED);
    /* Evidence of one relay is none for both. */
    add(parts, 1000, 1004, CONTENT_RELAY_UNKNOWN, -20000);
    g_assert_cmpint(last->relay, ==, CONTENT_RELAY_UNKNOWN);
}

static void
test_moved(void)
{
    g_autoptr(GPtrArray) parts = play_parts_new();
    g_autoptr(GPtrArray) utc = play_parts_new();

    add(parts, 1, 2, CONTENT_RELAY_CLOSED, -1000);
    ((ContentPart *) parts->pdata[0])->relay_read_us = S(1);
    play_parts_add_all(utc, parts, S(1000));
    expect(utc, 0, 1001, 1002);
    g_assert_cmpint(((const ContentPart *) utc->pdata[0])->relay_read_us, ==, S(1001));
    /* That it was never asked for stays so. */
    g_assert_cmpint(((const ContentPart *) utc->pdata[0])->relay_asked_us, ==, 0);
    expect(parts, 0, 1, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/cue/parts/order", test_order);
    g_test_add_func("/player/cue/parts/full", test_full);
    g_test_add_func("/player/cue/parts/moved", test_moved);
    return g_test_run();
}
