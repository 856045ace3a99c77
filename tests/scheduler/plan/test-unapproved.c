/* test-unapproved.c - what is not approved of what is to sound: where it counts, and where not.
 */
#include "scheduler/plan/unapproved.h"

#include "tests/support/plan-world.h"

#include <string.h>

#define MIDNIGHT (G_GINT64_CONSTANT(1772384400) * G_USEC_PER_SEC) /* of PLAN_WORLD_DAY */
#define HOUR_US  (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)
#define DAY_US   (24 * HOUR_US)

/* Zone a hears Jrai, then Vietnamese, zone b Vietnamese; at 17:00 on Mondays `tin`, which is
 * approved in Vietnamese, then `khac`, of which nothing is. */
static SchedSnapshot *
world_new(void)
{
    SchedSnapshot *world = plan_world_new();

    plan_world_zone(world, "a", "jra vi");
    plan_world_zone(world, "b", "vi");
    plan_world_announcement(world, "tin", "vi:60");
    plan_world_playlist(world, "p", "tin khac tin");
    plan_world_slot(world, "chieu", "p", "17:00", "FREQ=WEEKLY;BYDAY=MO");
    return world;
}

/* "17:00 version v-jra 1; …" of PLAN_WORLD_DAY and the @days behind it */
static char *
find(SchedSnapshot *world, const GPtrArray *drafts, guint days)
{
    g_autoptr(SchedIndex) index = sched_index_new(world);
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) found =
        sched_unapproved_find(index, world, drafts, MIDNIGHT, MIDNIGHT + days * DAY_US, &error);
    GString *out = g_string_new(NULL);

    g_assert_no_error(error);
    for (guint i = 0; i < found->len; i++) {
        const SchedUnapproved *one = &g_array_index(found, SchedUnapproved, i);

        g_string_append_printf(out, "%s%d:00 %s %s %u", i == 0 ? "" : "; ",
                               (int) ((one->start_us - MIDNIGHT) / HOUR_US),
                               sched_unapproved_kind_words[one->kind],
                               one->draft == NULL ? one->slot->id : one->draft->version,
                               one->n_zones);
    }
    return g_string_free(out, FALSE);
}

static GPtrArray *
drafts_new(void)
{
    GPtrArray *drafts = g_ptr_array_new_with_free_func((GDestroyNotify) sched_draft_free);

    g_ptr_array_add(drafts, sched_draft_new("v-jra", "tin", "Tin", "jra"));
    g_ptr_array_add(drafts, sched_draft_new("v-bdq", "tin", "Tin", "bdq"));
    g_ptr_array_add(drafts, sched_draft_new("k-vi", "khac", "Khác", "vi"));
    g_ptr_array_add(drafts, sched_draft_new("x-vi", "nowhere", "Không", "vi"));
    return drafts;
}

static SchedSlot *
slot_of(SchedSnapshot *world)
{
    return g_ptr_array_index(world->slots, 0);
}

static void
unapprove(SchedSnapshot *world)
{
    slot_of(world)->is_approved = FALSE;
}

static void
first_language(SchedSnapshot *world)
{
    slot_of(world)->policy = SCHED_PLAN_FIRST;
}

/* In the other order the Jrai version of `tin` is not heard: the Vietnamese one is there. */
static void
vietnamese_first(SchedSnapshot *world)
{
    SchedZone *zone = g_ptr_array_index(world->zones, 0);

    first_language(world);
    g_ptr_array_set_size(zone->languages, 0);
    g_ptr_array_add(zone->languages, g_strdup("vi"));
    g_ptr_array_add(zone->languages, g_strdup("jra"));
}

static void
dialect(SchedSnapshot *world)
{
    SchedZone *zone = g_ptr_array_index(world->zones, 0);

    g_ptr_array_set_size(zone->languages, 0);
    g_ptr_array_add(zone->languages, g_strdup("bdq-x-kriem"));
}

static void
other_playlist(SchedSnapshot *world)
{
    sched_snapshot_add_override(world, "chieu", plan_world_day(PLAN_WORLD_DAY), "p", FALSE);
}

static void
cancelled(SchedSnapshot *world)
{
    sched_snapshot_add_override(world, "chieu", plan_world_day(PLAN_WORLD_DAY), NULL, FALSE);
}

static void
skipped(SchedSnapshot *world)
{
    sched_snapshot_add_special(world, "tet", "xa", plan_world_day(PLAN_WORLD_DAY),
                               plan_world_day(PLAN_WORLD_DAY), SCHED_SPECIAL_SKIP);
}

static void
moved(SchedSnapshot *world)
{
    SchedSpecialDay *day =
        sched_snapshot_add_special(world, "le", "lang-a", plan_world_day(PLAN_WORLD_DAY),
                                   plan_world_day(PLAN_WORLD_DAY), SCHED_SPECIAL_MOVE_TO);

    day->minutes = 15 * 60;
}

static void
nothing(SchedSnapshot *world)
{
}

static void
test_cases(void)
{
    /* clang-format off */
    static const struct { const char *why; void (*make)(SchedSnapshot *world); guint days; const char *found; } cases[] = {
        { "each where it would be heard, once",   nothing,          1, "17:00 version k-vi 2; 17:00 version v-jra 1" },
        { "every Monday of the span",             nothing,          8, "17:00 version k-vi 2; 17:00 version v-jra 1; 185:00 version k-vi 2; 185:00 version v-jra 1" },
        { "the slot itself: nothing else of it",  unapprove,        1, "17:00 slot chieu 2" },
        { "the first language that there is",     first_language,   1, "17:00 version k-vi 2; 17:00 version v-jra 1" },
        { "behind one that is approved",          vietnamese_first, 1, "17:00 version k-vi 2" },
        { "a dialect hears its language",         dialect,          1, "17:00 version k-vi 1; 17:00 version v-bdq 1" },
        { "a change of the date",                 other_playlist,   1, "17:00 date chieu 0; 17:00 version k-vi 2; 17:00 version v-jra 1" },
        { "silence on that date",                 cancelled,        1, "" },
        { "a special day without sound",          skipped,          1, "" },
        { "earlier in one village",               moved,            1, "15:00 version k-vi 2; 15:00 version v-jra 1" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SchedSnapshot) world = world_new();
        g_autoptr(GPtrArray) drafts = drafts_new();
        g_autofree char *found = NULL;

        g_test_message("%s", cases[i].why);
        cases[i].make(world);
        found = find(world, drafts, cases[i].days);
        g_assert_cmpstr(found, ==, cases[i].found);
    }
}

/* What is not approved is left out, and the rest of its slot sounds. */
static void
test_rest_plays(void)
{
    g_autoptr(SchedSnapshot) world = world_new();
    g_autofree char *shown = plan_world_show(world, "tram", PLAN_WORLD_DAY);

    g_assert_cmpstr(shown, ==,
                    "17:00:00 vi tin [a b]\n17:01:00 vi tin [a b]\n! fallback tin a jra\n"
                    "! gap i2 a jra\n! gap i2 b vi\n! fallback tin a jra\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/unapproved/cases", test_cases);
    g_test_add_func("/plan/unapproved/rest-plays", test_rest_plays);
    return g_test_run();
}
