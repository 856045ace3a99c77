/* plan-world.c - see plan-world.h */
#include "tests/support/plan-world.h"

#include "content/base/id.h"

#include <stdlib.h>
#include <string.h>

SchedDay
plan_world_day(const char *text)
{
    SchedDay day = 0;

    g_assert_true(sched_day_parse(text, &day));
    return day;
}

SchedSnapshot *
plan_world_new(void)
{
    SchedSnapshot *world = sched_snapshot_new();
    SchedArea *district = sched_snapshot_add_area(world, "huyen", NULL, "Huyện");

    sched_area_add_window(district, CONTENT_CLASS_THONG_THUONG, 127, 0, 1440);
    sched_snapshot_add_area(world, "xa", "huyen", "Xã");
    for (char letter = 'a'; letter <= 'd'; letter++) {
        g_autofree char *id = g_strdup_printf("lang-%c", letter);

        sched_snapshot_add_area(world, id, "xa", id);
    }
    sched_snapshot_add_station(world, "tram", "xa", "Asia/Ho_Chi_Minh");
    return world;
}

SchedZone *
plan_world_zone(SchedSnapshot *world, const char *id, const char *languages)
{
    g_autofree char *village = g_strdup_printf("lang-%c", id[0]);
    SchedZone *zone = sched_snapshot_add_zone(world, id, "tram", "loa", village, id);
    g_auto(GStrv) tags = g_strsplit(languages, " ", -1);

    for (gsize i = 0; tags[i] != NULL; i++)
        g_ptr_array_add(zone->languages, g_strdup(tags[i]));
    zone->switch_ms = 300;
    return zone;
}

SchedAnnouncement *
plan_world_announcement(SchedSnapshot *world, const char *id, const char *versions)
{
    SchedAnnouncement *announcement = sched_snapshot_add_announcement(world, id, id);
    g_auto(GStrv) words = g_strsplit(versions, " ", -1);

    for (gsize i = 0; words[i] != NULL && words[i][0] != '\0'; i++) {
        g_auto(GStrv) parts = g_strsplit(words[i], ":", 2);
        g_autofree char *name = g_strdup_printf("%s/%s", id, parts[0]);
        g_autofree char *object = content_sha256_hex(name, strlen(name));
        g_autofree char *approval = content_sha256_hex(object, strlen(object));
        SchedVersion *version = sched_announcement_add_version(
            announcement, name, strcmp(parts[0], "-") == 0 ? NULL : parts[0], object, approval);

        version->duration_us = (gint64) (g_ascii_strtod(parts[1], NULL) * G_USEC_PER_SEC);
        version->size_bytes = 1000;
        version->class_ = CONTENT_CLASS_UU_TIEN;
        g_ptr_array_add(version->areas, g_strdup("huyen"));
    }
    return announcement;
}

/* "radio^1800" */
static void
add_relay(SchedPlaylist *playlist, const char *item, const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "^", 2);

    sched_playlist_add_item(playlist, item, SCHED_PLAN_ITEM_STREAM, parts[0])->relay_us =
        (gint64) atoi(parts[1]) * G_USEC_PER_SEC;
}

SchedPlaylist *
plan_world_playlist(SchedSnapshot *world, const char *id, const char *items)
{
    SchedPlaylist *playlist = sched_snapshot_add_playlist(world, id);
    g_auto(GStrv) words = g_strsplit(items, " ", -1);

    for (gsize i = 0; words[i] != NULL && words[i][0] != '\0'; i++) {
        gboolean is_signal = g_str_has_suffix(words[i], "!");
        g_autofree char *name = g_strndup(words[i], strlen(words[i]) - (is_signal ? 1 : 0));
        g_autofree char *item = g_strdup_printf("i%" G_GSIZE_FORMAT, i + 1);

        if (strchr(name, '^') != NULL)
            add_relay(playlist, item, name);
        else if (name[0] == '~')
            sched_playlist_add_item(playlist, item, SCHED_PLAN_ITEM_PAUSE, NULL)->pause_ms =
                atoi(name + 1) * 1000;
        else
            sched_playlist_add_item(
                playlist, item,
                is_signal ? SCHED_PLAN_ITEM_SIGNAL : SCHED_PLAN_ITEM_ANNOUNCEMENT, name);
    }
    return playlist;
}

SchedSlot *
plan_world_slot(SchedSnapshot *world, const char *id, const char *playlist, const char *start,
                const char *rule)
{
    SchedSlot *slot = sched_snapshot_add_slot(world, id, id, playlist);

    g_free(slot->rule);
    slot->rule = g_strdup(rule);
    slot->first_day = plan_world_day(PLAN_WORLD_DAY);
    slot->start_s = atoi(start) * 3600 + atoi(start + 3) * 60;
    if (strlen(start) == 8)
        slot->start_s += atoi(start + 6);
    slot->is_approved = TRUE;
    g_ptr_array_add(slot->areas, g_strdup("huyen"));
    return slot;
}

static void
show_time(GString *text, SchedCalendar *calendar, gint64 at_us, SchedDay day)
{
    gint64 second = 0, ms = at_us / 1000 % 1000;
    SchedDay local = sched_calendar_local(calendar, at_us, &second);

    g_string_append_printf(text, "%02d:%02d:%02d", (int) second / 3600, (int) second / 60 % 60,
                           (int) second % 60);
    if (ms != 0)
        g_string_append_printf(text, ".%03d", (int) ms);
    if (local != day)
        g_string_append_printf(text, "+%dd", local - day);
}

static void
show_segment(GString *text, SchedCalendar *calendar, const ContentSegment *segment,
             SchedDay day)
{
    show_time(text, calendar, segment->start_us, day);
    g_string_append_printf(text, " %s %s", segment->language == NULL ? "-" : segment->language,
                           segment->title);
    if (segment->repetition != 0)
        g_string_append_printf(text, "+%d", (int) segment->repetition);
    if (strcmp(segment->output, "loa") != 0)
        g_string_append_printf(text, "@%s", segment->output);
    g_string_append(text, " [");
    for (guint i = 0; i < segment->zones->len; i++)
        g_string_append_printf(text, "%s%s", i == 0 ? "" : " ",
                               (const char *) g_ptr_array_index(segment->zones, i));
    g_string_append(text, "]\n");
}

static void
show_finding(GString *text, const SchedFinding *finding)
{
    const char *const members[] = {finding->item == NULL ? finding->slot : finding->title,
                                   finding->zone, finding->language};

    g_string_append_printf(text, "! %s", sched_finding_words[finding->kind]);
    /* An item whose announcement is not there has no title: its id stands for it. */
    g_string_append_printf(text, " %s", members[0] == NULL ? finding->item : members[0]);
    for (gsize i = 1; i < G_N_ELEMENTS(members); i++) {
        if (members[i] != NULL)
            g_string_append_printf(text, " %s", members[i]);
    }
    if (finding->by != NULL)
        g_string_append_printf(text, " < %s", finding->by);
    if (finding->special != NULL)
        g_string_append_printf(text, " (%s)", finding->special);
    g_string_append_c(text, '\n');
}

char *
plan_world_show(const SchedSnapshot *world, const char *station, const char *date)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SchedIndex) index = sched_index_new(world);
    SchedDay day = plan_world_day(date);
    g_autoptr(SchedPlanDay) planned = NULL;
    GString *text = g_string_new(NULL);

    g_assert_no_error(error);
    planned = sched_plan_station_day(index, station, day, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < planned->plan->segments->len; i++)
        show_segment(text, sched_index_station(index, station)->calendar,
                     g_ptr_array_index(planned->plan->segments, i), day);
    for (guint i = 0; i < planned->findings->len; i++)
        show_finding(text, &g_array_index(planned->findings, SchedFinding, i));
    return g_string_free(text, FALSE);
}
