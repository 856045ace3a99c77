/*
 * louder.c - would a change of places make more sound than there is?
 *
 * Flow: api.c asks before the work, in its transaction. What does waits for a second person
 * (api-proposals.c). Where nothing approved sounds, nothing gets louder: the slot's approver
 * sees the places, windows and volumes as they are then. Windows and volumes: api-limits.c.
 */
#include "scheduler/store/areas.h"
#include "scheduler/store/sound.h"
#include "scheduler/store/stations.h"
#include "scheduler/web/api-internal.h"

#include <string.h>

/* In another part of the tree other slots reach it, and other windows hold. */
gboolean
sched_louder_area(SchedTxn *txn, SchedAct *act, gboolean *out_louder, GError **error)
{
    const char *parent = json_string_value(json_object_get(act->body, "parent"));

    *out_louder = sched_store_sound_after_move(txn, act->arguments[0], parent);
    return TRUE;
}

/* Back from retirement, a higher cap, or its windows at other hours. */
static gboolean
is_station_louder(const SchedStationRow *now, const SchedStationRow *then)
{
    return !then->retired &&
           (now->retired || then->gain_cap_mdb > now->gain_cap_mdb ||
            strcmp(then->tzid, now->tzid) != 0 || strcmp(then->area, now->area) != 0);
}

gboolean
sched_louder_station(SchedTxn *txn, SchedAct *act, gboolean *out_louder, GError **error)
{
    g_autoptr(SchedStationRow) now = sched_store_station_get(txn, act->arguments[0], NULL);
    g_autoptr(SchedStationRow) then = sched_store_station_draft(txn, act->arguments[0]);

    if (!sched_act_read(act, then, error))
        return FALSE;
    *out_louder =
        now != NULL && is_station_louder(now, then) && sched_store_sound_at(txn, now->id, NULL);
    return TRUE;
}

/* Whether @then is @now with languages taken away at most; another order is another choice. */
static gboolean
has_fewer_languages(GPtrArray *now, GPtrArray *then)
{
    guint at = 0;

    for (guint i = 0; i < then->len; i++) {
        while (at < now->len && strcmp(now->pdata[at], then->pdata[i]) != 0)
            at++;
        if (at++ >= now->len)
            return FALSE;
    }
    return TRUE;
}

static const SchedZoneRow *
find_zone(GPtrArray *zones, const char *id)
{
    for (guint i = 0; i < zones->len; i++) {
        if (strcmp(((const SchedZoneRow *) zones->pdata[i])->id, id) == 0)
            return zones->pdata[i];
    }
    return NULL;
}

/* A zone where slots are for already, or one that hears more of them than it did. */
gboolean
sched_louder_zone(SchedTxn *txn, SchedAct *act, gboolean *out_louder, GError **error)
{
    g_autoptr(GPtrArray) zones = sched_store_zone_list(txn, act->arguments[0], error);
    g_autoptr(SchedZoneRow) then = g_new0(SchedZoneRow, 1);
    const SchedZoneRow *now;

    if (zones == NULL || !sched_act_read(act, then, error))
        return FALSE;
    now = find_zone(zones, act->arguments[1]);
    if (now == NULL || strcmp(now->village, then->village) != 0)
        *out_louder = sched_store_sound_for(txn, then->village) ||
                      (now != NULL && sched_store_sound_at(txn, act->arguments[0], now->id));
    else
        *out_louder = !has_fewer_languages(now->languages, then->languages) &&
                      sched_store_sound_at(txn, act->arguments[0], now->id);
    return TRUE;
}
