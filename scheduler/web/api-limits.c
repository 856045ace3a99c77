/*
 * api-limits.c - when calendar sound is allowed, how much of it, and how loud.
 *
 * Wider windows and higher volumes wait for a second person where something sounds already.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/store/areas.h"
#include "scheduler/store/sound.h"
#include "scheduler/store/stations.h"
#include "scheduler/store/windows.h"

#include <string.h>

#define DAY_MIN  1440
#define WEEK_MIN (7 * DAY_MIN)

/* ---- shapes ---- */

typedef struct {
    gint64 limit_min;
    GPtrArray *windows;
} WindowsBody;

typedef struct {
    GPtrArray *volumes;
} VolumesBody;

/* clang-format off */
#define MINUTE(T, f, m) ROW_INT(T, f, 0, ROW_MINUTES_MAX, "min", m)
#define VOLUME_ROWS                                                                             \
    MINUTE(SchedVolumeRow, from_min, "From this minute of the day."),                           \
    MINUTE(SchedVolumeRow, to_min, "Until this one."),                                          \
    ROW_INT(SchedVolumeRow, gain_mdb, ROW_GAIN_MIN_MDB, 0, "millidecibel", "How loud.")
static const ContentMember volume_body_members[] = { VOLUME_ROWS, ROW_END };
static API_SHAPE(volume_body, SchedVolumeRow, "VolumeBody", sched_volume_row_free);
static const ContentMember sched_api_volume_shape_members[] = {
    ROW_WORD(SchedVolumeRow, zone, ID, "Its zone."), VOLUME_ROWS, ROW_END,
};
API_SHAPE(sched_api_volume_shape, SchedVolumeRow, "Volume", sched_volume_row_free);
static const ContentMember volumes_members[] = {
    ROW_STRUCTS(VolumesBody, volumes, SCHED_ZONE_MAX_VOLUMES, volume_body, "Replace those of the zone."),
    ROW_END,
};
static const ContentShape volumes_shape = { "VolumesBody", sizeof(VolumesBody),
                                            volumes_members };

static const ContentMember window_shape_members[] = {
    ROW_CLASS(SchedWindowRow, "For this class and the ones above."),
    ROW_INT(SchedWindowRow, weekdays, 1, 127, "bits", "Bit 0 Monday to bit 6 Sunday."),
    MINUTE(SchedWindowRow, from_min, "From this minute of the day."),
    MINUTE(SchedWindowRow, to_min, "Until this one."),
    ROW_END,
};
static API_SHAPE(window_shape, SchedWindowRow, "Window", sched_window_row_free);
static const ContentMember windows_members[] = {
    ROW_STRUCTS(WindowsBody, windows, SCHED_AREA_MAX_WINDOWS, window_shape,
                "Replace those of the area; empty: the area above decides."),
    ROW_OPTIONAL_INT(WindowsBody, limit_min, -1, ROW_MINUTES_MAX, -1, "min",
                     "Calendar sound a day and output; -1: the area above decides."),
    ROW_END,
};
static const ContentShape windows_shape = { "WindowsBody", sizeof(WindowsBody),
                                            windows_members };

/* clang-format on */

/* ---- windows ---- */

static gboolean
get_windows(SchedTxn *txn, SchedAct *act, GError **error)
{
    g_autofree char *from = NULL, *limit_from = NULL;
    gint64 limit_min = 0;
    g_autoptr(GPtrArray) own = sched_store_window_list(txn, act->arguments[0], error);
    g_autoptr(GPtrArray) inherited =
        own == NULL ? NULL : sched_store_windows_for(txn, act->arguments[0], &limit_min, error);

    if (inherited == NULL ||
        !sched_store_windows_nearest(txn, act->arguments[0], &from, &limit_from, error))
        return FALSE;
    act->answer = json_object();
    if (from != NULL)
        json_object_set_new(act->answer, "from", json_string(from));
    if (limit_from != NULL)
        json_object_set_new(act->answer, "limit_from", json_string(limit_from));
    json_object_set_new(act->answer, "windows", sched_shape_write_all(&window_shape, own));
    json_object_set_new(act->answer, "in_force",
                        sched_shape_write_all(&window_shape, inherited));
    json_object_set_new(act->answer, "limit_min", json_integer(limit_min));
    return TRUE;
}

static gboolean
set_windows(SchedTxn *txn, SchedAct *act, GError **error)
{
    WindowsBody *body = content_shape_new(&windows_shape);
    gboolean is_set = sched_act_read(act, body, error);

    for (guint i = 0; is_set && i < body->windows->len; i++)
        ((SchedWindowRow *) body->windows->pdata[i])->area = g_strdup(act->arguments[0]);
    is_set = is_set && sched_store_windows_set(txn, act->arguments[0], body->windows,
                                               body->limit_min, error);
    content_shape_free(&windows_shape, body);
    return is_set && get_windows(txn, act, error);
}

/* A bit a class: which may begin in each minute of the week. */
static void
fill_week(guint8 *week, GPtrArray *windows)
{
    memset(week, 0, WEEK_MIN);
    for (guint i = 0; i < windows->len; i++) {
        const SchedWindowRow *window = windows->pdata[i];
        /* Its class and those above it. */
        const guint8 classes = (guint8) (0xffu << window->class_);

        for (int day = 0; day < 7; day++) {
            for (gint64 min = window->from_min;
                 (window->weekdays >> day & 1) != 0 && min < MIN(window->to_min, DAY_MIN);
                 min++)
                week[day * DAY_MIN + min] |= classes;
        }
    }
}

static gboolean
is_wider(GPtrArray *now, GPtrArray *then)
{
    guint8 before[WEEK_MIN], after[WEEK_MIN];

    fill_week(before, now);
    fill_week(after, then);
    for (guint i = 0; i < WEEK_MIN; i++) {
        if ((after[i] & ~before[i]) != 0)
            return TRUE;
    }
    return FALSE;
}

/* What would be in force: the body's, or what the area above has where the body leaves it. */
static GPtrArray *
windows_then(SchedTxn *txn, SchedAct *act, const WindowsBody *body, gint64 *out_limit_min,
             GError **error)
{
    g_autoptr(SchedAreaRow) area = sched_store_area_get(txn, act->arguments[0], error);
    g_autoptr(GPtrArray) above = NULL;
    gint64 limit_min = DAY_MIN;

    if (area == NULL)
        return NULL;
    above = area->parent == NULL
                ? g_ptr_array_new()
                : sched_store_windows_for(txn, area->parent, &limit_min, error);
    if (above == NULL)
        return NULL;
    *out_limit_min = body->limit_min < 0 ? limit_min : body->limit_min;
    return body->windows->len == 0 ? g_steal_pointer(&above) : g_ptr_array_ref(body->windows);
}

/* It plans all that the area hears twice: one at a time, so that others find a thread free. */
static gboolean
begin_comparing(SchedAct *act, GError **error)
{
    if (g_atomic_int_compare_and_exchange(&act->api->is_comparing, 0, 1))
        return TRUE;
    content_call_add_header(act->call, "Retry-After", "5");
    return sched_api_error(error, SCHED_API_ERROR_SLOW_DOWN,
                           "other hours are being compared; try again in 5 s");
}

/* A question: nothing is kept. */
static gboolean
preview_windows(SchedTxn *txn, SchedAct *act, GError **error)
{
    const SchedApiOptions *options = &act->api->options;
    WindowsBody *body = content_shape_new(&windows_shape);
    gint64 limit_min = 0;
    g_autoptr(GPtrArray) then = sched_act_read(act, body, error)
                                    ? windows_then(txn, act, body, &limit_min, error)
                                    : NULL;

    if (then != NULL && begin_comparing(act, error)) {
        act->answer = options->ports->hours(options->ports_data, txn, act->arguments[0], then,
                                            limit_min, error);
        g_atomic_int_set(&act->api->is_comparing, 0);
    }
    content_shape_free(&windows_shape, body);
    return act->answer != NULL;
}

static gboolean
compare_windows(SchedTxn *txn, SchedAct *act, const WindowsBody *body, gboolean *out_louder,
                GError **error)
{
    gint64 limit_now = 0, limit_then = 0;
    g_autoptr(GPtrArray) now =
        sched_store_windows_for(txn, act->arguments[0], &limit_now, error);
    g_autoptr(GPtrArray) then =
        now == NULL ? NULL : windows_then(txn, act, body, &limit_then, error);

    if (then == NULL)
        return FALSE;
    *out_louder = (limit_then > limit_now || is_wider(now, then)) &&
                  sched_store_sound_in(txn, act->arguments[0]);
    return TRUE;
}

static gboolean
louder_windows(SchedTxn *txn, SchedAct *act, gboolean *out_louder, GError **error)
{
    WindowsBody *body = content_shape_new(&windows_shape);
    gboolean is_known =
        sched_act_read(act, body, error) && compare_windows(txn, act, body, out_louder, error);

    content_shape_free(&windows_shape, body);
    return is_known;
}

/* ---- volumes ---- */

static gboolean
set_volumes(SchedTxn *txn, SchedAct *act, GError **error)
{
    VolumesBody *body = content_shape_new(&volumes_shape);
    gboolean is_set = sched_act_read(act, body, error);

    for (guint i = 0; is_set && i < body->volumes->len; i++) {
        SchedVolumeRow *row = body->volumes->pdata[i];

        row->station = g_strdup(act->arguments[0]);
        row->zone = g_strdup(act->arguments[1]);
    }
    is_set = is_set && sched_store_volumes_set(txn, act->arguments[0], act->arguments[1],
                                               body->volumes, error);
    content_shape_free(&volumes_shape, body);
    return is_set && sched_act_done(act);
}

/* A zone without a volume at some hour is as loud as the slot asks: 0 dB. */
static void
fill_day(gint64 *day, GPtrArray *volumes, const char *zone)
{
    memset(day, 0, DAY_MIN * sizeof *day);
    for (guint i = 0; i < volumes->len; i++) {
        const SchedVolumeRow *volume = volumes->pdata[i];

        for (gint64 min = volume->from_min; (zone == NULL || strcmp(volume->zone, zone) == 0) &&
                                            min < MIN(volume->to_min, DAY_MIN);
             min++)
            day[min] = volume->gain_mdb;
    }
}

static gboolean
is_volume_higher(GPtrArray *now, const char *zone, GPtrArray *then)
{
    gint64 before[DAY_MIN], after[DAY_MIN];

    fill_day(before, now, zone);
    fill_day(after, then, NULL);
    for (guint i = 0; i < DAY_MIN; i++) {
        if (after[i] > before[i])
            return TRUE;
    }
    return FALSE;
}

static gboolean
louder_volumes(SchedTxn *txn, SchedAct *act, gboolean *out_louder, GError **error)
{
    const char *station = act->arguments[0], *zone = act->arguments[1];
    g_autoptr(GPtrArray) now = sched_store_volume_list(txn, station, error);
    VolumesBody *body = content_shape_new(&volumes_shape);
    gboolean is_known = now != NULL && sched_act_read(act, body, error);

    if (is_known)
        *out_louder = is_volume_higher(now, zone, body->volumes) &&
                      sched_store_sound_at(txn, station, zone);
    content_shape_free(&volumes_shape, body);
    return is_known;
}

#define ADMINISTRATOR SCHED_ROLES(SCHED_ROLE_ADMINISTRATOR)
#define TECHNICIAN    (ADMINISTRATOR | SCHED_ROLES(SCHED_ROLE_TECHNICIAN))
#define OFFICIAL      (ADMINISTRATOR | SCHED_ROLES(SCHED_ROLE_OFFICIAL))

/* clang-format off */
static const SchedAnswerMember windows_more[] = {
    ANSWER_ROWS("windows", window_shape, "Of the area itself."),
    ANSWER_ROWS("in_force", window_shape, "These hold, its own or those of the area above."),
    ANSWER_INT("limit_min", -1, ROW_MINUTES_MAX, "min",
               "Calendar sound a day and output that holds; -1: no limit."),
    ANSWER_OPTIONAL_WORD("from", ID, "The area whose windows hold; absent: nobody set any."),
    ANSWER_OPTIONAL_WORD("limit_from", ID, "The area whose limit holds; absent: nobody set one."),
    ANSWER_END,
};
static const SchedAnswer windows_answer = { .name = "Windows", .more = windows_more };
static const SchedAnswerMember hours_change_more[] = {
    ANSWER_WORD("slot", ID, "The slot."),
    ANSWER_TEXT("name", 1, ROW_NAME_MAX_BYTES, "Its name."),
    ANSWER_BOOL("sounds", "It falls outside now, and would not; false: the other way round."),
    ANSWER_TEXT("finding", 1, 40, "Why something of it does not sound: outside_window or "
                "over_daily_limit."),
    ANSWER_UTC("first_us", "The first time."),
    ANSWER_COUNT("n_days", "On how many days."),
    ANSWER_COUNT("n_villages", "In how many villages."),
    ANSWER_END,
};
static const SchedAnswer hours_change = { .name = "HoursChange", .more = hours_change_more };
static const SchedAnswerMember hours_more[] = {
    ANSWER_LIST("changes", hours_change, "Slots of the coming 7 days; those that fall outside first."),
    ANSWER_END,
};
static const SchedAnswer hours_answer = { .name = "HoursPreview", .more = hours_more };

static const SchedRoute routes[] = {
    { .method = "GET", .path = "/api/areas/{area}/windows", .roles = SCHED_ROLES_ANY,
      .scope = sched_scope_area_read, .status = 200, .work = get_windows,
      .answer = &windows_answer, .name = "getWindows",
      .meaning = "When calendar sound is allowed: its own windows, and those in force." },
    { .method = "PUT", .path = "/api/areas/{area}/windows", .roles = OFFICIAL,
      .scope = sched_scope_area, .input = SCHED_INPUT_JSON, .body = &windows_shape,
      .writes = TRUE, .status = 200, .louder = louder_windows, .touches = "windows.", .work = set_windows,
      .answer = &windows_answer, .name = "setWindows",
      .meaning = "Set the allowed windows and the minutes a day of an area." },
    { .method = "POST", .path = "/api/areas/{area}/windows/preview", .roles = OFFICIAL,
      .scope = sched_scope_area, .input = SCHED_INPUT_JSON, .body = &windows_shape,
      .is_aside = TRUE, .status = 200, .work = preview_windows, .answer = &hours_answer,
      .name = "previewWindows",
      .meaning = "What setWindows would change of the coming 7 days; nothing of it is kept." },
    { .method = "PUT", .path = "/api/stations/{station}/zones/{zone}/volumes",
      .roles = TECHNICIAN, .scope = sched_scope_station, .input = SCHED_INPUT_JSON,
      .body = &volumes_shape, .writes = TRUE, .status = 200, .louder = louder_volumes, .touches = "volumes.",
      .work = set_volumes, .answer = &sched_answer_done,
      .name = "setVolumes", .meaning = "How loud a zone is at some hours." },
    { .method = NULL },
};
/* clang-format on */

const SchedRoute *
sched_routes_limits(void)
{
    return routes;
}
