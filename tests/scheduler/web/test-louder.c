/*
 * test-louder.c - what may make more sound passes a second person: every writing route, by
 * name.
 *
 * The table says of each route whether it can make more sound and what stands in the way; the
 * stories beside it (test-louder-*.c) then do it, with a slot in the air.
 */
#include "scheduler/web/route.h"

#include <string.h>

typedef enum {
    GATE_MUTE,        /* nothing in it sounds */
    GATE_QUIETER,     /* it can only take sound away */
    GATE_VOIDS,       /* what it changes loses the approval that it had, and sounds no more */
    GATE_SECOND,      /* it is the second person's own act, which the author may not do */
    GATE_PROPOSES,    /* more sound waits for a second person; anything else is done */
    GATE_ALL_OR_NONE, /* more sound is refused: it has a route of its own */
    GATE_RESTORES, /* silence that one person asked for ends: what sounds was freed by a second
                    */
    GATE_ALERTS,   /* an alert: one person may, of phrases that a second person approved, and
                      every   approver is told */
    GATE_LIVE,     /* an alert that one person speaks: nobody heard it before, every approver is
                      told at once, and what was said is kept */
    GATE_ORDERS,   /* it chooses between sounds that a second person approved for that place */
} Gate;

/* clang-format off */
static const struct { const char *name; Gate gate; } rows[] = {
    { "signIn",               GATE_MUTE },
    { "signOut",              GATE_MUTE },
    { "closeSessions",        GATE_MUTE },
    { "setOwnPassword",       GATE_MUTE },
    { "endSession",           GATE_MUTE },
    { "beginFactor",          GATE_MUTE },
    { "confirmFactor",        GATE_MUTE },
    { "removeFactor",         GATE_MUTE },
    { "seeNotes",             GATE_MUTE },
    { "askFactorReset",       GATE_MUTE },
    { "confirmFactorReset",   GATE_MUTE },
    { "refuseFactorReset",    GATE_MUTE },
    { "addAccount",           GATE_MUTE },
    { "setPassword",          GATE_MUTE },
    { "setAccountState",      GATE_MUTE },
    { "grantRight",           GATE_MUTE },
    { "revokeRight",          GATE_MUTE },
    { "setReach",             GATE_MUTE },
    { "setMessageWishes",     GATE_MUTE },
    { "testMessage",          GATE_MUTE },
    { "setSetting",           GATE_MUTE }, /* names, and what new stations and slots begin with */
    { "importAreas",          GATE_ALL_OR_NONE },
    { "previewImport",        GATE_MUTE }, /* nothing of it is kept */
    { "putArea",              GATE_PROPOSES }, /* under another parent other slots reach it */
    { "removeArea",           GATE_QUIETER },
    { "setWindows",           GATE_PROPOSES },
    { "setChoices",           GATE_ORDERS },
    { "putStation",           GATE_PROPOSES }, /* cap, time zone, place, back from retirement */
    { "putOutput",            GATE_MUTE },     /* its name */
    { "removeOutput",         GATE_QUIETER },
    { "putZone",              GATE_PROPOSES }, /* new, in another village, with more languages */
    { "removeZone",           GATE_QUIETER },
    { "setVolumes",           GATE_PROPOSES },
    { "makeEnrolment",        GATE_MUTE }, /* a player for what was approved for the station */
    { "revokeStation",        GATE_QUIETER },
    { "testZone",             GATE_MUTE }, /* relays of a zone for seconds, without sound */
    { "addAnnouncement",      GATE_VOIDS },
    { "changeAnnouncement",   GATE_VOIDS },
    { "withdrawAnnouncement", GATE_QUIETER },
    { "addVersion",           GATE_VOIDS },
    { "changeVersion",        GATE_VOIDS },
    { "removeVersion",        GATE_QUIETER },
    { "setAudio",             GATE_VOIDS },
    { "beginListening",       GATE_MUTE }, /* to one person, at their desk */
    { "endListening",         GATE_MUTE },
    { "checkVersion",         GATE_SECOND },
    { "returnVersion",        GATE_QUIETER },
    { "approveVersion",       GATE_SECOND },
    { "askVersion",           GATE_MUTE }, /* what answers it passes reader and approver */
    { "withdrawWanted",       GATE_MUTE },
    { "addPlaylist",          GATE_VOIDS },
    { "changePlaylist",       GATE_VOIDS },
    { "removePlaylist",       GATE_QUIETER },
    { "addSlot",              GATE_VOIDS },
    { "changeSlot",           GATE_VOIDS },
    { "approveSlot",          GATE_SECOND },
    { "returnSlot",           GATE_QUIETER },
    { "stopSlot",             GATE_QUIETER },
    { "submitProgramme",      GATE_MUTE },
    { "approveProgramme",     GATE_SECOND },
    { "returnProgramme",      GATE_QUIETER },
    { "putOverride",          GATE_VOIDS },
    { "removeOverride",       GATE_QUIETER }, /* one that nobody approved; else it is refused */
    { "approveOverride",      GATE_SECOND },
    { "returnOverride",       GATE_QUIETER },
    { "addNotice",            GATE_VOIDS },
    { "approveNotice",        GATE_SECOND },
    { "askQuiet",             GATE_QUIETER },
    { "setMessengerVillage",  GATE_MUTE }, /* people and numbers */
    { "sayMessengerStep",     GATE_MUTE },
    { "putGrant",             GATE_PROPOSES }, /* a station may sound by itself what it names */
    { "revokeGrant",          GATE_QUIETER },
    { "setOwnPin",            GATE_MUTE },
    { "endQuiet",             GATE_RESTORES },
    { "makeUp",               GATE_PROPOSES },
    { "addOffer",             GATE_MUTE },   /* nobody hears it before it is approved */
    { "approveOffer",         GATE_SECOND },
    { "endOffer",             GATE_QUIETER },
    { "placeOffer",           GATE_ORDERS }, /* one airing was approved for there, at any allowed time */
    { "putDay",               GATE_PROPOSES }, /* moves, replaces, or gives sound back */
    { "callAlert",            GATE_ALERTS },
    { "callSpeech",           GATE_LIVE },
    { "putSpeechOrder",       GATE_PROPOSES }, /* somebody may speak live there then */
    { "withdrawSpeechOrder",  GATE_QUIETER },
    { "stopAlert",            GATE_QUIETER },
    { "stopAlerts",           GATE_QUIETER },
    { "seeAlert",             GATE_MUTE },
    { "importAlert",          GATE_MUTE }, /* nothing sounds before somebody calls it */
    { "addStandardTemplates", GATE_MUTE }, /* drafts, which sound nowhere */
    { "putAlertTemplate",     GATE_PROPOSES },
    { "retireAlertTemplate",  GATE_PROPOSES }, /* a warning is lost with it, not only sound */
    { "addAlertPhrase",       GATE_MUTE }, /* a draft */
    { "approveProposal",      GATE_SECOND },
    { "refuseProposal",       GATE_QUIETER },
};
/* clang-format on */

static const SchedRoute *
find_route(const char *name)
{
    for (gsize i = 0; sched_routes_of_people[i] != NULL; i++) {
        for (const SchedRoute *route = sched_routes_of_people[i](); route->method != NULL;
             route++) {
            if (strcmp(route->name, name) == 0)
                return route;
        }
    }
    g_error("no route %s", name);
}

/* A route that is added has to say here what it can do. */
static void
test_every_route(void)
{
    g_autoptr(GHashTable) named = g_hash_table_new(g_str_hash, g_str_equal);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const SchedRoute *route = find_route(rows[i].name);

        g_test_message("%s", rows[i].name);
        g_assert_true(route->writes);
        g_assert_true(g_hash_table_add(named, (gpointer) rows[i].name));
        g_assert_cmpint(route->louder != NULL, ==, rows[i].gate == GATE_PROPOSES);
        /* What is kept to be done later is a JSON body, and nothing prepared before. */
        g_assert_true(route->louder == NULL || (route->body != NULL && route->prepare == NULL));
        g_assert_true((route->louder == NULL) == (route->touches == NULL));
    }
    for (gsize i = 0; sched_routes_of_people[i] != NULL; i++) {
        for (const SchedRoute *route = sched_routes_of_people[i](); route->method != NULL;
             route++) {
            if (route->writes && !g_hash_table_contains(named, route->name))
                g_error("%s writes, and nobody said whether it makes sound", route->name);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/web/louder/every-route", test_every_route);
    return g_test_run();
}
