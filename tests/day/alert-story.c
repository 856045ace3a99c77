/* alert-story.c - see alert-story.h */
#include "tests/day/alert-story.h"

CueWorld *
world_with(const char *zones)
{
    ContentDayPlan *day;
    CueWorld *world = story_world(&day);

    plan_builder_add(day, "tin", "o1", zones, "vi", story_at(world, "06:00:00"), PLAN_S(60));
    cue_world_plan(world, day, "");
    return world;
}

void
run_to(CueWorld *world, const char *time)
{
    story_run(world, time);
    g_free(cue_world_tape(world));
}

ContentAlert *
order(CueWorld *world, const char *id, const char *area)
{
    return alert_builder_new(id, area, "vi", cue_world_utc(world));
}

ContentSettingsZone *
place(CueWorld *world, const char *id)
{
    return (ContentSettingsZone *) play_check_find_zone(cue_world_settings(world), id);
}

void
speak(CueWorld *world, const char *zone, const char *languages)
{
    GPtrArray *list = place(world, zone)->languages;
    g_auto(GStrv) words = g_strsplit(languages, " ", -1);

    g_ptr_array_set_size(list, 0);
    for (guint i = 0; words[i] != NULL; i++)
        g_ptr_array_add(list, g_strdup(words[i]));
    cue_world_give_settings(world);
}
