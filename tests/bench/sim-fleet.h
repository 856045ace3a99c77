/*
 * sim-fleet.h - a large district written straight into the scheduler's store.
 *
 * Flow: measurements make one in seconds -> the scheduler's own code plans and publishes it.
 * Everything goes through the store's noun functions, with an author and another person who
 * approves; only people and typing are left out. Thread: any; each call blocks on the store.
 */
#pragma once

#include "scheduler/store/db.h"
#include "scheduler/store/objects.h"
#include "scheduler/trust/authority.h"
#include "scheduler/trust/keys.h"
#include "tests/bench/sim-identity.h"

/* Accounts of the fleet; all have the role of their name in the whole district. */
#define SIM_FLEET_EDITOR   "editor"
#define SIM_FLEET_REVIEWER "reviewer"
#define SIM_FLEET_APPROVER "approver"
#define SIM_FLEET_TOP      "huyen"
/* Of the standard set for alerts the one that is recorded: it has no blanks. */
#define SIM_FLEET_TEMPLATE "bao-nham"

typedef struct {
    guint n_stations;      /* 1 … 10000 */
    guint n_zones;         /* of a station; each in a village of its own, with one language */
    guint n_slots;         /* daily slots on every station, spread from 05:00 on */
    guint n_items;         /* of each slot's playlist; each sounds in three languages */
    gint64 now_us;         /* UTC */
    const char *password;  /* (nullable): of all accounts; NULL: nobody can sign in */
    const SchedKeys *keys; /* (not owned): sign the approvals */
    const SchedObjectRow *phrase; /* (not owned) (nullable): audio of SIM_FLEET_TEMPLATE; NULL:
                                   * there is nothing for alerts */
} SimFleet;

/** sim_fleet_station: Returns: (transfer full): id of station @n */
char *sim_fleet_station(guint n);

/** sim_fleet_slot: Returns: (transfer full): id of slot @n */
char *sim_fleet_slot(guint n);

/** sim_fleet_fill: everything, with slots 0 … n_slots − 1 approved */
gboolean sim_fleet_fill(SchedStore *store, const SimFleet *fleet, GError **error);

/** sim_fleet_add_slot: one more on every station, with one item, waiting for its
 * approval; @is_daily: else on tomorrow alone */
gboolean sim_fleet_add_slot(SchedStore *store, const SimFleet *fleet, guint n,
                            gboolean is_daily, GError **error);

/** sim_fleet_approve_slot: what the approver's click does */
gboolean sim_fleet_approve_slot(SchedStore *store, const SimFleet *fleet, guint n,
                                GError **error);

/**
 * sim_fleet_enrol:
 * @folder: gets a state folder of a player for every station
 * @district: `sign` and `data` are set here
 */
gboolean sim_fleet_enrol(SchedStore *store, const SimFleet *fleet, SchedAuthority *authority,
                         const SimDistrict *district, const char *folder, GError **error);
