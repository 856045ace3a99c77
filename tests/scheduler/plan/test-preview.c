/* test-preview.c - what a village will hear, and what it will not, before anything is pushed.
 */
#include "tests/support/plan-world.h"

#include "scheduler/plan/preview.h"

static char *
show(SchedSnapshot *world, const char *area)
{
    g_autoptr(SchedIndex) index = sched_index_new(world);
    g_autoptr(GError) error = NULL;
    g_autoptr(SchedPreview) preview =
        sched_preview_area(index, area, plan_world_day(PLAN_WORLD_DAY), &error);
    GString *text = g_string_new(NULL);

    g_assert_no_error(error);
    g_string_append_printf(text, "%u:", preview->n_zones);
    for (guint i = 0; i < preview->lines->len; i++) {
        const SchedPreviewLine *line = &g_array_index(preview->lines, SchedPreviewLine, i);

        g_string_append_printf(text, " %s-%s-%s-%s",
                               line->sounds ? "sounds" : sched_finding_words[line->why],
                               line->zone == NULL ? "all" : line->zone,
                               line->title == NULL ? line->slot : line->title,
                               line->language == NULL ? "none" : line->language);
        g_assert_cmpint(line->has_finding, !=, line->sounds);
    }
    return g_string_free(text, FALSE);
}

static void
test_villages(void)
{
    g_autoptr(SchedSnapshot) world = plan_world_new();
    SchedSlot *not_approved;
    /* clang-format off */
    const struct { const char *why, *area, *lines; } cases[] = {
        { "its own language, and the gong",  "lang-a", "1: sounds-a-chuong-none sounds-a-tin-bdq not_approved-all-toi-none" },
        { "a fallback is told at the item, before what is heard instead", "lang-b",
          "2: sounds-b-chuong-none sounds-b2-chuong-none fallback-b2-tin-jra sounds-b-tin-bdq sounds-b2-tin-vi not_approved-all-toi-none" },
        { "no loudspeaker: a messenger goes", "lang-d", "0:" },
    };
    /* clang-format on */

    plan_world_zone(world, "a", "bdq");
    plan_world_zone(world, "b", "bdq");
    plan_world_zone(world, "b2", "jra vi");
    plan_world_announcement(world, "chuong", "-:5");
    plan_world_announcement(world, "tin", "bdq:60 vi:50");
    plan_world_playlist(world, "p", "chuong! tin");
    plan_world_slot(world, "chieu", "p", "17:00", "")->policy = SCHED_PLAN_FIRST;
    not_approved = plan_world_slot(world, "toi", "p", "19:00", "");
    not_approved->is_approved = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *lines = show(world, cases[i].area);

        g_test_message("%s", cases[i].why);
        g_assert_cmpstr(lines, ==, cases[i].lines);
    }
}

static void
test_unknown_area(void)
{
    g_autoptr(SchedSnapshot) world = plan_world_new();
    g_autoptr(SchedIndex) index = sched_index_new(world);
    g_autoptr(GError) error = NULL;

    g_assert_null(sched_preview_area(index, "khong", 20000, &error));
    g_assert_error(error, SCHED_INDEX_ERROR, SCHED_INDEX_ERROR_INVALID);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/preview/villages", test_villages);
    g_test_add_func("/plan/preview/unknown-area", test_unknown_area);
    return g_test_run();
}
