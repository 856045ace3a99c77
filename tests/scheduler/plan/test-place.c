/*
 * test-place.c - what was sent from above finds its time: in the windows and minutes, before
 * the deadline, and never at the cost of what was planned before.
 */
#include "tests/support/plan-world.h"

#include "scheduler/plan/place.h"

#include <string.h>

/* Of PLAN_WORLD_DAY, "17:00" or "17:00:30", in Vietnam; "+1d" after it: of the next. */
static gint64
instant(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "+", 2);
    g_autofree char *iso = g_strdup_printf("%sT%s%s+07", PLAN_WORLD_DAY, parts[0],
                                           strlen(parts[0]) == 5 ? ":00" : "");
    g_autoptr(GDateTime) at = g_date_time_new_from_iso8601(iso, NULL);
    gint64 days = parts[1] == NULL ? 0 : g_ascii_strtoll(parts[1], NULL, 10);

    g_assert_nonnull(at);
    return (g_date_time_to_unix(at) + days * 86400) * G_USEC_PER_SEC;
}

/*
 * 17:00 to 17:11 in a and b, 18:00 to 18:01 with priority; windows 05:00–21:00 in the commune;
 * what was sent lasts a minute in Vietnamese, and half of one in Jrai, which a hears first.
 */
static SchedSnapshot *
world_new(void)
{
    SchedSnapshot *world = plan_world_new();

    plan_world_zone(world, "a", "jra vi");
    plan_world_zone(world, "b", "vi");
    plan_world_announcement(world, "tin", "vi:60");
    plan_world_announcement(world, "dai", "vi:600");
    plan_world_announcement(world, "gui", "vi:60 jra:30");
    plan_world_announcement(world, "la", "bdq:60");
    plan_world_playlist(world, "p", "dai tin");
    plan_world_playlist(world, "p-tin", "tin");
    plan_world_playlist(world, "p-gui", "gui");
    plan_world_playlist(world, "p-la", "la");
    plan_world_playlist(world, "p-dai", "dai");
    plan_world_slot(world, "chieu", "p", "17:00", "FREQ=DAILY");
    plan_world_slot(world, "uu", "p-tin", "18:00", "FREQ=DAILY")->class_ =
        CONTENT_CLASS_UU_TIEN;
    sched_area_add_window(g_ptr_array_index(world->areas, 1), CONTENT_CLASS_THONG_THUONG, 127,
                          5 * 60, 21 * 60);
    return world;
}

static SchedPlaceWish
wish_of(const char *area, const char *earliest, const char *deadline)
{
    return (SchedPlaceWish){.area = area,
                            .playlist = "p-gui",
                            .tzid = "Asia/Ho_Chi_Minh",
                            .earliest_us = instant(earliest),
                            .deadline_us = instant(deadline)};
}

static void
change(SchedSnapshot *world, const char *what)
{
    if (strcmp(what, "quiet a") == 0) {
        SchedQuiet *quiet =
            sched_snapshot_add_quiet(world, "q", instant("11:00"), instant("15:00"));

        quiet->area = g_strdup("lang-a");
    } else if (strcmp(what, "limit") == 0) {
        /* 17:00 takes eleven minutes, 18:00 one: a minute and a half is left for a. */
        ((SchedArea *) g_ptr_array_index(world->areas, 1))->daily_limit_min = 13;
    } else if (strcmp(what, "limit once") == 0) {
        change(world, "limit");
        *((SchedSlot *) g_ptr_array_index(world->slots, 0))->rule = '\0';
    } else if (strcmp(what, "skip") == 0) {
        sched_snapshot_add_special(world, "tet", "huyen", plan_world_day(PLAN_WORLD_DAY),
                                   plan_world_day(PLAN_WORLD_DAY), SCHED_SPECIAL_SKIP);
    } else if (strcmp(what, "move b") == 0) {
        sched_snapshot_add_special(world, "hoi", "lang-b", plan_world_day(PLAN_WORLD_DAY),
                                   plan_world_day(PLAN_WORLD_DAY), SCHED_SPECIAL_MOVE_BY)
            ->minutes = 30;
    } else if (strcmp(what, "placed") == 0) {
        plan_world_slot(world, "da-dat", "p", "12:00", "");
    }
}

/* clang-format off */
static const struct {
    const char *why, *area, *change, *at; guint n_heard, n_silent, n_pushed; gint kind; const char *end;
} tries[] = {
    { "in a free hour: both villages, each its languages", "xa", "", "12:00", 2, 0, 0, -1, "12:01:30.5" },
    { "one village alone",            "lang-b", "", "12:00",    1, 0, 0, -1, "12:01" },
    { "behind the afternoon's",       "xa", "", "17:11:01",     2, 0, 0, -1, "17:12:31.5" },
    { "into it: it goes first, and leaves no room", "xa", "", "17:05", 0, 2, 0,
      SCHED_FINDING_DISPLACED, NULL },
    { "before it, without room: that would lose its beginning", "xa", "", "16:57:30", 2, 0, 0, -1, "16:59:00.5" },
    { "into what is to come, which would wait too long", "lang-b", "limit", "16:59", 1, 0, 0, -1, "17:00" },
    { "at night",                     "xa", "", "21:00",        0, 2, 0, SCHED_FINDING_OUTSIDE_WINDOW, NULL },
    { "silence was asked for in one", "xa", "quiet a", "12:00", 1, 1, 0, SCHED_FINDING_QUIET_REQUEST, "12:01:30.5" },
    { "after the silence",            "xa", "quiet a", "15:00", 2, 0, 0, -1, "15:01:30.5" },
    { "on a day that is skipped",     "xa", "skip", "12:00",    0, 2, 0, SCHED_FINDING_SPECIAL_DAY, NULL },
    { "where one village's day is moved", "xa", "move b", "12:00", 2, 1, 0, SCHED_FINDING_SPECIAL_DAY, "12:31" },
};
/* clang-format on */

static gint64
fraction(const char *text)
{
    const char *dot = strchr(text, '.');
    g_autofree char *whole =
        dot == NULL ? g_strdup(text) : g_strndup(text, (gsize) (dot - text));

    return instant(whole) + (dot == NULL ? 0 : g_ascii_strtoll(dot + 1, NULL, 10) * 100000);
}

static void
test_try(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(tries); i++) {
        g_autoptr(SchedSnapshot) world = world_new();
        g_autoptr(SchedIndex) index = NULL;
        g_autoptr(GError) error = NULL;
        g_autofree char *before = NULL, *after = NULL;
        SchedPlaceWish wish = wish_of(tries[i].area, "05:00", "23:00");
        SchedPlaceTime time;

        g_test_message("%s", tries[i].why);
        change(world, tries[i].change);
        before = plan_world_show(world, "tram", PLAN_WORLD_DAY);
        index = sched_index_new(world);
        g_assert_true(sched_place_try(index, &wish, instant(tries[i].at), &time, &error));
        g_assert_no_error(error);
        g_assert_cmpuint(time.n_heard, ==, tries[i].n_heard);
        g_assert_cmpuint(time.n_silent, ==, tries[i].n_silent);
        g_assert_cmpuint(time.n_pushed, ==, tries[i].n_pushed);
        g_assert_cmpint(time.why, ==, tries[i].kind);
        g_assert_cmpint(time.end_us, ==, tries[i].end == NULL ? 0 : fraction(tries[i].end));
        /* It was only tried. */
        after = plan_world_show(world, "tram", PLAN_WORLD_DAY);
        g_assert_cmpstr(before, ==, after);
    }
}

/* What it would take from others: room at once, or the minutes of the day later on. */
static void
test_pushes(void)
{
    g_autoptr(SchedSnapshot) world = world_new();
    g_autoptr(SchedIndex) index = NULL;
    g_autoptr(GError) error = NULL;
    SchedPlaceWish wish = wish_of("xa", "05:00", "23:00");
    SchedPlaceTime time;

    plan_world_announcement(world, "dai-hon", "vi:400");
    plan_world_playlist(world, "p-dai-hon", "dai-hon");
    wish.playlist = "p-dai-hon";
    index = sched_index_new(world);
    /* Six minutes before an item that may wait two. */
    g_assert_true(sched_place_try(index, &wish, instant("16:56"), &time, &error));
    g_assert_cmpuint(time.n_pushed, >, 0);
    g_assert_false(sched_place_is_free(&wish, &time));
    g_assert_true(sched_place_try(index, &wish, instant("16:53"), &time, &error));
    g_assert_cmpuint(time.n_pushed, ==, 0);
    g_assert_true(sched_place_is_free(&wish, &time));
    g_clear_pointer(&index, sched_index_free);
    change(world, "limit");
    index = sched_index_new(world);
    /* The morning's six minutes would be missing in the afternoon. */
    g_assert_true(sched_place_try(index, &wish, instant("08:00"), &time, &error));
    g_assert_cmpuint(time.n_pushed, >, 0);
}

/* Where it stands counts as free: it is moved, not doubled. */
static void
test_moves(void)
{
    g_autoptr(SchedSnapshot) world = world_new();
    g_autoptr(SchedIndex) index = NULL;
    g_autoptr(GError) error = NULL;
    SchedPlaceWish wish = wish_of("xa", "05:00", "23:00");
    SchedPlaceTime time;

    change(world, "placed");
    wish.playlist = "p";
    index = sched_index_new(world);
    g_assert_true(sched_place_try(index, &wish, instant("12:00:30"), &time, &error));
    g_assert_false(sched_place_is_free(&wish, &time) && time.n_silent == 0);
    wish.slot = "da-dat";
    g_assert_true(sched_place_try(index, &wish, instant("12:00:30"), &time, &error));
    g_assert_true(sched_place_is_free(&wish, &time));
    g_assert_cmpuint(time.n_silent, ==, 0);
    /* At the same second as another it goes first or last by its name, as it will then. */
    wish.slot = NULL;
    wish.playlist = "p-gui";
    g_assert_true(sched_place_try(index, &wish, instant("17:00"), &time, &error));
    g_assert_cmpuint(time.n_heard, ==, 0);
    wish.slot = "a-truoc";
    g_assert_true(sched_place_try(index, &wish, instant("17:00"), &time, &error));
    g_assert_cmpuint(time.n_heard, ==, 2);
    wish.area = "khong-co";
    g_assert_false(sched_place_try(index, &wish, instant("12:00"), &time, &error));
    g_assert_error(error, SCHED_INDEX_ERROR, SCHED_INDEX_ERROR_INVALID);
}

/* clang-format off */
static const struct {
    const char *why, *area, *playlist, *change, *earliest, *deadline, *start; guint n_silent;
} nexts[] = {
    { "the next whole minute",              "xa", "p-gui", "", "12:00:10", "23:00", "12:01", 0 },
    { "while a programme sounds: behind it", "xa", "p-gui", "", "17:02", "23:00", "17:11:01", 0 },
    { "no window is open any more: tomorrow", "xa", "p-gui", "", "21:00", "12:00+1d", "05:00+1d", 0 },
    { "the deadline is before the window",  "xa", "p-gui", "", "21:00", "05:00+1d", NULL, 0 },
    { "over by the deadline, to the half second", "xa", "p-gui", "", "12:00", "12:01:30", NULL, 0 },
    { "and just in time",                   "xa", "p-gui", "", "12:00", "12:01:31", "12:00", 0 },
    { "the deadline has passed",            "xa", "p-gui", "", "12:00", "11:00", NULL, 0 },
    { "it waits until the silence is over", "xa", "p-gui", "quiet a", "12:00", "23:00", "15:00", 0 },
    { "but not beyond the deadline: then the others hear it", "xa", "p-gui", "quiet a", "12:00", "14:00", "12:00", 1 },
    { "only where it is silent: not at all", "lang-a", "p-gui", "quiet a", "12:00", "14:00", NULL, 0 },
    { "the day is skipped: the next one",   "xa", "p-gui", "skip", "12:00", "12:00+1d", "05:00+1d", 0 },
    { "nobody there hears its language",    "xa", "p-la", "", "12:00", "23:00", NULL, 0 },
    { "the minutes of the day are used up each day", "xa", "p-dai", "limit", "12:00", "23:00+2d", NULL, 0 },
    { "or today alone: tomorrow",           "xa", "p-dai", "limit once", "12:00", "23:00+2d", "05:00+1d", 0 },
};
/* clang-format on */

static void
test_next(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(nexts); i++) {
        g_autoptr(SchedSnapshot) world = world_new();
        g_autoptr(SchedIndex) index = NULL;
        g_autoptr(GError) error = NULL;
        SchedPlaceWish wish = wish_of(nexts[i].area, nexts[i].earliest, nexts[i].deadline);
        SchedPlaceTime time;

        g_test_message("%s", nexts[i].why);
        wish.playlist = nexts[i].playlist;
        change(world, nexts[i].change);
        index = sched_index_new(world);
        g_assert_true(sched_place_next(index, &wish, &time, &error));
        g_assert_no_error(error);
        g_assert_cmpint(time.start_us, ==,
                        nexts[i].start == NULL ? -1 : instant(nexts[i].start));
        if (nexts[i].start != NULL)
            g_assert_cmpuint(time.n_silent, ==, nexts[i].n_silent);
    }
}

/* What is offered: behind each programme, as far as all may hear it before the deadline. */
static void
test_times(void)
{
    g_autoptr(SchedSnapshot) world = world_new();
    g_autoptr(SchedIndex) index = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) times = NULL, fewer = NULL, none = NULL;
    SchedPlaceWish wish = wish_of("xa", "12:00", "20:00+20d");
    const SchedPlaceTime *one;

    plan_world_slot(world, "khuya", "p-tin", "20:59:30", "FREQ=DAILY");
    index = sched_index_new(world);
    times = sched_place_times(index, &wish, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(times->len, ==, SCHED_PLACE_MAX_TIMES);
    one = &g_array_index(times, SchedPlaceTime, 0);
    g_assert_cmpint(one->start_us, ==, instant("17:11:01"));
    g_assert_cmpstr(one->slot, ==, "chieu");
    g_assert_cmpuint(one->n_heard, ==, 2);
    one = &g_array_index(times, SchedPlaceTime, 1);
    g_assert_cmpint(one->start_us, ==, instant("18:01:01"));
    /* Not behind the one at nine in the evening: that would be night. */
    one = &g_array_index(times, SchedPlaceTime, 2);
    g_assert_cmpint(one->start_us, ==, instant("17:11:01+1d"));
    wish.deadline_us = instant("18:01:30");
    fewer = sched_place_times(index, &wish, &error);
    g_assert_cmpuint(fewer->len, ==, 1);
    /* Long after the deadline. */
    wish.deadline_us -= G_GINT64_CONSTANT(400) * 86400 * G_USEC_PER_SEC;
    none = sched_place_times(index, &wish, &error);
    g_assert_cmpuint(none->len, ==, 0);
}

/* Two communes choose differently; each is an ordinary occurrence, in its own villages alone.
 */
static void
test_two_communes(void)
{
    g_autoptr(SchedSnapshot) world = world_new();
    g_autofree char *plan = NULL;
    const struct {
        const char *area, *id, *at;
    } chosen[] = {
        {"lang-a", "dat-a", "12:00"},
        {"lang-b", "dat-b", "17:11:01"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(chosen); i++) {
        g_autoptr(SchedIndex) index = sched_index_new(world);
        SchedPlaceWish wish = wish_of(chosen[i].area, "05:00", "20:00");
        SchedPlaceTime time;
        SchedSlot *slot;

        g_assert_true(sched_place_try(index, &wish, instant(chosen[i].at), &time, NULL));
        g_assert_true(sched_place_is_free(&wish, &time));
        slot = plan_world_slot(world, chosen[i].id, "p-gui", chosen[i].at, "");
        g_ptr_array_set_size(slot->areas, 0);
        g_ptr_array_add(slot->areas, g_strdup(chosen[i].area));
    }
    plan = plan_world_show(world, "tram", PLAN_WORLD_DAY);
    g_assert_cmpstr(plan, ==,
                    "12:00:00 jra gui [a]\n12:00:30 vi gui [a]\n17:00:00 vi dai [a b]\n"
                    "17:10:00 vi tin [a b]\n17:11:01 vi gui [b]\n18:00:00 vi tin [a b]\n"
                    "! fallback dai a jra\n! fallback tin a jra\n! fallback tin a jra\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/place/try", test_try);
    g_test_add_func("/plan/place/pushes", test_pushes);
    g_test_add_func("/plan/place/moves", test_moves);
    g_test_add_func("/plan/place/next", test_next);
    g_test_add_func("/plan/place/times", test_times);
    g_test_add_func("/plan/place/two-communes", test_two_communes);
    return g_test_run();
}
