/* test-compile.c - from the store's rows to a station's documents: what gets in, what stays
 * out.
 *
 * Each case changes one thing in a district with a programme, and says what station ia-le is
 * to hold for today then: how many pieces of sound, and whether that is something new at all.
 */
#include "scheduler/publish/compile.h"

#include "content/grant.h"
#include "content/heartbeat.h"
#include "content/manifest.h"
#include "content/plan.h"
#include "scheduler/publish/gather.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/heartbeats.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/slots.h"
#include "scheduler/store/stations.h"
#include "scheduler/store/windows.h"
#include "tests/support/programme.h"

#include <string.h>

#define NOW     TEMP_STORE_NOW_US
#define STATION "ia-le"
#define DAY     TEMP_STORE_DAY_US

/* ---- what can happen ---- */

static SchedSlotRow *
as_editor(SchedTxn *txn)
{
    temp_store_as(txn, "editor", NOW);
    return sched_store_slot_get(txn, "s", NULL);
}

static void
put(SchedTxn *txn, const SchedSlotRow *slot)
{
    assert_done(sched_store_slot_put(txn, slot, -1, &problem));
}

static void
nothing(SchedTxn *txn)
{
}

static void
slot_again(SchedTxn *txn)
{
    g_autoptr(SchedSlotRow) slot = as_editor(txn);

    put(txn, slot);
}

static void
slot_later(SchedTxn *txn)
{
    g_autoptr(SchedSlotRow) slot = as_editor(txn);

    slot->local_min++;
    put(txn, slot);
}

static void
slot_later_approved(SchedTxn *txn)
{
    slot_later(txn);
    programme_approve_slot(txn, "s");
}

static void
slot_stopped(SchedTxn *txn)
{
    assert_done(sched_store_slot_stop(txn, "s", &problem));
}

static void
slot_ended(SchedTxn *txn)
{
    g_autoptr(SchedSlotRow) slot = as_editor(txn);

    g_free(slot->rule);
    slot->rule = g_strdup("FREQ=DAILY;UNTIL=20261231;INTERVAL=1");
    slot->until = g_strdup("2026-03-01");
    g_free(slot->first_date);
    slot->first_date = g_strdup("2026-02-01");
    put(txn, slot);
    programme_approve_slot(txn, "s");
}

static void
slot_date_out(SchedTxn *txn)
{
    g_autoptr(SchedSlotRow) slot = as_editor(txn);

    g_ptr_array_add(slot->dates_out, g_strdup("2026-03-02"));
    put(txn, slot);
}

static void
override_with(SchedTxn *txn, const char *playlist)
{
    const SchedOverrideRow row = {
        .slot = (char *) "s", .date = (char *) "2026-03-02", .playlist = (char *) playlist};

    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_override_put(txn, &row, &problem));
}

static void
date_cancelled(SchedTxn *txn)
{
    override_with(txn, NULL);
}

static void
date_unreadable(SchedTxn *txn)
{
    date_cancelled(txn);
    temp_store_exec(txn, "UPDATE slot_overrides SET date = '2026-03-?2'");
}

static void
date_unapproved(SchedTxn *txn)
{
    override_with(txn, "list");
}

static void
withdrawn(SchedTxn *txn)
{
    assert_done(sched_store_announcement_withdraw(txn, "bulletin", &problem));
}

static void
returned(SchedTxn *txn)
{
    temp_store_as(txn, "approver", NOW);
    assert_done(sched_store_version_return(txn, "v-bdq", "sai tên làng", &problem));
}

static void
retitled(SchedTxn *txn)
{
    g_autoptr(SchedAnnouncementRow) row = sched_store_announcement_get(txn, "bulletin", NULL);

    temp_store_as(txn, "editor", NOW);
    g_free(row->title);
    row->title = g_strdup("Lịch khác");
    assert_done(sched_store_announcement_put(txn, row, -1, &problem));
}

static void
say_inventory(SchedTxn *txn, const char *text)
{
    g_autofree char *boot = g_strnfill(32, 'b');
    const SchedStationStateRow hello = {.station = (char *) STATION,
                                        .boot = boot,
                                        .hello_us = NOW,
                                        .inventory = (char *) text,
                                        .reads = (char *) "[]",
                                        .player_version = (char *) "0.1.0"};

    assert_done(sched_store_station_hello(txn, &hello, &problem));
}

static void
inventory_of_one(SchedTxn *txn)
{
    g_autoptr(ContentInventory) inventory = content_document_new(&content_inventory_type);
    ContentInventoryZone *zone = content_shape_new(&content_inventory_zone_shape);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = NULL;
    g_autofree char *text = NULL;

    inventory->version = g_strdup("0.1.0");
    zone->id = g_strdup("a");
    zone->output = g_strdup("main");
    zone->switch_ms = 900;
    zone->max_on_s = 3600;
    g_ptr_array_add(inventory->zones, zone);
    bytes = content_document_write(&content_inventory_type, inventory, &error);
    g_assert_no_error(error);
    text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    say_inventory(txn, text);
}

static void
inventory_unreadable(SchedTxn *txn)
{
    say_inventory(txn, "{\"v\":9}");
}

static void
station_again(SchedTxn *txn)
{
    g_autoptr(SchedStationRow) row = sched_store_station_get(txn, STATION, NULL);

    assert_done(sched_store_station_put(txn, row, &problem));
}

static void
louder(SchedTxn *txn)
{
    g_autoptr(GPtrArray) volumes = g_ptr_array_new();
    SchedVolumeRow row = {(char *) STATION, (char *) "a", .from_min = 0, .to_min = 600,
                          .gain_mdb = -3000};

    g_ptr_array_add(volumes, &row);
    assert_done(sched_store_volumes_set(txn, STATION, "a", volumes, &problem));
}

static void
neighbour_changed(SchedTxn *txn)
{
    g_autoptr(SchedStationRow) row = sched_store_station_get(txn, "ia-blu", NULL);

    row->heartbeat_s = 30;
    assert_done(sched_store_station_put(txn, row, &problem));
}

static void
heartbeat(SchedTxn *txn)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new();
    SchedHeartbeatRow row = {.station = (char *) STATION,
                             .received_us = NOW,
                             .at_us = NOW,
                             .document = (char *) "{}",
                             .manifest_version = 1};

    g_ptr_array_add(rows, &row);
    assert_done(sched_store_heartbeats_put(txn, rows, &problem));
}

/* ---- what comes of it ---- */

typedef struct {
    const char *why;
    void (*change)(SchedTxn *txn);
    gint64 later_us;  /* when it is compiled, after NOW */
    guint n_segments; /* of the day it is */
    gboolean is_same; /* as before the change: no new manifest */
} Case;

/* clang-format off */
static const Case cases[] = {
    { "nothing happened",                          nothing,              0,        3, TRUE  },
    { "an hour passes",                            nothing,              DAY / 24, 3, TRUE  },
    { "a day passes: other days, the same sound",  nothing,              DAY,      3, FALSE },
    { "the approval is over",                      nothing,              31 * DAY, 0, FALSE },
    { "the slot is put as it is",                  slot_again,           0,        3, TRUE  },
    { "a changed slot waits for its approval",     slot_later,           0,        0, FALSE },
    { "and sounds once it has it",                 slot_later_approved,  0,        3, FALSE },
    { "a slot is stopped",                         slot_stopped,         0,        0, FALSE },
    { "an end before the one in its rule",         slot_ended,           0,        0, FALSE },
    { "a date is left out",                        slot_date_out,        0,        0, FALSE },
    { "a date is cancelled",                       date_cancelled,       0,        0, FALSE },
    { "a date nobody can read is cancelled",       date_unreadable,      0,        0, FALSE },
    { "another playlist nobody approved is none",  date_unapproved,      0,        3, TRUE  },
    { "the announcement is withdrawn",             withdrawn,            0,        0, FALSE },
    { "its title was changed: approvals are void", retitled,             0,        0, FALSE },
    { "a version is sent back: Vietnamese alone",  returned,             0,        2, FALSE },
    { "the gateway knows only one zone",           inventory_of_one,     0,        2, FALSE },
    { "an inventory that nobody can read",         inventory_unreadable, 0,        3, TRUE  },
    { "the station is put as it is",               station_again,        0,        3, TRUE  },
    { "a volume is set",                           louder,               0,        3, FALSE },
    { "another station changes",                   neighbour_changed,    0,        3, TRUE  },
    { "a heartbeat comes in",                      heartbeat,            0,        3, TRUE  },
};
/* clang-format on */

static SchedCompiled *
compile(SchedTxn *txn, const char *station, const char *keys, gint64 now_us, GError **error)
{
    g_autoptr(SchedSnapshot) snapshot = sched_gather_snapshot(txn, now_us, error);
    g_autoptr(SchedIndex) index = snapshot == NULL ? NULL : sched_index_new(snapshot);

    g_autoptr(SchedCompiled) compiled =
        index == NULL ? NULL : sched_compile_begin(txn, index, station, keys, error);

    if (compiled == NULL || !sched_compile_days(compiled, index, now_us, error))
        return NULL;
    return g_steal_pointer(&compiled);
}

static SchedCompiled *
compile_well(SchedTxn *txn, const char *keys, gint64 now_us)
{
    GError *error = NULL;
    SchedCompiled *compiled = compile(txn, STATION, keys, now_us, &error);

    g_assert_no_error(error);
    return compiled;
}

/* Returns: (transfer full) (nullable): the document of that hash */
static gpointer
document_of(const SchedCompiled *compiled, const ContentDocumentType *type, const char *hash)
{
    for (guint i = 0; i < compiled->documents->len; i++) {
        const SchedDocumentRow *document = g_ptr_array_index(compiled->documents, i);
        g_autoptr(GBytes) body = sched_document_row_body(document, NULL);

        if (strcmp(document->hash, hash) == 0)
            return content_document_read(type, g_bytes_get_data(body, NULL),
                                         g_bytes_get_size(body), NULL);
    }
    return NULL;
}

/* @ahead: of today; -1 is yesterday, the first a manifest lists */
static ContentDayPlan *
plan_of(const SchedCompiled *compiled, int ahead)
{
    const SchedIssuedDayRow *day = g_ptr_array_index(compiled->days, (guint) (ahead + 1));

    return document_of(compiled, &content_day_plan_type, day->hash);
}

static gboolean
case_body(SchedTxn *txn, gpointer data, GError **error)
{
    const Case *c = data;
    g_autofree char *keys = programme_fill(txn);
    g_autoptr(SchedCompiled) before = compile_well(txn, keys, NOW);
    g_autoptr(SchedCompiled) after = NULL;
    g_autoptr(ContentDayPlan) plan = NULL;

    c->change(txn);
    after = compile_well(txn, keys, NOW + c->later_us);
    plan = plan_of(after, 0);
    g_assert_nonnull(plan);
    g_assert_cmpuint(plan->segments->len, ==, c->n_segments);
    g_assert_cmpint(strcmp(before->contents, after->contents) == 0, ==, c->is_same);
    return TRUE;
}

static void
test_cases(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TempStore) store = temp_store_new_district();

        g_test_message("%s", cases[i].why);
        temp_store_run(store, case_body, (gpointer) &cases[i]);
    }
}

/* ---- after midnight ---- */

#define TEN_PAST_MIDNIGHT (DAY / 24 * 17 + DAY / 144)

/* clang-format off */
static const struct { const char *why; void (*change)(SchedTxn *txn); gint64 later_us; guint n_segments; } nights[] = {
    { "what began yesterday stays in its plan",   nothing,      TEN_PAST_MIDNIGHT,            3 },
    { "the slot is stopped",                      slot_stopped, TEN_PAST_MIDNIGHT,            0 },
    { "the announcement is withdrawn",            withdrawn,    TEN_PAST_MIDNIGHT,            0 },
    { "a language of it is sent back",            returned,     TEN_PAST_MIDNIGHT,            2 },
    { "it was valid when it began",               nothing,      30 * DAY + DAY / 24,          3 },
};
/* clang-format on */

/* What was planned a day before, and yesterday's plan as it is at @later_us. */
static gboolean
night_body(SchedTxn *txn, gpointer data, GError **error)
{
    gsize i = GPOINTER_TO_SIZE(data);
    g_autofree char *keys = programme_fill(txn);
    g_autoptr(SchedCompiled) before = compile_well(txn, keys, nights[i].later_us + NOW - DAY);
    g_autoptr(SchedCompiled) after = NULL;
    g_autoptr(ContentDayPlan) then = plan_of(before, 0), now = NULL;

    nights[i].change(txn);
    after = compile_well(txn, keys, NOW + nights[i].later_us);
    now = plan_of(after, -1);
    g_assert_cmpstr(then->date, ==, now->date);
    g_assert_cmpuint(then->segments->len, ==, 3);
    g_assert_cmpuint(now->segments->len, ==, nights[i].n_segments);
    return TRUE;
}

static void
test_nights(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(nights); i++) {
        g_autoptr(TempStore) store = temp_store_new_district();

        g_test_message("%s", nights[i].why);
        temp_store_run(store, night_body, GSIZE_TO_POINTER(i));
    }
}

/* ---- the documents themselves ---- */

static gboolean
same_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *keys = programme_fill(txn);
    g_autoptr(SchedCompiled) one = compile_well(txn, keys, NOW);
    g_autoptr(SchedCompiled) other = compile_well(txn, keys, NOW);

    g_assert_cmpuint(one->days->len, ==, 17);
    g_assert_cmpuint(one->approvals->len, ==, 3);
    g_assert_cmpuint(one->objects->len, ==, 3);
    g_assert_cmpuint(one->documents->len, ==, other->documents->len);
    for (guint i = 0; i < one->documents->len; i++) {
        g_autoptr(GBytes) a =
            sched_document_row_body(g_ptr_array_index(one->documents, i), NULL);
        g_autoptr(GBytes) b =
            sched_document_row_body(g_ptr_array_index(other->documents, i), NULL);

        g_assert_true(g_bytes_equal(a, b));
    }
    return TRUE;
}

static void
test_same_bytes(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, same_body, NULL);
}

/* On one amplifier nobody hears a language that their zone does not list. */
static gboolean
zones_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *keys = programme_fill(txn);
    g_autoptr(SchedCompiled) compiled = compile_well(txn, keys, NOW);
    g_autoptr(ContentDayPlan) plan = plan_of(compiled, 0);
    gint64 free_us = PROGRAMME_START_US;

    for (guint i = 0; i < plan->segments->len; i++) {
        const ContentSegment *s = g_ptr_array_index(plan->segments, i);
        g_autofree char *zones = NULL;

        g_assert_cmpint(s->start_us, >=, free_us);
        free_us = s->start_us + s->duration_us;
        g_ptr_array_add(s->zones, NULL);
        zones = g_strjoinv(" ", (char **) s->zones->pdata);
        g_ptr_array_remove_index(s->zones, s->zones->len - 1);
        g_assert_cmpstr(zones, ==,
                        strcmp(s->language, "jra") == 0   ? "a"
                        : strcmp(s->language, "bdq") == 0 ? "b"
                                                          : "a b");
    }
    return TRUE;
}

static void
test_zones(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, zones_body, NULL);
}

/* Each zone gets what holds in its own village, not what the station's villages share. */
static gboolean
limits_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *keys = programme_fill(txn);
    g_autoptr(GPtrArray) windows = g_ptr_array_new();
    g_autoptr(SchedCompiled) compiled = NULL;
    g_autoptr(ContentStationSettings) settings = NULL;
    g_autoptr(GPtrArray) zones = sched_store_zone_list(txn, STATION, NULL);
    const SchedZoneRow *first = g_ptr_array_index(zones, 0);
    SchedWindowRow window = {first->village, CONTENT_CLASS_UU_TIEN, 127, 300, 400};

    g_ptr_array_add(windows, &window);
    assert_done(sched_store_windows_set(txn, first->village, windows, 30, &problem));
    compiled = compile_well(txn, keys, NOW);
    settings = document_of(compiled, &content_station_settings_type, compiled->settings);
    for (guint i = 0; i < settings->zones->len; i++) {
        const ContentSettingsZone *zone = settings->zones->pdata[i];
        const ContentWindow *own = zone->windows->pdata[0];
        gboolean is_first = strcmp(zone->id, first->id) == 0;

        g_assert_cmpuint(zone->windows->len, ==, 1);
        g_assert_cmpint(own->from_min, ==, 300);
        g_assert_cmpint(own->to_min, ==, is_first ? 400 : 1260);
        g_assert_cmpint(zone->daily_limit_min, ==, is_first ? 30 : 240);
    }
    return TRUE;
}

static void
test_limits(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, limits_body, NULL);
}

/* ---- as much as anybody may type ---- */

/* Chains of areas down to the deepest village there may be. Returns: (transfer full): its id */
static char *
deepest_village(SchedTxn *txn)
{
    g_autofree char *parent = NULL;

    for (guint depth = 0; depth <= SCHED_AREA_MAX_DEPTH; depth++) {
        g_autofree char *id = g_strdup_printf("level-%u", depth);
        SchedAreaRow area = {.id = id, .parent = parent, .kind = SCHED_AREA_GROUP, .name = id};

        assert_done(sched_store_area_put(txn, &area, &problem));
        g_free(parent);
        parent = g_steal_pointer(&id);
    }
    return g_steal_pointer(&parent);
}

static void
fill_windows(SchedTxn *txn, const char *area)
{
    g_autoptr(GPtrArray) windows =
        g_ptr_array_new_with_free_func((GDestroyNotify) sched_window_row_free);

    for (guint i = 0; i < SCHED_AREA_MAX_WINDOWS; i++) {
        SchedWindowRow *window = g_new0(SchedWindowRow, 1);

        *window =
            (SchedWindowRow){g_strdup(area), CONTENT_CLASS_UU_TIEN, 127, 1000 + i, 1001 + i};
        g_ptr_array_add(windows, window);
    }
    assert_done(sched_store_windows_set(txn, area, windows, 30, &problem));
}

/* A name that takes most room: each of its letters is written with two. */
static void
fill_zones(SchedTxn *txn, const char *village)
{
    static const char *const tags[SCHED_ZONE_MAX_LANGUAGES] = {
        "vi", "jra", "bdq", "bdq-x-one", "bdq-x-two", "bdq-x-three", "bdq-x-four", "jra-x-one"};
    g_autoptr(GPtrArray) languages = g_ptr_array_new();
    g_autoptr(GPtrArray) there = sched_store_zone_list(txn, STATION, NULL);
    g_autofree char *name = g_strnfill(200, '"');

    for (guint i = 0; i < SCHED_ZONE_MAX_LANGUAGES; i++)
        g_ptr_array_add(languages, (gpointer) tags[i]);
    for (guint i = there->len; i < SCHED_STATION_MAX_ZONES + 1; i++) {
        g_autofree char *id = g_strdup_printf("zone-%059u", i); /* 64 bytes */
        SchedZoneRow zone = {(char *) STATION, id,       (char *) "main", name,
                             (char *) village, languages};

        if (i < SCHED_STATION_MAX_ZONES)
            assert_done(sched_store_zone_put(txn, &zone, &problem));
        else
            assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                           sched_store_zone_put(txn, &zone, &problem));
    }
}

/* So many volumes for a zone, one after the other. */
static gboolean
set_volumes(SchedTxn *txn, const char *zone, guint count, GError **error)
{
    g_autoptr(GPtrArray) volumes =
        g_ptr_array_new_with_free_func((GDestroyNotify) sched_volume_row_free);

    for (guint i = 0; i < count; i++) {
        SchedVolumeRow *volume = g_new0(SchedVolumeRow, 1);

        *volume = (SchedVolumeRow){g_strdup(STATION), g_strdup(zone), 10 * i, 10 * i + 10, -1};
        g_ptr_array_add(volumes, volume);
    }
    return sched_store_volumes_set(txn, STATION, zone, volumes, error);
}

static void
fill_volumes(SchedTxn *txn)
{
    const guint a_zone = SCHED_STATION_MAX_VOLUMES / SCHED_STATION_MAX_ZONES;
    g_autoptr(GPtrArray) zones = sched_store_zone_list(txn, STATION, NULL);
    const SchedZoneRow *last = g_ptr_array_index(zones, zones->len - 1);

    for (guint i = 0; i < zones->len; i++) {
        const SchedZoneRow *zone = g_ptr_array_index(zones, i);

        assert_done(set_volumes(txn, zone->id, a_zone, &problem));
    }
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   set_volumes(txn, last->id, a_zone + 1, &problem));
}

/* One more is refused where it is typed; with no more, the station still gets its manifest. */
static gboolean
fullest_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *keys = programme_fill(txn);
    g_autofree char *village = deepest_village(txn);
    SchedAreaRow deeper = {.id = (char *) "deeper",
                           .parent = village,
                           .kind = SCHED_AREA_VILLAGE,
                           .name = (char *) "deeper"};
    g_autoptr(SchedCompiled) compiled = NULL;
    g_autoptr(ContentStationSettings) settings = NULL;

    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_area_put(txn, &deeper, &problem));
    fill_windows(txn, village);
    fill_zones(txn, village);
    fill_volumes(txn);
    compiled = compile_well(txn, keys, NOW);
    settings = document_of(compiled, &content_station_settings_type, compiled->settings);
    g_assert_nonnull(settings);
    g_assert_cmpuint(settings->zones->len, ==, SCHED_STATION_MAX_ZONES);
    g_assert_cmpuint(settings->volumes->len, ==, SCHED_STATION_MAX_VOLUMES);
    return TRUE;
}

static void
test_fullest(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, fullest_body, NULL);
}

static gboolean
retired_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *keys = programme_fill(txn);
    g_autoptr(SchedStationRow) row = sched_store_station_get(txn, STATION, NULL);
    g_autoptr(SchedCompiled) compiled = NULL;
    g_autoptr(GError) unknown = NULL;

    row->retired = TRUE;
    assert_done(sched_store_station_put(txn, row, &problem));
    compiled = compile(txn, STATION, keys, NOW, &unknown);
    g_assert_null(compiled);
    g_assert_error(unknown, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND);
    g_assert_nonnull(strstr(unknown->message, STATION));
    return TRUE;
}

static void
test_retired(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, retired_body, NULL);
}

/* ---- grants ---- */

static void
say_reads(SchedTxn *txn, const char *reads)
{
    g_autofree char *boot = g_strnfill(32, 'b');
    const SchedStationStateRow hello = {.station = (char *) STATION,
                                        .boot = boot,
                                        .hello_us = NOW,
                                        .inventory = (char *) "",
                                        .reads = (char *) reads,
                                        .player_version = (char *) "0.1.0"};

    assert_done(sched_store_station_hello(txn, &hello, &problem));
}

/* One for all of the district, one for the other commune. */
static void
fill_grants(SchedTxn *txn)
{
    temp_store_exec(txn,
                    "INSERT INTO alert_templates (id, event, title, severity, tone, tone_ms, "
                    "repeats, gap_ms, again_s, life_min) VALUES ('lu', 'flood', 'Lũ', 4, "
                    "'wail', 5000, 3, 1000, 0, 60)");
    for (guint i = 0; i < 2; i++) {
        g_autofree char *sql =
            g_strdup_printf("INSERT INTO grants VALUES ('g%u', 'Lũ', 0, 3, 3600, 1, "
                            "9000000000000000, 'approver', "
                            "1, 0, NULL); INSERT INTO grant_areas VALUES ('g%u', '%s'); "
                            "INSERT INTO grant_templates VALUES ('g%u', 'lu'); "
                            "INSERT INTO grant_inputs VALUES ('g%u', 'nut', 'lu', '')",
                            i, i, i == 0 ? "chu-puh" : "ia-blu", i, i);

        temp_store_exec(txn, sql);
    }
}

/* Returns: (transfer full): compiled as a round does it */
static SchedCompiled *
compile_grants(SchedTxn *txn, const char *keys, const ContentSealKey *key)
{
    g_autoptr(SchedSnapshot) snapshot = sched_gather_snapshot(txn, NOW, NULL);
    g_autoptr(SchedIndex) index = sched_index_new(snapshot);
    SchedCompiled *compiled = sched_compile_begin(txn, index, STATION, keys, NULL);

    assert_done(sched_compile_grants(compiled, txn, index, key, NOW, &problem));
    return compiled;
}

static gboolean
grants_body(SchedTxn *txn, gpointer data, GError **error)
{
    const struct {
        const char *why, *reads;
        gboolean has_key, is_revoked;
        guint n_grants;
    } lent[] = {
        {"a player that knows no grants", "[[\"alert\",1]]", TRUE, FALSE, 0},
        {"a district without a key of alerts", "[[\"grant\",1]]", FALSE, FALSE, 0},
        {"its own, and not the other commune's", "[[\"grant\",1]]", TRUE, FALSE, 1},
        {"revoked", "[[\"grant\",1]]", TRUE, TRUE, 0},
    };
    g_autofree char *keys = programme_fill(txn);
    g_autoptr(ContentSealKey) key = content_seal_key_generate();

    fill_grants(txn);
    for (gsize i = 0; i < G_N_ELEMENTS(lent); i++) {
        g_autoptr(SchedCompiled) compiled = NULL;
        g_autoptr(ContentGrant) grant = NULL;

        g_test_message("%s", lent[i].why);
        say_reads(txn, lent[i].reads);
        if (lent[i].is_revoked)
            temp_store_exec(txn, "UPDATE grants SET revoked_us = 2, revoked_by = 'approver'");
        compiled = compile_grants(txn, keys, lent[i].has_key ? key : NULL);
        g_assert_cmpuint(compiled->grants->len, ==, lent[i].n_grants);
        if (lent[i].n_grants == 0)
            continue;
        grant = document_of(compiled, &content_grant_type, compiled->grants->pdata[0]);
        g_assert_cmpstr(grant->id, ==, "g0");
        g_assert_cmpstr(grant->station, ==, STATION);
        g_assert_cmpuint(grant->zones->len, ==, 2);
        g_assert_nonnull(content_grant_find_input(grant, "nut"));
    }
    return TRUE;
}

static void
test_grants(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, grants_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/publish/compile/cases", test_cases);
    g_test_add_func("/publish/compile/nights", test_nights);
    g_test_add_func("/publish/compile/fullest", test_fullest);
    g_test_add_func("/publish/compile/same-bytes", test_same_bytes);
    g_test_add_func("/publish/compile/zones", test_zones);
    g_test_add_func("/publish/compile/limits", test_limits);
    g_test_add_func("/publish/compile/retired", test_retired);
    g_test_add_func("/publish/compile/grants", test_grants);
    return g_test_run();
}
