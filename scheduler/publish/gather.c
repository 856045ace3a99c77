/* gather.c - see gather.h */
#include "scheduler/publish/gather-private.h"

#include <string.h>

#include "content/heartbeat.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/make-ups.h"
#include "scheduler/store/objects.h"
#include "scheduler/store/playlists.h"
#include "scheduler/store/quiets.h"
#include "scheduler/store/slots.h"
#include "scheduler/store/specials.h"
#include "scheduler/store/stations.h"
#include "scheduler/store/windows.h"

/* Yesterday is planned, too (compile.h): what was valid when it began is needed to its end. */
#define PAST_US (G_GINT64_CONSTANT(2) * 86400 * G_USEC_PER_SEC)

/* How far back a page of the week shows special days. */
#define PAST_SPECIAL_DAYS 60

/* Names a row that cannot be planned with; @error: (transfer full); @place: (nullable) */
static void
leave_out(SchedSnapshot *snapshot, const char *kind, const char *id, const char *place,
          GError *error)
{
    ContentRemark *what = content_remark_new("plan_unread", id, "kind", kind, NULL);

    g_ptr_array_add(snapshot->troubles,
                    sched_trouble_new(kind, id, place,
                                      content_remark_say(what, error->message)));
    g_error_free(error);
}

/* Whether it is this row that is wrong, and not the disk that does not answer. */
static gboolean
is_of_row(const GError *error)
{
    return g_error_matches(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND) ||
           g_error_matches(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CORRUPT) ||
           error->domain == CONTENT_DOCUMENT_ERROR;
}

typedef gboolean (*GatherFunc)(SchedTxn *txn, SchedSnapshot *snapshot, gint64 now_us,
                               GError **error);

gboolean
sched_gather_windows(SchedTxn *txn, SchedArea *area, GError **error)
{
    g_autoptr(GPtrArray) windows =
        sched_store_windows_for(txn, area->id, &area->daily_limit_min, error);

    if (windows == NULL)
        return FALSE;
    for (guint i = 0; i < windows->len; i++) {
        const SchedWindowRow *row = g_ptr_array_index(windows, i);

        sched_area_add_window(area, (ContentClass) row->class_, (guint) row->weekdays,
                              row->from_min, row->to_min);
    }
    return TRUE;
}

static gboolean
gather_areas(SchedTxn *txn, SchedSnapshot *snapshot, gint64 now_us, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_area_list(txn, NULL, NULL, error);

    if (rows == NULL)
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        const SchedAreaRow *row = g_ptr_array_index(rows, i);

        if (!sched_gather_windows(
                txn, sched_snapshot_add_area(snapshot, row->id, row->parent, row->name), error))
            return FALSE;
    }
    return TRUE;
}

/* The inventory each station's gateway told, by station id. */
static GHashTable *
read_inventories(SchedTxn *txn, SchedSnapshot *snapshot, GError **error)
{
    g_autoptr(GPtrArray) states = sched_store_station_state_list(txn, error);
    g_autoptr(GHashTable) inventories =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                              (GDestroyNotify) content_inventory_free);

    if (states == NULL)
        return NULL;
    for (guint i = 0; i < states->len; i++) {
        const SchedStationStateRow *state = g_ptr_array_index(states, i);
        ContentInventory *inventory;
        GError *cause = NULL;

        if (state->inventory[0] == '\0')
            continue;
        inventory = content_document_read(&content_inventory_type, state->inventory,
                                          strlen(state->inventory), &cause);
        /* One we cannot read is one we do not know: the planner then assumes nothing of it. */
        if (inventory != NULL)
            g_hash_table_insert(inventories, g_strdup(state->station), inventory);
        else
            leave_out(snapshot, "inventory", state->station, NULL, cause);
    }
    return g_steal_pointer(&inventories);
}

static void
apply_inventory(SchedZone *zone, const ContentInventory *inventory)
{
    for (guint i = 0; inventory != NULL && i < inventory->zones->len; i++) {
        const ContentInventoryZone *known = g_ptr_array_index(inventory->zones, i);

        if (strcmp(known->id, zone->id) != 0)
            continue;
        zone->is_known = TRUE;
        zone->switch_ms = known->switch_ms;
    }
}

/* A zone that only one of the two sides knows is a fault: somebody has to go and look. */
static void
name_stranger(SchedSnapshot *snapshot, const char *station, const char *zone, const char *place,
              const char *code)
{
    g_autofree char *key = g_strdup_printf("%s/%s", station, zone);

    g_ptr_array_add(snapshot->troubles, sched_trouble_new("zone", zone, place,
                                                          content_remark_new(code, key, NULL)));
}

void
sched_gather_zone(SchedSnapshot *snapshot, const SchedZoneRow *row,
                  const ContentInventory *inventory)
{
    SchedZone *zone = sched_snapshot_add_zone(snapshot, row->id, row->station, row->output,
                                              row->village, row->name);

    for (guint i = 0; i < row->languages->len; i++)
        g_ptr_array_add(zone->languages, g_strdup(g_ptr_array_index(row->languages, i)));
    apply_inventory(zone, inventory);
    if (inventory != NULL && !zone->is_known)
        name_stranger(snapshot, row->station, row->id, row->village, "plan_zone_missing");
}

/* @ours: set of "station/zone": what the district knows */
static void
name_unknown_zones(SchedSnapshot *snapshot, GHashTable *inventories, GHashTable *ours)
{
    for (guint i = 0; i < snapshot->stations->len; i++) {
        const SchedStation *station = g_ptr_array_index(snapshot->stations, i);
        const ContentInventory *inventory = g_hash_table_lookup(inventories, station->id);

        for (guint j = 0; inventory != NULL && j < inventory->zones->len; j++) {
            const ContentInventoryZone *zone = g_ptr_array_index(inventory->zones, j);
            g_autofree char *key = g_strdup_printf("%s/%s", station->id, zone->id);

            if (!g_hash_table_contains(ours, key))
                name_stranger(snapshot, station->id, zone->id, station->area,
                              "plan_zone_stranger");
        }
    }
}

static gboolean
gather_stations(SchedTxn *txn, SchedSnapshot *snapshot, gint64 now_us, GError **error)
{
    g_autoptr(GHashTable) inventories = read_inventories(txn, snapshot, error);
    g_autoptr(GPtrArray) stations = NULL;
    g_autoptr(GHashTable) used = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) ours = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) zones = NULL;

    if (inventories == NULL ||
        (stations = sched_store_station_list(txn, NULL, error)) == NULL ||
        (zones = sched_store_zone_list(txn, NULL, error)) == NULL)
        return FALSE;
    for (guint i = 0; i < stations->len; i++) {
        const SchedStationRow *row = g_ptr_array_index(stations, i);
        SchedStation *station;

        if (row->retired)
            continue;
        station = sched_snapshot_add_station(snapshot, row->id, row->area, row->tzid);
        station->has_inventory = g_hash_table_contains(inventories, row->id);
        g_hash_table_add(used, station->id);
    }
    for (guint i = 0; i < zones->len; i++) {
        const SchedZoneRow *row = g_ptr_array_index(zones, i);

        if (!g_hash_table_contains(used, row->station))
            continue;
        g_hash_table_add(ours, g_strdup_printf("%s/%s", row->station, row->id));
        sched_gather_zone(snapshot, row, g_hash_table_lookup(inventories, row->station));
    }
    name_unknown_zones(snapshot, inventories, ours);
    return TRUE;
}

static gboolean
add_version(SchedTxn *txn, SchedAnnouncement *announcement, const SchedApprovalRow *row,
            const ContentApproval *approval, GError **error)
{
    g_autoptr(SchedObjectRow) object = sched_store_object_get(txn, row->object, error);
    SchedVersion *version;

    if (object == NULL)
        return FALSE;
    version = sched_announcement_add_version(announcement, row->version, approval->language,
                                             row->object, row->hash);
    version->size_bytes = object->size_bytes;
    version->duration_us = object->duration_us;
    version->class_ = approval->class_;
    version->valid_from_us = approval->valid_from_us;
    version->valid_until_us = approval->valid_until_us;
    for (guint i = 0; i < approval->areas->len; i++)
        g_ptr_array_add(version->areas, g_strdup(g_ptr_array_index(approval->areas, i)));
    return TRUE;
}

/* Finds or makes the announcement of an approval; NULL without error: it was withdrawn. */
static gboolean
find_announcement(SchedTxn *txn, SchedSnapshot *snapshot, GHashTable *known, const char *id,
                  SchedAnnouncement **out_announcement, GError **error)
{
    g_autoptr(SchedAnnouncementRow) row = NULL;
    SchedAnnouncement *announcement = NULL;

    if (!g_hash_table_lookup_extended(known, id, NULL, (gpointer *) &announcement)) {
        row = sched_store_announcement_get(txn, id, error);
        if (row == NULL)
            return FALSE;
        if (!row->withdrawn)
            announcement = sched_snapshot_add_announcement(snapshot, row->id, row->title);
        if (announcement != NULL)
            announcement->is_music = row->kind == SCHED_ANNOUNCEMENT_MUSIC;
        g_hash_table_insert(known, g_strdup(id), announcement);
    }
    *out_announcement = announcement;
    return TRUE;
}

/* One approval that a day of the manifest may need, as a version of its announcement. */
gboolean
sched_gather_approval(SchedTxn *txn, SchedSnapshot *snapshot, GHashTable *known,
                      const SchedApprovalRow *row, gint64 now_us, GError **error)
{
    g_autoptr(ContentApproval) approval =
        content_document_read(&content_approval_type, g_bytes_get_data(row->document, NULL),
                              g_bytes_get_size(row->document), error);
    SchedAnnouncement *announcement;

    if (approval == NULL)
        return FALSE;
    if (approval->valid_until_us <= now_us - PAST_US ||
        approval->kind == CONTENT_APPROVED_TEMPLATE)
        return TRUE;
    return find_announcement(txn, snapshot, known, row->announcement, &announcement, error) &&
           (announcement == NULL || add_version(txn, announcement, row, approval, error));
}

static gboolean
gather_announcements(SchedTxn *txn, SchedSnapshot *snapshot, gint64 now_us, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_approval_list(txn, error);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    if (rows == NULL)
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        const SchedApprovalRow *row = g_ptr_array_index(rows, i);
        GError *cause = NULL;

        if (sched_gather_approval(txn, snapshot, known, row, now_us, &cause))
            continue;
        if (!is_of_row(cause)) {
            g_propagate_error(error, cause);
            return FALSE;
        }
        g_prefix_error(&cause, "approval %s: ", row->hash);
        leave_out(snapshot, "announcement", row->announcement, NULL, cause);
    }
    return TRUE;
}

/* clang-format off */
/* Kinds of the store's items as the planner calls them. */
static const SchedPlanItemKind item_kinds[] = {
    [SCHED_ITEM_ANNOUNCEMENT] = SCHED_PLAN_ITEM_ANNOUNCEMENT,
    [SCHED_ITEM_SIGNAL]       = SCHED_PLAN_ITEM_SIGNAL,
    [SCHED_ITEM_PAUSE]        = SCHED_PLAN_ITEM_PAUSE,
    [SCHED_ITEM_STREAM]       = SCHED_PLAN_ITEM_STREAM,
    [SCHED_ITEM_LINE_IN]      = SCHED_PLAN_ITEM_LINE_IN,
};
/* clang-format on */

static void
add_item(SchedPlaylist *playlist, const SchedItemRow *row)
{
    SchedItem *item =
        sched_playlist_add_item(playlist, row->id, item_kinds[row->kind], row->announcement);

    if (sched_plan_item_is_relay(item->kind))
        item->relay_us = row->duration_us;
    else
        item->pause_ms = row->duration_us / 1000;
    item->times = MAX(row->times, 1); /* the store keeps 0 for the usual once */
}

void
sched_gather_playlist(SchedSnapshot *snapshot, const char *id, const GPtrArray *items)
{
    SchedPlaylist *playlist = sched_snapshot_add_playlist(snapshot, id);

    for (guint i = 0; i < items->len; i++)
        add_item(playlist, g_ptr_array_index(items, i));
}

static gboolean
gather_playlists(SchedTxn *txn, SchedSnapshot *snapshot, gint64 now_us, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_playlist_list(txn, NULL, error);

    if (rows == NULL)
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        const SchedPlaylistRow *row = g_ptr_array_index(rows, i);

        sched_gather_playlist(snapshot, row->id, row->items);
    }
    return TRUE;
}

static gboolean
parse_day(const char *date, const char *what, SchedDay *out_day, GError **error)
{
    if (sched_day_parse(date, out_day))
        return TRUE;
    g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CORRUPT, "%s '%s'", what, date);
    return FALSE;
}

static gboolean
add_days(GArray *days, GPtrArray *dates, const char *what, GError **error)
{
    for (guint i = 0; i < dates->len; i++) {
        SchedDay day;

        if (!parse_day(g_ptr_array_index(dates, i), what, &day, error))
            return FALSE;
        g_array_append_val(days, day);
    }
    return TRUE;
}

static void
add_targets(SchedSlot *slot, GPtrArray *targets)
{
    for (guint i = 0; i < targets->len; i++) {
        const SchedTargetRow *target = g_ptr_array_index(targets, i);

        if (target->area[0] != '\0')
            g_ptr_array_add(slot->areas, g_strdup(target->area));
        else
            sched_slot_add_zone(slot, target->station, target->zone);
    }
}

/* The store keeps a last date beside the rule, the planner wants it inside: the earlier one. */
static char *
rule_with_end(const SchedSlotRow *row)
{
    const char *inside = strstr(row->rule, "UNTIL=");
    g_auto(GStrv) parts = NULL;
    g_autofree char *end = NULL;

    if (row->until == NULL || row->rule[0] == '\0')
        return g_strdup(row->rule);
    parts = g_strsplit(row->until, "-", -1);
    end = g_strjoinv("", parts);
    if (inside == NULL)
        return g_strdup_printf("%s;UNTIL=%s", row->rule, end);
    inside += strlen("UNTIL=");
    if (strncmp(inside, end, strlen(end)) <= 0)
        return g_strdup(row->rule);
    return g_strdup_printf("%.*s%s%s", (int) (inside - row->rule), row->rule, end,
                           inside + strlen(end));
}

/* Appends it; on an error what was appended is not whole and must go again. */
gboolean
sched_gather_slot(SchedSnapshot *snapshot, const SchedSlotRow *row, GError **error)
{
    SchedSlot *slot = sched_snapshot_add_slot(snapshot, row->id, row->name, row->playlist);

    g_free(slot->tzid);
    slot->tzid = g_strdup(row->tzid);
    g_free(slot->rule);
    slot->rule = rule_with_end(row);
    slot->start_s = row->local_min * 60 + row->local_s;
    slot->class_ = row->class_;
    slot->gain_mdb = row->gain_mdb;
    slot->length_s = row->length_s;
    slot->priority = row->priority;
    slot->make_up_min = row->make_up_min;
    slot->policy = row->policy == SCHED_POLICY_FIRST ? SCHED_PLAN_FIRST : SCHED_PLAN_EACH;
    slot->order =
        row->order == SCHED_ORDER_LANGUAGE ? SCHED_PLAN_BY_LANGUAGE : SCHED_PLAN_BY_ITEM;
    slot->is_approved = sched_slot_row_is_live(row);
    add_targets(slot, row->targets);
    return parse_day(row->first_date, "first date", &slot->first_day, error) &&
           add_days(slot->added_days, row->dates_in, "added date", error) &&
           add_days(slot->removed_days, row->dates_out, "removed date", error);
}

/* Nobody knows which date was to be another: the slot sounds on none. @silent: set of slots */
static void
add_override(SchedSnapshot *snapshot, const SchedOverrideRow *row, GHashTable *silent)
{
    GError *cause = NULL;
    SchedDay day;

    if (parse_day(row->date, "override on the date", &day, &cause)) {
        sched_snapshot_add_override(snapshot, row->slot, day, row->playlist,
                                    sched_override_row_is_live(row));
        return;
    }
    g_hash_table_add(silent, row->slot);
    leave_out(snapshot, "slot", row->slot, NULL, cause);
}

/* Overrides of slots that are not planned are left out, too; @silent: those with a bad one */
static void
add_overrides(SchedSnapshot *snapshot, GPtrArray *overrides, GHashTable *used,
              GHashTable *silent)
{
    for (guint i = 0; i < overrides->len; i++) {
        const SchedOverrideRow *row = g_ptr_array_index(overrides, i);

        if (g_hash_table_contains(used, row->slot))
            add_override(snapshot, row, silent);
    }
}

static void
silence(SchedSnapshot *snapshot, GHashTable *silent)
{
    for (guint i = snapshot->slots->len; i > 0; i--) {
        const SchedSlot *slot = g_ptr_array_index(snapshot->slots, i - 1);

        if (g_hash_table_contains(silent, slot->id))
            g_ptr_array_remove_index(snapshot->slots, i - 1);
    }
}

static gboolean
gather_slots(SchedTxn *txn, SchedSnapshot *snapshot, gint64 now_us, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_slot_list(txn, NULL, error);
    g_autoptr(GHashTable) used = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) silent = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) overrides = NULL;

    if (rows == NULL || (overrides = sched_store_override_list(txn, NULL, error)) == NULL)
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        const SchedSlotRow *row = g_ptr_array_index(rows, i);
        GError *cause = NULL;

        if (row->stopped)
            continue;
        if (sched_gather_slot(snapshot, row, &cause)) {
            g_hash_table_add(used, row->id);
            continue;
        }
        g_ptr_array_set_size(snapshot->slots, (gint) snapshot->slots->len - 1);
        leave_out(snapshot, "slot", row->id, NULL, cause);
    }
    add_overrides(snapshot, overrides, used, silent);
    silence(snapshot, silent);
    return TRUE;
}

/* How communes order slots that clash. */
gboolean
sched_gather_choices(SchedTxn *txn, SchedSnapshot *snapshot, gint64 now_us, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_choice_list(txn, error);

    if (rows == NULL)
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        const SchedChoiceRow *row = g_ptr_array_index(rows, i);

        sched_snapshot_add_choice(snapshot, row->area, row->slot, row->rank);
    }
    return TRUE;
}

/* One that was ended before it began silences nothing. */
static void
add_quiet(SchedSnapshot *snapshot, const SchedQuietRow *row)
{
    gint64 until_us = sched_quiet_row_until_us(row);
    SchedQuiet *quiet;

    if (until_us <= row->from_us)
        return;
    quiet = sched_snapshot_add_quiet(snapshot, row->id, row->from_us, until_us);
    quiet->reason = g_strdup(sched_quiet_reason_words[row->reason]);
    quiet->words = *row->words == '\0' ? NULL : g_strdup(row->words);
    quiet->who = g_strdup(row->author_name);
    if (*row->area != '\0') {
        quiet->area = g_strdup(row->area);
        return;
    }
    quiet->station = g_strdup(row->station);
    quiet->zone = g_strdup(row->zone);
}

gboolean
sched_gather_quiets(SchedTxn *txn, SchedSnapshot *snapshot, gint64 now_us, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_quiet_list(txn, NULL, now_us - PAST_US, -1, error);

    for (guint i = 0; rows != NULL && i < rows->len; i++)
        add_quiet(snapshot, g_ptr_array_index(rows, i));
    return rows != NULL;
}

static gboolean
add_special(SchedSnapshot *snapshot, const SchedSpecialRow *row, GError **error)
{
    SchedSpecialDay *special;
    SchedDay first, last;

    if (!parse_day(row->first_date, "first date", &first, error) ||
        !parse_day(row->last_date, "last date", &last, error))
        return FALSE;
    special = sched_snapshot_add_special(snapshot, row->id, row->area, first, last,
                                         (SchedSpecialAct) row->act);
    g_free(special->name);
    special->name = g_strdup(row->name);
    special->from_min = row->from_min;
    special->to_min = row->to_min;
    special->minutes = row->minutes;
    special->playlist = g_strdup(row->playlist);
    /* What it replaced would be sound that nobody approved for these dates. */
    if (!sched_special_row_is_live(row))
        special->act = SCHED_SPECIAL_SKIP;
    return TRUE;
}

/* What is over long ago is left out: the list of a store has an end. */
gboolean
sched_gather_specials(SchedTxn *txn, SchedSnapshot *snapshot, gint64 now_us, GError **error)
{
    const gint64 today = now_us / ((gint64) SCHED_DAY_S * G_USEC_PER_SEC);
    char from[11];
    g_autoptr(GPtrArray) rows = NULL;

    sched_day_write((SchedDay) today - PAST_SPECIAL_DAYS, from);
    rows = sched_store_special_list(txn, NULL, from, NULL, error);
    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const SchedSpecialRow *row = g_ptr_array_index(rows, i);
        GError *cause = NULL;

        if (!row->off && !add_special(snapshot, row, &cause))
            leave_out(snapshot, "special day", row->id, row->area, cause);
    }
    return rows != NULL;
}

/* Rows of one sounding stand one after the other. */
static gboolean
is_of(const SchedMakeUp *made, const SchedMakeUpRow *row, SchedDay day)
{
    return strcmp(made->station, row->station) == 0 && made->start_us == row->start_us &&
           strcmp(made->slot, row->slot) == 0 && made->slot_day == day &&
           strcmp(made->item, row->item) == 0 &&
           g_strcmp0(made->language, *row->language == '\0' ? NULL : row->language) == 0;
}

static gboolean
gather_make_ups(SchedTxn *txn, SchedSnapshot *snapshot, gint64 now_us, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_make_up_list(txn, now_us - PAST_US, error);
    SchedMakeUp *last = NULL;

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const SchedMakeUpRow *row = g_ptr_array_index(rows, i);
        GError *cause = NULL;
        SchedDay day;

        if (!parse_day(row->slot_date, "made up from", &day, &cause)) {
            leave_out(snapshot, "slot", row->slot, NULL, cause);
            continue;
        }
        if (last == NULL || !is_of(last, row, day)) {
            last = sched_make_up_new(row->slot, day, row->item,
                                     *row->language == '\0' ? NULL : row->language, row->object,
                                     row->station, row->start_us);
            g_ptr_array_add(snapshot->make_ups, last);
        }
        g_ptr_array_add(last->zones, g_strdup(row->zone));
    }
    return rows != NULL;
}

SchedSnapshot *
sched_gather_snapshot(SchedTxn *txn, gint64 now_us, GError **error)
{
    static const GatherFunc steps[] = {gather_areas,         gather_stations,
                                       gather_announcements, gather_playlists,
                                       gather_slots,         sched_gather_choices,
                                       sched_gather_quiets,  sched_gather_specials,
                                       gather_make_ups};
    g_autoptr(SchedSnapshot) snapshot = sched_snapshot_new();

    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        if (!steps[i](txn, snapshot, now_us, error)) {
            g_prefix_error(error, "reading what is to be planned: ");
            return NULL;
        }
    }
    return g_steal_pointer(&snapshot);
}
