/* snapshot.c - see snapshot.h */
#include "scheduler/plan/snapshot.h"

#define DEFAULT_TZID "Asia/Ho_Chi_Minh"

static void
area_free(gpointer data)
{
    SchedArea *area = data;

    g_free(area->id);
    g_free(area->parent);
    g_free(area->name);
    g_ptr_array_unref(area->windows);
    g_free(area);
}

static void
station_free(gpointer data)
{
    SchedStation *station = data;

    g_free(station->id);
    g_free(station->area);
    g_free(station->tzid);
    g_free(station);
}

static void
zone_free(gpointer data)
{
    SchedZone *zone = data;

    g_free(zone->id);
    g_free(zone->station);
    g_free(zone->output);
    g_free(zone->village);
    g_free(zone->name);
    g_ptr_array_unref(zone->languages);
    g_free(zone);
}

static void
version_free(gpointer data)
{
    SchedVersion *version = data;

    g_free(version->id);
    g_free(version->language);
    g_free(version->object);
    g_free(version->approval);
    g_ptr_array_unref(version->areas);
    g_free(version);
}

static void
announcement_free(gpointer data)
{
    SchedAnnouncement *announcement = data;

    g_free(announcement->id);
    g_free(announcement->title);
    g_ptr_array_unref(announcement->versions);
    g_free(announcement);
}

static void
item_free(gpointer data)
{
    SchedItem *item = data;

    g_free(item->id);
    g_free(item->announcement);
    g_free(item);
}

static void
playlist_free(gpointer data)
{
    SchedPlaylist *playlist = data;

    g_free(playlist->id);
    g_ptr_array_unref(playlist->items);
    g_free(playlist);
}

static void
slot_free(gpointer data)
{
    SchedSlot *slot = data;

    g_free(slot->id);
    g_free(slot->title);
    g_free(slot->playlist);
    g_free(slot->tzid);
    g_free(slot->rule);
    g_array_unref(slot->added_days);
    g_array_unref(slot->removed_days);
    g_ptr_array_unref(slot->areas);
    g_ptr_array_unref(slot->zones);
    g_free(slot);
}

static void
override_free(gpointer data)
{
    SchedOverride *override = data;

    g_free(override->slot);
    g_free(override->playlist);
    g_free(override);
}

static void
choice_free(gpointer data)
{
    SchedChoice *choice = data;

    g_free(choice->area);
    g_free(choice->slot);
    g_free(choice);
}

static void
quiet_free(gpointer data)
{
    SchedQuiet *quiet = data;

    g_free(quiet->id);
    g_free(quiet->area);
    g_free(quiet->station);
    g_free(quiet->zone);
    g_free(quiet->reason);
    g_free(quiet->words);
    g_free(quiet->who);
    g_free(quiet);
}

static void
special_free(gpointer data)
{
    SchedSpecialDay *special = data;

    g_free(special->id);
    g_free(special->name);
    g_free(special->area);
    g_free(special->playlist);
    g_free(special);
}

SchedMakeUp *
sched_make_up_new(const char *slot, SchedDay slot_day, const char *item, const char *language,
                  const char *object, const char *station, gint64 start_us)
{
    SchedMakeUp *self = g_new0(SchedMakeUp, 1);

    self->slot = g_strdup(slot);
    self->slot_day = slot_day;
    self->item = g_strdup(item);
    self->language = g_strdup(language);
    self->object = g_strdup(object);
    self->station = g_strdup(station);
    self->zones = g_ptr_array_new_with_free_func(g_free);
    self->start_us = start_us;
    return self;
}

void
sched_make_up_free(SchedMakeUp *self)
{
    if (self == NULL)
        return;
    g_free(self->slot);
    g_free(self->item);
    g_free(self->language);
    g_free(self->object);
    g_free(self->station);
    g_ptr_array_unref(self->zones);
    g_free(self);
}

gboolean
sched_plan_item_is_relay(SchedPlanItemKind kind)
{
    return kind == SCHED_PLAN_ITEM_STREAM || kind == SCHED_PLAN_ITEM_LINE_IN;
}

SchedSnapshot *
sched_snapshot_new(void)
{
    SchedSnapshot *self = g_new0(SchedSnapshot, 1);

    self->areas = g_ptr_array_new_with_free_func(area_free);
    self->stations = g_ptr_array_new_with_free_func(station_free);
    self->zones = g_ptr_array_new_with_free_func(zone_free);
    self->announcements = g_ptr_array_new_with_free_func(announcement_free);
    self->playlists = g_ptr_array_new_with_free_func(playlist_free);
    self->slots = g_ptr_array_new_with_free_func(slot_free);
    self->overrides = g_ptr_array_new_with_free_func(override_free);
    self->choices = g_ptr_array_new_with_free_func(choice_free);
    self->quiets = g_ptr_array_new_with_free_func(quiet_free);
    self->make_ups = g_ptr_array_new_with_free_func((GDestroyNotify) sched_make_up_free);
    self->specials = g_ptr_array_new_with_free_func(special_free);
    self->troubles = g_ptr_array_new_with_free_func((GDestroyNotify) sched_trouble_free);
    return self;
}

void
sched_snapshot_free(SchedSnapshot *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->areas);
    g_ptr_array_unref(self->stations);
    g_ptr_array_unref(self->zones);
    g_ptr_array_unref(self->announcements);
    g_ptr_array_unref(self->playlists);
    g_ptr_array_unref(self->slots);
    g_ptr_array_unref(self->overrides);
    g_ptr_array_unref(self->choices);
    g_ptr_array_unref(self->quiets);
    g_ptr_array_unref(self->specials);
    g_ptr_array_unref(self->make_ups);
    g_ptr_array_unref(self->troubles);
    g_free(self);
}

SchedArea *
sched_snapshot_add_area(SchedSnapshot *self, const char *id, const char *parent,
                        const char *name)
{
    SchedArea *area = g_new0(SchedArea, 1);

    area->id = g_strdup(id);
    area->parent = g_strdup(parent);
    area->name = g_strdup(name);
    area->daily_limit_min = -1;
    area->windows = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(self->areas, area);
    return area;
}

SchedStation *
sched_snapshot_add_station(SchedSnapshot *self, const char *id, const char *area,
                           const char *tzid)
{
    SchedStation *station = g_new0(SchedStation, 1);

    station->id = g_strdup(id);
    station->area = g_strdup(area);
    station->tzid = g_strdup(tzid);
    g_ptr_array_add(self->stations, station);
    return station;
}

SchedZone *
sched_snapshot_add_zone(SchedSnapshot *self, const char *id, const char *station,
                        const char *output, const char *village, const char *name)
{
    SchedZone *zone = g_new0(SchedZone, 1);

    zone->id = g_strdup(id);
    zone->station = g_strdup(station);
    zone->output = g_strdup(output);
    zone->village = g_strdup(village);
    zone->name = g_strdup(name);
    zone->languages = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(self->zones, zone);
    return zone;
}

SchedAnnouncement *
sched_snapshot_add_announcement(SchedSnapshot *self, const char *id, const char *title)
{
    SchedAnnouncement *announcement = g_new0(SchedAnnouncement, 1);

    announcement->id = g_strdup(id);
    announcement->title = g_strdup(title);
    announcement->versions = g_ptr_array_new_with_free_func(version_free);
    g_ptr_array_add(self->announcements, announcement);
    return announcement;
}

SchedVersion *
sched_announcement_add_version(SchedAnnouncement *self, const char *id, const char *language,
                               const char *object, const char *approval)
{
    SchedVersion *version = g_new0(SchedVersion, 1);

    version->id = g_strdup(id);
    version->language = g_strdup(language);
    version->object = g_strdup(object);
    version->approval = g_strdup(approval);
    version->areas = g_ptr_array_new_with_free_func(g_free);
    version->valid_until_us = G_MAXINT64;
    g_ptr_array_add(self->versions, version);
    return version;
}

SchedPlaylist *
sched_snapshot_add_playlist(SchedSnapshot *self, const char *id)
{
    SchedPlaylist *playlist = g_new0(SchedPlaylist, 1);

    playlist->id = g_strdup(id);
    playlist->items = g_ptr_array_new_with_free_func(item_free);
    g_ptr_array_add(self->playlists, playlist);
    return playlist;
}

SchedItem *
sched_playlist_add_item(SchedPlaylist *self, const char *id, SchedPlanItemKind kind,
                        const char *announcement)
{
    SchedItem *item = g_new0(SchedItem, 1);

    item->id = g_strdup(id);
    item->kind = kind;
    item->announcement = g_strdup(announcement);
    item->times = 1;
    g_ptr_array_add(self->items, item);
    return item;
}

SchedSlot *
sched_snapshot_add_slot(SchedSnapshot *self, const char *id, const char *title,
                        const char *playlist)
{
    SchedSlot *slot = g_new0(SchedSlot, 1);

    slot->id = g_strdup(id);
    slot->title = g_strdup(title);
    slot->playlist = g_strdup(playlist);
    slot->tzid = g_strdup(DEFAULT_TZID);
    slot->rule = g_strdup("");
    slot->added_days = g_array_new(FALSE, FALSE, sizeof(SchedDay));
    slot->removed_days = g_array_new(FALSE, FALSE, sizeof(SchedDay));
    slot->areas = g_ptr_array_new_with_free_func(g_free);
    slot->zones = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(self->slots, slot);
    return slot;
}

void
sched_slot_add_zone(SchedSlot *self, const char *station, const char *zone)
{
    /* Ids hold no slash. */
    g_ptr_array_add(self->zones, g_strdup_printf("%s/%s", station, zone));
}

SchedOverride *
sched_snapshot_add_override(SchedSnapshot *self, const char *slot, SchedDay day,
                            const char *playlist, gboolean is_approved)
{
    SchedOverride *override = g_new0(SchedOverride, 1);

    override->slot = g_strdup(slot);
    override->day = day;
    override->playlist = g_strdup(playlist);
    override->is_approved = is_approved;
    g_ptr_array_add(self->overrides, override);
    return override;
}

SchedChoice *
sched_snapshot_add_choice(SchedSnapshot *self, const char *area, const char *slot, gint64 rank)
{
    SchedChoice *choice = g_new0(SchedChoice, 1);

    choice->area = g_strdup(area);
    choice->slot = g_strdup(slot);
    choice->rank = rank;
    g_ptr_array_add(self->choices, choice);
    return choice;
}

SchedQuiet *
sched_snapshot_add_quiet(SchedSnapshot *self, const char *id, gint64 from_us, gint64 until_us)
{
    SchedQuiet *quiet = g_new0(SchedQuiet, 1);

    quiet->id = g_strdup(id);
    quiet->from_us = from_us;
    quiet->until_us = until_us;
    g_ptr_array_add(self->quiets, quiet);
    return quiet;
}

SchedSpecialDay *
sched_snapshot_add_special(SchedSnapshot *self, const char *id, const char *area,
                           SchedDay first, SchedDay last, SchedSpecialAct act)
{
    SchedSpecialDay *special = g_new0(SchedSpecialDay, 1);

    special->id = g_strdup(id);
    special->name = g_strdup(id);
    special->area = g_strdup(area);
    special->first = first;
    special->last = last;
    special->to_min = SCHED_DAY_S / 60;
    special->act = act;
    g_ptr_array_add(self->specials, special);
    return special;
}

void
sched_area_add_window(SchedArea *area, ContentClass class_, guint weekdays, gint64 from_min,
                      gint64 to_min)
{
    ContentWindow *window = g_new0(ContentWindow, 1);

    window->class_ = (gint) class_;
    window->weekdays = weekdays;
    window->from_min = from_min;
    window->to_min = to_min;
    g_ptr_array_add(area->windows, window);
}
