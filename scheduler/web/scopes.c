/*
 * scopes.c - the places that an act concerns, as they are now and as they are to become.
 *
 * Flow: access.c calls the scope of a row, inside the transaction of its work. What is moved
 * needs the right at both ends. Thread: the transaction's.
 */
#include "scheduler/store/alerts.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/messengers.h"
#include "scheduler/store/offers.h"
#include "scheduler/store/playlists.h"
#include "scheduler/store/grants.h"
#include "scheduler/store/programmes.h"
#include "scheduler/store/quiets.h"
#include "scheduler/store/slots.h"
#include "scheduler/store/specials.h"
#include "scheduler/store/speech-orders.h"
#include "scheduler/store/stations.h"
#include "scheduler/store/wanted.h"
#include "scheduler/web/route.h"

static void
add(SchedReach *reach, const char *area)
{
    if (area != NULL && area[0] != '\0')
        g_ptr_array_add(reach->areas, g_strdup(area));
}

static const char *
body_text(SchedAct *act, const char *name)
{
    return json_string_value(json_object_get(act->body, name));
}

/* Areas named by a list in the body. */
static void
add_body_areas(SchedAct *act, SchedReach *reach, const char *name)
{
    json_t *list = json_object_get(act->body, name);

    for (gsize i = 0; i < json_array_size(list); i++)
        add(reach, json_string_value(json_array_get(list, i)));
}

/* A row that is not there yet is no error for who is about to make it. */
static gboolean
is_absent(GError **problem)
{
    if (!g_error_matches(*problem, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND))
        return FALSE;
    g_clear_error(problem);
    return TRUE;
}

gboolean
sched_scope_district(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    reach->is_district = TRUE;
    return TRUE;
}

gboolean
sched_scope_area(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(SchedAreaRow) area = sched_store_area_get(txn, act->arguments[0], error);

    add(reach, act->arguments[0]);
    return area != NULL;
}

/* To look at: who is at home in a part of it may, too. */
gboolean
sched_scope_area_read(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    reach->from_below = TRUE;
    return sched_scope_area(txn, act, reach, error);
}

/* ?area=… or, without it, everything that the account sees: then the work picks. */
gboolean
sched_scope_area_query(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    const char *area = content_call_query(act->call, "area");
    g_autoptr(SchedAreaRow) row = NULL;

    if (area == NULL)
        return TRUE;
    row = sched_store_area_get(txn, area, error);
    add(reach, area);
    return row != NULL;
}

gboolean
sched_scope_area_put(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autoptr(SchedAreaRow) old = sched_store_area_get(txn, act->arguments[0], &problem);
    const char *parent = body_text(act, "parent");

    if (old == NULL && !is_absent(&problem)) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return FALSE;
    }
    if (old != NULL)
        add(reach, old->id);
    /* Out of where it lies now, into where it is to lie; a top is the district's. */
    if (old != NULL && g_strcmp0(old->parent, parent) != 0)
        add(reach, old->parent);
    add(reach, parent);
    reach->is_district = parent == NULL || (old != NULL && old->parent == NULL);
    return TRUE;
}

gboolean
sched_scope_station(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(SchedStationRow) station = sched_store_station_get(txn, act->arguments[0], error);

    if (station != NULL)
        add(reach, station->area);
    return station != NULL;
}

gboolean
sched_scope_station_put(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autoptr(SchedStationRow) old = sched_store_station_get(txn, act->arguments[0], &problem);

    if (old == NULL && !is_absent(&problem)) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return FALSE;
    }
    if (old != NULL)
        add(reach, old->area);
    add(reach, body_text(act, "area"));
    return TRUE;
}

/* Where the zone stands now, if it is there already, and where it is to stand. */
gboolean
sched_scope_zone_put(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(GPtrArray) zones = sched_store_zone_list(txn, act->arguments[0], error);

    if (zones == NULL)
        return FALSE;
    for (guint i = 0; i < zones->len; i++) {
        const SchedZoneRow *zone = zones->pdata[i];

        if (g_strcmp0(zone->id, act->arguments[1]) == 0)
            add(reach, zone->village);
    }
    add(reach, body_text(act, "village"));
    return sched_scope_station(txn, act, reach, error);
}

/* Where an account may do anything: who may change it must be above all of that. */
gboolean
sched_scope_account(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(SchedAccountRow) account = sched_store_account_get(txn, act->arguments[0], error);
    g_autoptr(GPtrArray) rights = NULL;

    if (account == NULL)
        return FALSE;
    rights = sched_store_right_list(txn, account->id, error);
    for (guint i = 0; rights != NULL && i < rights->len; i++)
        add(reach, ((SchedRightRow *) rights->pdata[i])->area);
    /* One that may nothing yet belongs to nobody's area; whoever is given a right next might.
     */
    reach->is_district = rights != NULL && rights->len == 0;
    return rights != NULL;
}

/* To look at: a right in one of the places is enough. */
gboolean
sched_scope_account_read(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(SchedAccountRow) account = sched_store_account_get(txn, act->arguments[0], error);

    if (account == NULL)
        return FALSE;
    return sched_access_sees_account(txn, act, account->id) ||
           sched_api_error(error, SCHED_API_ERROR_FORBIDDEN,
                           "you have no right to do this here");
}

gboolean
sched_scope_right(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    add(reach, body_text(act, "area"));
    return TRUE;
}

static gboolean
reach_announcement(SchedTxn *txn, const char *id, SchedReach *reach, gboolean with_areas,
                   GError **error)
{
    g_autoptr(SchedAnnouncementRow) row = sched_store_announcement_get(txn, id, error);

    if (row == NULL)
        return FALSE;
    add(reach, row->home);
    for (guint i = 0; with_areas && i < row->areas->len; i++)
        add(reach, row->areas->pdata[i]);
    return TRUE;
}

gboolean
sched_scope_announcement(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    return reach_announcement(txn, act->arguments[0], reach, TRUE, error);
}

gboolean
sched_scope_announcement_read(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    reach->from_below = TRUE;
    return reach_announcement(txn, act->arguments[0], reach, FALSE, error);
}

/* To silence it: who answers for its home may. */
gboolean
sched_scope_announcement_home(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    return reach_announcement(txn, act->arguments[0], reach, FALSE, error);
}

gboolean
sched_scope_announcement_put(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(GError) problem = NULL;

    add(reach, body_text(act, "home"));
    add_body_areas(act, reach, "areas");
    if (act->arguments[0] == NULL ||
        reach_announcement(txn, act->arguments[0], reach, TRUE, &problem) ||
        is_absent(&problem))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&problem));
    return FALSE;
}

static gboolean
reach_version(SchedTxn *txn, SchedAct *act, SchedReach *reach, gboolean with_areas,
              GError **error)
{
    g_autoptr(SchedVersionRow) version = sched_store_version_get(txn, act->arguments[0], error);

    if (version == NULL)
        return FALSE;
    reach->language = g_strdup(version->language);
    return reach_announcement(txn, version->announcement, reach, with_areas, error);
}

gboolean
sched_scope_version(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    return reach_version(txn, act, reach, TRUE, error);
}

/* For who checks its language: where it is at home is enough. */
gboolean
sched_scope_version_home(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    return reach_version(txn, act, reach, FALSE, error);
}

gboolean
sched_scope_version_read(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    reach->from_below = TRUE;
    return reach_version(txn, act, reach, FALSE, error);
}

/* Who may add the version may have somebody else do it. */
gboolean
sched_scope_wanted_put(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    return reach_announcement(txn, body_text(act, "announcement"), reach, TRUE, error);
}

gboolean
sched_scope_wanted(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(SchedWantedRow) row =
        sched_store_wanted_get(txn, act->arguments[0], act->now_us, error);

    return row != NULL && reach_announcement(txn, row->announcement, reach, TRUE, error);
}

static gboolean
reach_playlist(SchedTxn *txn, const char *id, SchedReach *reach, GError **error)
{
    g_autoptr(SchedPlaylistRow) playlist = sched_store_playlist_get(txn, id, error);

    if (playlist != NULL)
        add(reach, playlist->home);
    return playlist != NULL;
}

gboolean
sched_scope_playlist(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    return reach_playlist(txn, act->arguments[0], reach, error);
}

gboolean
sched_scope_playlist_read(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    reach->from_below = TRUE;
    return reach_playlist(txn, act->arguments[0], reach, error);
}

gboolean
sched_scope_playlist_put(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(GError) problem = NULL;

    add(reach, body_text(act, "home"));
    if (act->arguments[0] == NULL || reach_playlist(txn, act->arguments[0], reach, &problem) ||
        is_absent(&problem))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&problem));
    return FALSE;
}

/* A slot sounds at its targets: the right must hold there, not only where it is at home. */
static gboolean
reach_zone(SchedTxn *txn, const char *station, const char *zone, SchedReach *reach,
           GError **error)
{
    g_autoptr(GPtrArray) zones = sched_store_zone_list(txn, station, error);

    for (guint i = 0; zones != NULL && i < zones->len; i++) {
        const SchedZoneRow *row = zones->pdata[i];

        if (g_strcmp0(row->id, zone) == 0) {
            add(reach, row->village);
            return TRUE;
        }
    }
    if (zones != NULL)
        sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE, "station %s has no zone %s",
                        station, zone);
    return FALSE;
}

static gboolean
reach_slot(SchedTxn *txn, const char *id, SchedReach *reach, gboolean with_targets,
           GError **error)
{
    g_autoptr(SchedSlotRow) slot = sched_store_slot_get(txn, id, error);

    if (slot == NULL)
        return FALSE;
    add(reach, slot->home);
    for (guint i = 0; with_targets && i < slot->targets->len; i++) {
        const SchedTargetRow *target = slot->targets->pdata[i];

        add(reach, target->area);
        if (target->area[0] == '\0' &&
            !reach_zone(txn, target->station, target->zone, reach, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
sched_scope_slot(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    return reach_slot(txn, act->arguments[0], reach, TRUE, error);
}

gboolean
sched_scope_programme_home(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(SchedProgrammeRow) row = sched_store_programme_get(txn, act->arguments[0], error);

    if (row != NULL)
        add(reach, row->area);
    return row != NULL;
}

/* And wherever a part of it is at home now; @with_targets: or sounds */
static gboolean
reach_programme(SchedTxn *txn, SchedAct *act, SchedReach *reach, gboolean with_targets,
                GError **error)
{
    g_autoptr(GPtrArray) keys = NULL;

    if (!sched_scope_programme_home(txn, act, reach, error))
        return FALSE;
    keys = sched_store_programme_keys(txn, act->arguments[0], error);
    for (guint i = 0; keys != NULL && i < keys->len; i++) {
        g_auto(GStrv) words = g_strsplit(keys->pdata[i], " ", 2);

        if (!reach_slot(txn, words[0], reach, with_targets, error))
            return FALSE;
    }
    return keys != NULL;
}

gboolean
sched_scope_programme(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    return reach_programme(txn, act, reach, TRUE, error);
}

gboolean
sched_scope_programme_return(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    return reach_programme(txn, act, reach, FALSE, error);
}

gboolean
sched_scope_slot_read(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    reach->from_below = TRUE;
    return reach_slot(txn, act->arguments[0], reach, FALSE, error);
}

gboolean
sched_scope_slot_home(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    return reach_slot(txn, act->arguments[0], reach, FALSE, error);
}

static gboolean
reach_body_targets(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    json_t *targets = json_object_get(act->body, "targets");

    for (gsize i = 0; i < json_array_size(targets); i++) {
        json_t *target = json_array_get(targets, i);
        const char *area = json_string_value(json_object_get(target, "area"));
        const char *station = json_string_value(json_object_get(target, "station"));
        const char *zone = json_string_value(json_object_get(target, "zone"));

        add(reach, area);
        /* An empty text is what leaving it out is. */
        if ((area == NULL || area[0] == '\0') && station != NULL && zone != NULL &&
            !reach_zone(txn, station, zone, reach, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
sched_scope_slot_put(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(GError) problem = NULL;

    add(reach, body_text(act, "home"));
    if (!reach_body_targets(txn, act, reach, error))
        return FALSE;
    if (act->arguments[0] == NULL ||
        reach_slot(txn, act->arguments[0], reach, TRUE, &problem) || is_absent(&problem))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&problem));
    return FALSE;
}

gboolean
sched_scope_quiet_put(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    const char *area = body_text(act, "area"), *station = body_text(act, "station"),
               *zone = body_text(act, "zone");

    add(reach, area);
    if (reach->areas->len == 0 && station != NULL && zone != NULL)
        return reach_zone(txn, station, zone, reach, error);
    return reach->areas->len > 0 ||
           sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                           "area: an area, or a station and one of its zones");
}

gboolean
sched_scope_quiet(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(SchedQuietRow) row = sched_store_quiet_get(txn, act->arguments[0], error);

    if (row != NULL)
        add(reach, row->place);
    /* A zone that is gone belongs to nobody's area. */
    reach->is_district = row != NULL && *row->place == '\0';
    return row != NULL;
}

gboolean
sched_scope_grant(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(SchedGrantRow) row = sched_store_grant_get(txn, act->arguments[0], error);

    for (guint i = 0; row != NULL && i < row->areas->len; i++)
        add(reach, row->areas->pdata[i]);
    return row != NULL;
}

/* Where it holds now, if it is there already, and where it is to hold. */
gboolean
sched_scope_day_put(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autoptr(SchedSpecialRow) old = sched_store_special_get(txn, act->arguments[0], &problem);

    if (old == NULL && !is_absent(&problem)) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return FALSE;
    }
    if (old != NULL)
        add(reach, old->area);
    add(reach, body_text(act, "area"));
    return TRUE;
}

/* Its home and each of its places, as they stand in the query. */
gboolean
sched_scope_notice_new(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    const char *home = content_call_query(act->call, "home");
    const char *areas = content_call_query(act->call, "areas");
    g_auto(GStrv) places = g_strsplit(areas == NULL ? "" : areas, ",", -1);

    add(reach, home);
    for (guint i = 0; places[i] != NULL; i++)
        add(reach, places[i]);
    return (reach->areas->len >= 2 && home != NULL && *home != '\0') ||
           sched_api_error(error, SCHED_API_ERROR_BAD,
                           "home, areas: ?home=AREA&areas=VILLAGE,VILLAGE is needed");
}

/* ---- what is sent from above ---- */

/* Where it is at home, and each place that it is to be heard in. */
gboolean
sched_scope_offer_new(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    add(reach, body_text(act, "home"));
    add_body_areas(act, reach, "areas");
    return reach->areas->len >= 2 ||
           sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                           "home, areas: where it is at home, and whom it is sent to");
}

gboolean
sched_scope_offer_home(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(SchedOfferRow) row = sched_store_offer_get(txn, act->arguments[0], error);

    if (row != NULL)
        add(reach, row->home);
    return row != NULL;
}

gboolean
sched_scope_offer_read(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    reach->from_below = TRUE;
    return sched_scope_offer_home(txn, act, reach, error);
}

gboolean
sched_scope_offer(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(GPtrArray) areas = NULL;

    if (!sched_scope_offer_home(txn, act, reach, error))
        return FALSE;
    areas = sched_store_offer_areas(txn, act->arguments[0], error);
    for (guint i = 0; areas != NULL && i < areas->len; i++)
        add(reach, areas->pdata[i]);
    return areas != NULL;
}

/* In one commune: that alone. */
gboolean
sched_scope_offer_place(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(SchedOfferPlaceRow) row =
        sched_store_offer_place_get(txn, act->arguments[0], act->arguments[1], error);

    if (row != NULL)
        add(reach, row->area);
    return row != NULL;
}

gboolean
sched_scope_alert(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(SchedAlertRow) alert = sched_store_alert_get(txn, act->arguments[0], error);

    for (guint i = 0; alert != NULL && i < alert->areas->len; i++)
        add(reach, alert->areas->pdata[i]);
    /* One of nowhere would else be everybody's. */
    reach->is_district = reach->areas->len == 0;
    return alert != NULL;
}

/* Who is at home in a part of where it sounds may look. */
gboolean
sched_scope_alert_read(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    reach->from_below = TRUE;
    return sched_scope_alert(txn, act, reach, error);
}

static gboolean
add_one_replaced(SchedTxn *txn, SchedAct *act, const char *id, SchedReach *reach,
                 GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autoptr(SchedAlertRow) one = sched_store_alert_get(txn, id, &problem);

    if (one == NULL) {
        if (is_absent(&problem))
            return TRUE;
        g_propagate_error(error, g_steal_pointer(&problem));
        return FALSE;
    }
    if (!one->drill && json_is_true(json_object_get(act->body, "drill")))
        return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE,
                               "replaces: a drill ends no real alert");
    for (guint i = 0; i < one->areas->len; i++)
        add(reach, one->areas->pdata[i]);
    reach->is_district |= one->areas->len == 0; /* one of nowhere would else be everybody's */
    return TRUE;
}

/* Players end a replaced alert wherever it sounds, so it takes the right that a stop would. */
static gboolean
add_replaced(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    json_t *list = json_object_get(act->body, "replaces"), *one;
    gsize i;

    json_array_foreach(list, i, one)
    {
        if (json_is_string(one) &&
            !add_one_replaced(txn, act, json_string_value(one), reach, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
sched_scope_alert_put(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    add_body_areas(act, reach, "areas");
    if (reach->areas->len == 0)
        return sched_api_error(error, SCHED_API_ERROR_UNPROCESSABLE, "areas: at least one");
    return add_replaced(txn, act, reach, error);
}

/* And where the microphone stands, if it is a station's. */
gboolean
sched_scope_speech_put(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    const char *station = body_text(act, "station");
    g_autoptr(SchedStationRow) row = NULL;

    if (station != NULL && (row = sched_store_station_get(txn, station, error)) == NULL)
        return FALSE;
    if (row != NULL)
        add(reach, row->area);
    return sched_scope_alert_put(txn, act, reach, error);
}

/* As it was asked for. */
gboolean
sched_scope_speech_order(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(SchedSpeechOrderRow) row =
        sched_store_speech_order_get(txn, act->arguments[0], error);

    for (guint i = 0; row != NULL && i < row->areas->len; i++)
        add(reach, row->areas->pdata[i]);
    return row != NULL;
}

gboolean
sched_scope_messenger(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    g_autoptr(SchedMessengerTaskRow) task =
        sched_store_messenger_get(txn, act->arguments[0], error);

    if (task != NULL)
        add(reach, task->village);
    return task != NULL;
}

gboolean
sched_scope_messenger_read(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error)
{
    reach->from_below = TRUE;
    return sched_scope_messenger(txn, act, reach, error);
}
