/* story.c - see story.h */
#include "tests/day/story.h"

#include <string.h>

CueWorld *
story_world(ContentDayPlan **out_day)
{
    *out_day = plan_builder_day(STORY_DATE);
    return cue_world_new(STORY_TZ, STORY_ZONES, STORY_DATE " 05:59:00");
}

gint64
story_at(CueWorld *world, const char *time)
{
    g_autofree char *local = g_strconcat(STORY_DATE " ", time, NULL);

    return cue_world_at(world, local);
}

void
story_run(CueWorld *world, const char *time)
{
    g_autofree char *local = g_strconcat(STORY_DATE " ", time, NULL);

    cue_world_run(world, local);
}

void
story_expect_at(CueWorld *world, const char *tape, const char *where)
{
    g_autofree char *told = cue_world_tape(world);

    if (strcmp(told, tape) != 0)
        g_test_message("%s:\n%s", where, told);
    g_assert_cmpstr(told, ==, tape);
}

void
story_expect_heard(CueWorld *world, const char *name, const char *zone, const char *time,
                   gint64 from_ms, gint64 to_ms, gint64 position_ms, gint64 silent_ms)
{
    const ContentRecord *record = cue_world_last_final(world, name, zone);
    gint64 base_us = story_at(world, time);

    g_assert_cmpint(record->kind, ==, CONTENT_RECORD_PLAYED);
    g_assert_cmpint((record->actual_start_us - base_us) / 1000, ==, from_ms);
    g_assert_cmpint((record->actual_end_us - base_us) / 1000, ==, to_ms);
    g_assert_cmpint(record->position_us / 1000, ==, position_ms);
    g_assert_cmpint(record->silent_us / 1000, ==, silent_ms);
    g_assert_cmpint(record->relay, ==, CONTENT_RELAY_CLOSED);
    g_assert_cmpint(record->relay_asked_us, <=, record->relay_read_us);
    g_assert_cmpint(record->relay_read_us, <=, record->actual_end_us);
    g_assert_cmpint(record->level_mdb, ==, -20000);
    g_assert_false(record->journal_late);
}

int
story_tell_all(int argc, char **argv, const char *folder, const Story *stories, gsize n)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < n; i++) {
        g_autofree char *path = g_strdup_printf("/day/%s/%s", folder, stories[i].name);

        g_test_add_func(path, stories[i].tell);
    }
    return g_test_run();
}
