/* routes.c - which files have rows in the table of routes. See route.h. */
#include "scheduler/web/route.h"

/* clang-format off */
#define OF_PEOPLE \
    sched_routes_session, \
    sched_routes_accounts, \
    sched_routes_places, \
    sched_routes_stations, \
    sched_routes_announcements, \
    sched_routes_versions, \
    sched_routes_listenings, \
    sched_routes_difference, \
    sched_routes_wanted, \
    sched_routes_recordings, \
    sched_routes_text, \
    sched_routes_slots, sched_routes_programmes, \
    sched_routes_reports, \
    sched_routes_district, \
    sched_routes_limits, \
    sched_routes_proposals, \
    sched_routes_review, \
    sched_routes_quiets, \
    sched_routes_grants, \
    sched_routes_messengers, \
    sched_routes_days, \
    sched_routes_make_ups, \
    sched_routes_offers, \
    sched_routes_notices, \
    sched_routes_factor, \
    sched_routes_messages, \
    sched_routes_figures, \
    sched_routes_alerts, sched_routes_speeches, sched_routes_spoken, sched_routes_speech_orders, sched_routes_cap, sched_routes_imports, \
    sched_routes_templates
const SchedRouteList sched_routes_of_people[] = { OF_PEOPLE, NULL };
const SchedRouteList sched_routes_of_all[] = {
    OF_PEOPLE, sched_routes_devices, sched_routes_spoken_devices, NULL,
};
/* clang-format on */
