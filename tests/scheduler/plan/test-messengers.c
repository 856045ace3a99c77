/* test-messengers.c - what is carried to villages without loudspeakers, and what is not. */
#include "scheduler/plan/messengers.h"

#include "tests/support/plan-world.h"

#define MIDNIGHT (G_GINT64_CONSTANT(1772384400) * G_USEC_PER_SEC) /* of PLAN_WORLD_DAY */
#define HOUR_US  (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

/* lang-a has a loudspeaker, lang-c and lang-d have none; at 17:00 on Mondays a gong, `tin`, and
 * music. */
static SchedSnapshot *
world_new(void)
{
    SchedSnapshot *world = plan_world_new();

    plan_world_zone(world, "a", "jra vi");
    plan_world_announcement(world, "tin", "vi:60 jra:60");
    plan_world_announcement(world, "chuong", "-:5");
    plan_world_announcement(world, "khac", "");
    plan_world_playlist(world, "p", "chuong! tin khac tin");
    plan_world_slot(world, "chieu", "p", "17:00", "FREQ=WEEKLY;BYDAY=MO");
    return world;
}

static SchedSlot *
slot_of(SchedSnapshot *world)
{
    return g_ptr_array_index(world->slots, 0);
}

static SchedVersion *
version_of(SchedSnapshot *world, guint number)
{
    const SchedAnnouncement *tin = g_ptr_array_index(world->announcements, 0);

    return g_ptr_array_index(tin->versions, number);
}

static void
aim(SchedSnapshot *world, const char *area)
{
    g_ptr_array_set_size(slot_of(world)->areas, 0);
    if (area != NULL)
        g_ptr_array_add(slot_of(world)->areas, g_strdup(area));
}

static void
nothing(SchedSnapshot *world)
{
}

static void
one_village(SchedSnapshot *world)
{
    aim(world, "lang-d");
}

static void
a_zone(SchedSnapshot *world)
{
    aim(world, NULL);
    sched_slot_add_zone(slot_of(world), "tram", "a");
}

static void
unapproved(SchedSnapshot *world)
{
    slot_of(world)->is_approved = FALSE;
}

static void
approved_elsewhere(SchedSnapshot *world)
{
    for (guint i = 0; i < 2; i++) {
        g_ptr_array_set_size(version_of(world, i)->areas, 0);
        g_ptr_array_add(version_of(world, i)->areas, g_strdup("lang-a"));
    }
}

static void
no_longer_valid(SchedSnapshot *world)
{
    for (guint i = 0; i < 2; i++)
        version_of(world, i)->valid_until_us = MIDNIGHT + 17 * HOUR_US;
}

static void
one_language_left(SchedSnapshot *world)
{
    version_of(world, 0)->valid_until_us = MIDNIGHT;
}

static void
cancelled(SchedSnapshot *world)
{
    sched_snapshot_add_override(world, "chieu", plan_world_day(PLAN_WORLD_DAY), NULL, TRUE);
}

static void
special(SchedSnapshot *world, const char *area, SchedSpecialAct act)
{
    SchedSpecialDay *day =
        sched_snapshot_add_special(world, "le", area, plan_world_day(PLAN_WORLD_DAY),
                                   plan_world_day(PLAN_WORLD_DAY), act);

    day->minutes = act == SCHED_SPECIAL_MOVE_TO ? 15 * 60 : 0;
    day->playlist = g_strdup(act == SCHED_SPECIAL_REPLACE ? "q" : NULL);
}

static void
skipped(SchedSnapshot *world)
{
    special(world, "lang-c", SCHED_SPECIAL_SKIP);
}

static void
moved(SchedSnapshot *world)
{
    special(world, "lang-d", SCHED_SPECIAL_MOVE_TO);
}

static void
replaced(SchedSnapshot *world)
{
    plan_world_announcement(world, "tet", "vi:60");
    plan_world_playlist(world, "q", "tet");
    special(world, "xa", SCHED_SPECIAL_REPLACE);
}

static void
twice(SchedSnapshot *world)
{
    plan_world_slot(world, "sang", "p", "05:30", "FREQ=WEEKLY;BYDAY=MO");
}

/* Nobody can carry what a radio will say. */
static void
relayed(SchedSnapshot *world)
{
    plan_world_announcement(world, "radio", "vi:8 jra:8");
    plan_world_playlist(world, "p-radio", "radio^1800");
    plan_world_slot(world, "trua", "p-radio", "11:00", "FREQ=WEEKLY;BYDAY=MO");
}

static char *
find(SchedSnapshot *world, gint64 until_us)
{
    g_autoptr(GPtrArray) villages = g_ptr_array_new();
    g_autoptr(SchedIndex) index = sched_index_new(world);
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) found = NULL;
    GString *out = g_string_new(NULL);

    g_ptr_array_add(villages, (gpointer) "lang-d");
    g_ptr_array_add(villages, (gpointer) "lang-c");
    g_ptr_array_add(villages, (gpointer) "lang-dau");
    found = sched_messengers_find(index, world, villages, MIDNIGHT, until_us, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < found->len; i++) {
        const SchedMessengerWish *one = &g_array_index(found, SchedMessengerWish, i);

        g_string_append_printf(out, "%s%d:%02d %s %s", i == 0 ? "" : "; ",
                               (int) ((one->start_us - MIDNIGHT) / HOUR_US),
                               (int) ((one->start_us - MIDNIGHT) / (HOUR_US / 60) % 60),
                               one->village->source->id, one->announcement);
    }
    return g_string_free(out, FALSE);
}

static void
test_cases(void)
{
    /* clang-format off */
    static const struct { const char *why; void (*make)(SchedSnapshot *world); gint hours; const char *found; } cases[] = {
        { "what is words, once each",          nothing,            24,  "17:00 lang-c tin; 17:00 lang-d tin" },
        { "not what comes later",              nothing,            17,  "" },
        { "the first time that it comes",      nothing,            400, "17:00 lang-c tin; 17:00 lang-d tin" },
        { "the earlier of two slots",          twice,              24,  "5:30 lang-c tin; 5:30 lang-d tin" },
        { "aimed at one of them",              one_village,        24,  "17:00 lang-d tin" },
        { "aimed at a loudspeaker",            a_zone,             24,  "" },
        { "a slot that nobody approved",       unapproved,         24,  "" },
        { "may not sound there",               approved_elsewhere, 24,  "" },
        { "no longer valid",                   no_longer_valid,    24,  "" },
        { "one language is enough",            one_language_left,  24,  "17:00 lang-c tin; 17:00 lang-d tin" },
        { "silent on that date",               cancelled,          24,  "" },
        { "a village's day without sound",     skipped,            24,  "17:00 lang-d tin" },
        { "earlier in one village",            moved,              24,  "15:00 lang-d tin; 17:00 lang-c tin" },
        { "not the radio",                     relayed,            24,  "17:00 lang-c tin; 17:00 lang-d tin" },
        { "another programme on that day",     replaced,           24,  "17:00 lang-c tet; 17:00 lang-d tet" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        SchedSnapshot *world = world_new();
        g_autofree char *found = NULL;

        g_test_message("%s", cases[i].why);
        cases[i].make(world);
        found = find(world, MIDNIGHT + cases[i].hours * HOUR_US);
        g_assert_cmpstr(found, ==, cases[i].found);
        sched_snapshot_free(world);
    }
}

/* However many there are, one look names so many. */
static void
test_most(void)
{
    g_autoptr(SchedSnapshot) world = world_new();
    g_autoptr(GPtrArray) villages = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(SchedIndex) index = NULL;
    g_autoptr(GArray) found = NULL;

    for (guint i = 0; i < SCHED_MESSENGERS_MAX + 1; i++) {
        char *id = g_strdup_printf("v%u", i);

        sched_snapshot_add_area(world, id, "xa", id);
        g_ptr_array_add(villages, id);
    }
    index = sched_index_new(world);
    found =
        sched_messengers_find(index, world, villages, MIDNIGHT, MIDNIGHT + 24 * HOUR_US, NULL);
    g_assert_cmpuint(found->len, ==, SCHED_MESSENGERS_MAX);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/plan/messengers/cases", test_cases);
    g_test_add_func("/scheduler/plan/messengers/most", test_most);
    return g_test_run();
}
