/*
 * test-louder.c - what may make more sound passes a second person: every writing route, by
 * name.
 *
 * The table says of each route whether it can make more sound and what stands in the way; the
 * stories then do it, with a slot in the air, and look at what came of it.
 */
#include "scheduler/store/proposals.h"
#include "scheduler/store/windows.h"
#include "scheduler/web/route.h"
#include "tests/scheduler/web/api-fixture.h"

#include <curl/curl.h>
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
    { "putOverride",          GATE_VOIDS },
    { "removeOverride",       GATE_QUIETER }, /* one that nobody approved; else it is refused */
    { "approveOverride",      GATE_SECOND },
    { "returnOverride",       GATE_QUIETER },
    { "addNotice",            GATE_VOIDS },
    { "approveNotice",        GATE_SECOND },
    { "askQuiet",             GATE_QUIETER },
    { "endQuiet",             GATE_RESTORES },
    { "makeUp",               GATE_PROPOSES },
    { "addOffer",             GATE_MUTE },   /* nobody hears it before it is approved */
    { "approveOffer",         GATE_SECOND },
    { "endOffer",             GATE_QUIETER },
    { "placeOffer",           GATE_ORDERS }, /* one airing was approved for there, at any allowed time */
    { "putDay",               GATE_PROPOSES }, /* moves, replaces, or gives sound back */
    { "callAlert",            GATE_ALERTS },
    { "stopAlert",            GATE_QUIETER },
    { "stopAlerts",           GATE_QUIETER },
    { "seeAlert",             GATE_MUTE },
    { "addStandardTemplates", GATE_MUTE }, /* drafts, which sound nowhere */
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

/* ---- a slot in the air ---- */

typedef struct {
    ApiFixture api;
    char *playlist, *slot;
} Fixture;

static guint
call(Fixture *f, const char *login, const char *method, const char *path, const char *body,
     json_t **out)
{
    json_t *json = body == NULL ? NULL : json_loads(body, 0, NULL);

    g_assert_true((body == NULL) == (json == NULL));
    return api_fixture_call(&f->api, login, method, path, json, out);
}

static char *
add_playlist(Fixture *f, const char *items)
{
    json_auto_t *answer = NULL;
    g_autofree char *body =
        g_strdup_printf("{\"name\":\"P\",\"home\":\"chu-puh\",\"items\":%s}", items);

    g_assert_cmpuint(call(f, "ed", "POST", "/api/playlists", body, &answer), ==, 201);
    return g_strdup(api_text(answer, "id"));
}

static json_t *
get_slot(Fixture *f)
{
    g_autofree char *path = g_strdup_printf("/api/slots/%s", f->slot);
    json_t *slot = NULL;

    g_assert_cmpuint(call(f, "ed", "GET", path, NULL, &slot), ==, 200);
    return slot;
}

static guint
approve(Fixture *f, const char *login, const char *what, const char *content)
{
    g_autofree char *path = g_strdup_printf("/api/slots/%s%s/approve", f->slot, what);
    g_autofree char *body = g_strdup_printf("{\"content\":\"%s\"}", content);

    return call(f, login, "POST", path, body, NULL);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    static const struct {
        const char *login, *area;
        SchedRole role;
    } people[] = {
        {"admin", "gia-lai", SCHED_ROLE_ADMINISTRATOR},
        {"admin", "gia-lai", SCHED_ROLE_APPROVER},
        {"ed", "chu-puh", SCHED_ROLE_EDITOR},
        {"app", "gia-lai", SCHED_ROLE_APPROVER},
        {"blu", "ia-blu", SCHED_ROLE_APPROVER},
        {"le-tech", "ia-le", SCHED_ROLE_TECHNICIAN},
        {"le", "ia-le", SCHED_ROLE_OFFICIAL},
    };
    json_auto_t *slot = NULL;
    g_autofree char *body = NULL;

    api_fixture_set_up(&f->api, data);
    for (gsize i = 0; i < G_N_ELEMENTS(people); i++)
        api_fixture_account(&f->api, people[i].login, (gint) people[i].role, people[i].area);
    f->playlist = add_playlist(f, "[{\"kind\":\"pause\",\"duration_us\":2000000},"
                                  "{\"kind\":\"pause\",\"duration_us\":1000000}]");
    body = g_strdup_printf("{\"name\":\"S\",\"home\":\"chu-puh\",\"playlist\":\"%s\","
                           "\"class\":\"thong_thuong\",\"first_date\":\"2026-12-01\","
                           "\"local_min\":330,\"rule\":\"FREQ=DAILY\",\"until\":\"2026-12-31\","
                           "\"targets\":[{\"area\":\"ia-le\"}]}",
                           f->playlist);
    g_assert_cmpuint(call(f, "ed", "POST", "/api/slots", body, &slot), ==, 201);
    f->slot = g_strdup(api_text(slot, "id"));
    g_assert_cmpuint(approve(f, "app", "", api_text(slot, "content")), ==, 200);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_free(f->playlist);
    g_free(f->slot);
    api_fixture_tear_down(&f->api, data);
}

/* ---- places, windows, volumes ---- */

#define STATION(more) "{\"name\":\"Ia Le\",\"area\":\"ia-le\"" more "}"
#define ZONE(village, languages)                                                               \
    "{\"output\":\"main\",\"name\":\"Z\",\"village\":\"" village "\",\"languages\":" languages \
    "}"
#define WINDOW(from, to, limit)                                                                \
    "{\"windows\":[{\"class\":\"thong_thuong\",\"weekdays\":127,\"from_min\":" from            \
    ",\"to_min\":" to "}],\"limit_min\":" limit "}"
#define VOLUME(from, to, gain)                                                                 \
    "{\"volumes\":[{\"from_min\":" from ",\"to_min\":" to ",\"gain_mdb\":" gain "}]}"
#define AREA(parent, name)                                                                     \
    "{\"kind\":\"commune\",\"parent\":\"" parent "\",\"name\":\"" name "\"}"

/* clang-format off */
/* In order: each stands on what the ones before it left. 200: done; 202: it waits. */
static const struct { const char *why, *path, *body; guint status; } changes[] = {
    { "a lower cap", "/api/stations/ia-le", STATION(",\"gain_cap_mdb\":-6000"), 200 },
    { "no word of its cap", "/api/stations/ia-le", STATION(""), 200 },
    { "a higher cap", "/api/stations/ia-le", STATION(",\"gain_cap_mdb\":0"), 202 },
    { "the hours of its windows", "/api/stations/ia-le",
      STATION(",\"gain_cap_mdb\":-6000,\"tzid\":\"Asia/Tokyo\""), 202 },
    { "another commune's windows", "/api/stations/ia-le",
      "{\"name\":\"Ia Le\",\"area\":\"ia-blu\",\"gain_cap_mdb\":-6000}", 202 },
    { "another name", "/api/stations/ia-le",
      "{\"name\":\"Ia Lê\",\"area\":\"ia-le\",\"gain_cap_mdb\":-6000}", 200 },
    { "retired", "/api/stations/ia-le", STATION(",\"gain_cap_mdb\":-6000,\"retired\":true"), 200 },
    { "no word of its retirement", "/api/stations/ia-le", STATION(""), 200 },
    { "back from retirement", "/api/stations/ia-le", STATION(",\"retired\":false"), 202 },
    { "a station that is new", "/api/stations/ia-le-2", STATION(""), 200 },
    { "a cap where no zone is", "/api/stations/ia-le-2", STATION(",\"gain_cap_mdb\":-1"), 200 },
    { "a cap where no zone is, higher", "/api/stations/ia-le-2",
      STATION(",\"gain_cap_mdb\":0"), 200 },
    { "a cap where no slot is for", "/api/stations/ia-blu",
      "{\"name\":\"B\",\"area\":\"ia-blu\",\"gain_cap_mdb\":-1}", 200 },
    { "a cap where no slot is for, higher", "/api/stations/ia-blu",
      "{\"name\":\"B\",\"area\":\"ia-blu\",\"gain_cap_mdb\":0}", 200 },

    { "a language taken away", "/api/stations/ia-le/zones/a", ZONE("ia-le-a", "[\"jra\"]"), 200 },
    { "a language more", "/api/stations/ia-le/zones/a", ZONE("ia-le-a", "[\"jra\",\"bdq\"]"), 202 },
    { "languages in another order", "/api/stations/ia-le/zones/b",
      ZONE("ia-le-b", "[\"vi\",\"bdq\"]"), 202 },
    { "a zone in another village", "/api/stations/ia-le/zones/a",
      ZONE("ia-le-b", "[\"jra\"]"), 202 },
    { "a zone in a village without slots", "/api/stations/ia-le/zones/a",
      ZONE("ia-blu-a", "[\"jra\"]"), 202 },
    { "a zone that is new", "/api/stations/ia-le/zones/c", ZONE("ia-le-a", "[\"jra\"]"), 202 },
    { "a new zone where no slot is for", "/api/stations/ia-blu/zones/c",
      ZONE("ia-blu-a", "[\"jra\"]"), 200 },
    { "a language more where no slot is for", "/api/stations/ia-blu/zones/c",
      ZONE("ia-blu-a", "[\"jra\",\"vi\"]"), 200 },

    { "volumes are lowered from none", "/api/stations/ia-le/zones/a/volumes",
      VOLUME("0", "1440", "-9000"), 200 },
    { "and raised", "/api/stations/ia-le/zones/a/volumes", VOLUME("0", "1440", "-8999"), 202 },
    { "and left out for a minute", "/api/stations/ia-le/zones/a/volumes",
      VOLUME("0", "1439", "-9000"), 202 },
    { "and left out", "/api/stations/ia-le/zones/a/volumes", "{\"volumes\":[]}", 202 },
    { "and lowered further", "/api/stations/ia-le/zones/a/volumes",
      VOLUME("0", "1440", "-12000"), 200 },
    { "raised where no slot is for", "/api/stations/ia-blu/zones/a/volumes",
      "{\"volumes\":[]}", 200 },

    { "narrower windows", "/api/areas/ia-le/windows", WINDOW("330", "400", "60"), 200 },
    { "a minute more", "/api/areas/ia-le/windows", WINDOW("330", "401", "60"), 202 },
    { "a minute earlier", "/api/areas/ia-le/windows", WINDOW("329", "400", "60"), 202 },
    { "a minute more a day", "/api/areas/ia-le/windows", WINDOW("330", "400", "61"), 202 },
    { "as the area above", "/api/areas/ia-le/windows", "{\"windows\":[],\"limit_min\":60}", 202 },
    { "no limit of its own", "/api/areas/ia-le/windows", WINDOW("330", "400", "-1"), 202 },
    { "narrower still", "/api/areas/ia-le/windows", WINDOW("340", "390", "30"), 200 },
    { "wider above it", "/api/areas/gia-lai/windows", WINDOW("240", "1260", "240"), 202 },
    { "wider where no slot is for", "/api/areas/ia-blu/windows", WINDOW("0", "1440", "1440"), 200 },

    { "an area that sounds, elsewhere", "/api/areas/ia-le", AREA("gia-lai", "Ia Le"), 202 },
    { "under an area with slots", "/api/areas/ia-blu", AREA("ia-le", "Ia Blứ"), 202 },
    { "its name", "/api/areas/ia-le", AREA("chu-puh", "Ia Lê"), 200 },
    { "an area without slots, elsewhere", "/api/areas/ia-blu", AREA("gia-lai", "Ia Blứ"), 200 },
};
/* clang-format on */

static void
test_places(Fixture *f, gconstpointer data)
{
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        json_auto_t *answer = NULL;
        guint status = call(f, "admin", "PUT", changes[i].path, changes[i].body, &answer);

        g_test_message("%s", changes[i].why);
        g_assert_cmpuint(status, ==, changes[i].status);
        g_assert_cmpint(api_text(answer, "waits")[0] != '\0', ==, status == 202);
    }
}

/* ---- special days ---- */

#define DAY(area, first, last, more)                                                           \
    "{\"name\":\"Tết\",\"area\":\"" area "\",\"first_date\":\"2100-02-" first                  \
    "\",\"last_date\":\"2100-02-" last "\"," more "}"
#define ACT(act) "\"act\":\"" act "\""
#define REV(n)   ",\"revision\":" n

/* clang-format off */
/* In order: each stands on what the ones before it left. 200: done; 202: it waits. */
static const struct { const char *why, *path, *body; guint status; } days[] = {
    { "silence", "/api/days/tet", DAY("chu-puh", "08", "12", ACT("skip")), 200 },
    { "more of it", "/api/days/tet", DAY("chu-puh", "07", "12", ACT("skip") REV("1")), 200 },
    { "a date less of it", "/api/days/tet", DAY("chu-puh", "07", "11", ACT("skip") REV("2")), 202 },
    { "only in some hours", "/api/days/tet",
      DAY("chu-puh", "07", "12", ACT("skip") ",\"from_min\":600" REV("2")), 202 },
    { "in a part of its area", "/api/days/tet", DAY("ia-le", "07", "12", ACT("skip") REV("2")), 202 },
    { "beyond the own area", "/api/days/tet", DAY("gia-lai", "07", "12", ACT("skip") REV("2")), 403 },
    { "music is left out, no more", "/api/days/tet",
      DAY("chu-puh", "07", "12", ACT("no_music") REV("2")), 202 },
    { "taken back", "/api/days/tet",
      DAY("chu-puh", "07", "12", ACT("skip") ",\"off\":true" REV("2")), 202 },
    { "another name", "/api/days/tet", DAY("chu-puh", "07", "12", ACT("skip") REV("2")), 200 },
    { "what somebody changed since", "/api/days/tet",
      DAY("chu-puh", "07", "12", ACT("skip") REV("2")), 409 },
    { "no music, where no other day is", "/api/days/a",
      DAY("ia-le", "20", "20", ACT("no_music")), 200 },
    { "no music, in the middle of silence from above", "/api/days/b",
      DAY("ia-le", "07", "07", ACT("no_music")), 202 },
    { "silence below silence", "/api/days/c", DAY("ia-le", "07", "07", ACT("skip")), 200 },
    { "another time", "/api/days/d",
      DAY("ia-le", "21", "21", ACT("move_to") ",\"minutes\":420"), 202 },
    { "another time where nothing sounds yet", "/api/days/e",
      DAY("ia-blu", "21", "21", ACT("move_by") ",\"minutes\":-30"), 202 },
    { "music given back where nothing sounds", "/api/days/f",
      DAY("ia-blu", "21", "21", ACT("no_music")), 200 },
    { "taken back where nothing sounds", "/api/days/f",
      DAY("ia-blu", "21", "21", ACT("no_music") ",\"off\":true" REV("1")), 200 },
    { "longer than sixty days", "/api/days/g",
      "{\"name\":\"x\",\"area\":\"ia-le\",\"first_date\":\"2100-01-01\","
      "\"last_date\":\"2100-03-02\"," ACT("skip") "}", 422 },
    { "ends before it begins", "/api/days/g", DAY("ia-le", "08", "07", ACT("skip")), 422 },
    { "no such act", "/api/days/g", DAY("ia-le", "08", "08", ACT("shout")), 400 },
    { "a move by nothing", "/api/days/g", DAY("ia-le", "08", "08", ACT("skip") ",\"minutes\":5"), 422 },
    { "another's place", "/api/days/g", DAY("khong-co", "08", "08", ACT("skip")), 403 },
    { "what is over", "/api/days/g",
      "{\"name\":\"x\",\"area\":\"ia-le\",\"first_date\":\"2020-01-01\","
      "\"last_date\":\"2020-01-02\"," ACT("skip") "}", 422 },
};
/* clang-format on */

static void
test_days(Fixture *f, gconstpointer data)
{
    for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
        json_auto_t *answer = NULL;

        g_test_message("%s", days[i].why);
        g_assert_cmpuint(call(f, "ed", "PUT", days[i].path, days[i].body, &answer), ==,
                         days[i].status);
    }
}

/* A move that begins today would sound twice; one that waits is looked at again when it is
 * approved. */
static void
test_move_today(Fixture *f, gconstpointer data)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(
        content_clock_utc_us(f->api.clock) / G_USEC_PER_SEC + 7 * 3600);
    g_autofree char *today = g_date_time_format(now, "%Y-%m-%d");
    g_autofree char *body =
        g_strdup_printf("{\"name\":\"x\",\"area\":\"ia-le\",\"first_date\":\"%s\","
                        "\"last_date\":\"%s\",\"act\":\"move_by\",\"minutes\":30}",
                        today, today);

    g_assert_cmpuint(call(f, "ed", "PUT", "/api/days/nay", body, NULL), ==, 422);
}

static json_t *
get_day(Fixture *f, const char *id)
{
    json_auto_t *list = NULL;
    json_t *day, *found = NULL;
    gsize at;

    g_assert_cmpuint(call(f, "ed", "GET", "/api/days?area=ia-le-a", NULL, &list), ==, 200);
    json_array_foreach(json_object_get(list, "days"), at, day)
    {
        if (strcmp(api_text(day, "id"), id) == 0)
            found = json_incref(day);
    }
    return found;
}

static gboolean
is_live(Fixture *f, const char *id)
{
    json_auto_t *day = get_day(f, id);

    return day != NULL && strcmp(api_text(day, "approved"), api_text(day, "content")) == 0;
}

static char *
propose_day(Fixture *f, const char *login, const char *id, const char *playlist,
            const char *revision)
{
    g_autofree char *path = g_strdup_printf("/api/days/%s", id);
    g_autofree char *body =
        g_strdup_printf(DAY("chu-puh", "08", "09", ACT("replace") ",\"playlist\":\"%s\"%s"),
                        playlist, revision);
    json_auto_t *answer = NULL;

    g_assert_cmpuint(call(f, login, "PUT", path, body, &answer), ==, 202);
    return g_strdup(api_text(answer, "waits"));
}

static guint
judge_day(Fixture *f, const char *login, const char *proposal)
{
    g_autofree char *path = g_strdup_printf("/api/proposals/%s/approve", proposal);

    return call(f, login, "POST", path, NULL, NULL);
}

static void
change_items(Fixture *f, const char *playlist, const char *items, int revision)
{
    g_autofree char *path = g_strdup_printf("/api/playlists/%s", playlist);
    g_autofree char *body =
        g_strdup_printf("{\"name\":\"P\",\"home\":\"chu-puh\",\"revision\":%d,\"items\":%s}",
                        revision, items);

    g_assert_cmpuint(call(f, "ed", "PUT", path, body, NULL), ==, 200);
}

/* Another playlist: by a second person, who did not write it; void when it gets longer. */
static void
test_replace(Fixture *f, gconstpointer data)
{
    static const char two[] = "[{\"id\":\"x\",\"kind\":\"pause\",\"duration_us\":1000},"
                              "{\"id\":\"y\",\"kind\":\"pause\",\"duration_us\":1000}]";
    g_autofree char *playlist = add_playlist(f, two);
    g_autofree char *id = propose_day(f, "ed", "tet", playlist, "");
    g_autofree char *again = NULL, *second = NULL;

    g_assert_null(get_day(f, "tet"));
    g_assert_cmpuint(judge_day(f, "ed", id), ==, 403);
    g_assert_cmpuint(judge_day(f, "blu", id), ==, 403);
    g_assert_cmpuint(judge_day(f, "app", id), ==, 200);
    g_assert_true(is_live(f, "tet"));
    /* Less of it stays approved, more of it is silence until somebody approves it again. */
    change_items(f, playlist, "[{\"id\":\"x\",\"kind\":\"pause\",\"duration_us\":1000}]", 1);
    g_assert_true(is_live(f, "tet"));
    change_items(f, playlist, two, 2);
    g_assert_false(is_live(f, "tet"));
    again = propose_day(f, "ed", "tet", playlist, REV("1"));
    g_assert_cmpuint(judge_day(f, "app", again), ==, 200);
    g_assert_true(is_live(f, "tet"));
    /* Two that move or replace cannot hold at once. */
    second = propose_day(f, "ed", "tet-2", playlist, "");
    g_assert_cmpuint(judge_day(f, "app", second), ==, 409);
}

/* Who wrote the playlist is no second person, whoever asked for the day. */
static void
test_playlist_author(Fixture *f, gconstpointer data)
{
    g_autofree char *playlist = add_playlist(f, "[]");
    g_autofree char *id = NULL;

    api_fixture_account(&f->api, "ed", SCHED_ROLE_APPROVER, "chu-puh");
    api_fixture_account(&f->api, "ed-2", SCHED_ROLE_EDITOR, "chu-puh");
    id = propose_day(f, "ed-2", "tet", playlist, "");
    g_assert_cmpuint(judge_day(f, "ed", id), ==, 403);
    g_assert_cmpuint(judge_day(f, "app", id), ==, 200);
}

/* A table of areas moves nothing that sounds; that is a change of its own. */
static void
test_import(Fixture *f, gconstpointer data)
{
    static const char csv[] = "id,parent,kind,name\nia-le,gia-lai,commune,Ia Le\n";
    g_autofree char *token = api_fixture_token("admin");
    const char *const headers[] = {token, "Content-Type: text/csv", NULL};
    g_autoptr(TestAnswer) answer =
        test_https(&f->api.people, "POST", "/api/areas/import", headers, csv, strlen(csv));

    g_assert_cmpuint(answer->status, ==, 422);
    g_assert_nonnull(strstr(answer->body->str, "line 2, column parent"));
}

/* ---- the second person ---- */

static char *
propose(Fixture *f, const char *login, const char *path, const char *body)
{
    json_auto_t *answer = NULL;

    g_assert_cmpuint(call(f, login, "PUT", path, body, &answer), ==, 202);
    return g_strdup(api_text(answer, "waits"));
}

static guint
judge(Fixture *f, const char *login, const char *proposal, const char *verb)
{
    g_autofree char *path = g_strdup_printf("/api/proposals/%s/%s", proposal, verb);

    return call(f, login, "POST", path, NULL, NULL);
}

static gint64
cap_of(Fixture *f)
{
    json_auto_t *station = NULL;

    g_assert_cmpuint(call(f, "admin", "GET", "/api/stations/ia-le", NULL, &station), ==, 200);
    return json_integer_value(json_object_get(station, "gain_cap_mdb"));
}

static gsize
count_open(Fixture *f, const char *login)
{
    json_auto_t *answer = NULL;

    g_assert_cmpuint(call(f, login, "GET", "/api/proposals", NULL, &answer), ==, 200);
    return json_array_size(json_object_get(answer, "proposals"));
}

static void
test_second_person(Fixture *f, gconstpointer data)
{
    static const char path[] = "/api/stations/ia-le";
    g_autofree char *first = NULL, *again = NULL, *refused = NULL;
    json_auto_t *shown = NULL;
    json_t *one;

    g_assert_cmpuint(call(f, "admin", "PUT", path, STATION(",\"gain_cap_mdb\":-6000"), NULL),
                     ==, 200);
    first = propose(f, "admin", path, STATION(",\"gain_cap_mdb\":-3000"));
    again = propose(f, "admin", path, STATION(",\"gain_cap_mdb\":-2000"));
    g_assert_cmpint(cap_of(f), ==, -6000);
    /* What was asked for anew is judged as it was asked for last. */
    g_assert_cmpuint(judge(f, "app", first, "approve"), ==, 409);
    g_assert_cmpuint(call(f, "app", "GET", "/api/proposals", NULL, &shown), ==, 200);
    one = json_array_get(json_object_get(shown, "proposals"), 0);
    g_assert_cmpstr(api_text(one, "path"), ==, path);
    g_assert_cmpstr(api_text(one, "author"), ==, "admin");
    g_assert_cmpstr(api_text(one, "body"), ==,
                    "{\"area\":\"ia-le\",\"gain_cap_mdb\":-2000,\"name\":\"Ia Le\"}");
    g_assert_cmpuint(count_open(f, "le"), ==, 1);
    g_assert_cmpuint(count_open(f, "blu"), ==, 0);

    g_assert_cmpuint(judge(f, "admin", again, "approve"), ==, 403); /* their own */
    g_assert_cmpuint(judge(f, "blu", again, "approve"), ==, 403);   /* another place */
    g_assert_cmpuint(judge(f, "le", again, "approve"), ==, 403);    /* no approver */
    g_assert_cmpuint(judge(f, "app", "no-such-one", "approve"), ==, 404);
    g_assert_cmpuint(judge(f, "app", again, "approve"), ==, 200);
    g_assert_cmpint(cap_of(f), ==, -2000);
    g_assert_cmpuint(judge(f, "app", again, "approve"), ==, 409);
    g_assert_cmpuint(count_open(f, "app"), ==, 0);

    refused = propose(f, "admin", path, STATION(",\"gain_cap_mdb\":0"));
    g_assert_cmpuint(judge(f, "admin", refused, "refuse"), ==, 200); /* silence needs nobody */
    g_assert_cmpuint(judge(f, "app", refused, "approve"), ==, 409);
    g_assert_cmpint(cap_of(f), ==, -2000);
}

/* Each thing that can be proposed, changed by whoever it was before somebody approved. */
static void
test_stale(Fixture *f, gconstpointer data)
{
    /* clang-format off */
    static const struct { const char *path, *proposed, *done; } cases[] = {
        { "/api/stations/ia-le", STATION(",\"gain_cap_mdb\":-1000"), STATION(",\"gain_cap_mdb\":-9000") },
        { "/api/stations/ia-le/zones/a", ZONE("ia-le-a", "[\"jra\",\"vi\",\"bdq\"]"), ZONE("ia-le-a", "[\"jra\"]") },
        { "/api/stations/ia-le/zones/a/volumes", VOLUME("0", "1440", "-1000"), VOLUME("0", "1440", "-9000") },
        { "/api/areas/ia-le/windows", WINDOW("300", "500", "90"), WINDOW("330", "400", "30") },
        { "/api/areas/ia-le", AREA("gia-lai", "Ia Le"), AREA("chu-puh", "Ia Lê") },
    };
    /* clang-format on */

    g_assert_cmpuint(call(f, "admin", "PUT", cases[0].path, STATION(",\"gain_cap_mdb\":-6000"),
                          NULL),
                     ==, 200);
    g_assert_cmpuint(call(f, "admin", "PUT", cases[2].path, VOLUME("0", "1440", "-3000"), NULL),
                     ==, 200);
    g_assert_cmpuint(call(f, "admin", "PUT", cases[3].path, WINDOW("330", "400", "60"), NULL),
                     ==, 200);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *stale = propose(f, "admin", cases[i].path, cases[i].proposed);
        g_autofree char *fresh = NULL;

        g_test_message("%s", cases[i].path);
        g_assert_cmpuint(call(f, "admin", "PUT", cases[i].path, cases[i].done, NULL), ==, 200);
        g_assert_cmpuint(judge(f, "app", stale, "approve"), ==, 409);
        fresh = propose(f, "admin", cases[i].path, cases[i].proposed);
        g_assert_cmpuint(judge(f, "app", stale, "refuse"), ==, 409); /* replaced */
        g_assert_cmpuint(judge(f, "app", fresh, "approve"), ==, 200);
    }
}

/* Who asked has lost the right meanwhile. */
static void
test_author_gone(Fixture *f, gconstpointer data)
{
    static const char zone[] = "/api/stations/ia-le/zones/a";
    static const char windows[] = "/api/areas/ia-le/windows";
    g_autofree char *waits = NULL, *other = NULL;

    g_assert_cmpuint(call(f, "le", "PUT", windows, WINDOW("330", "400", "60"), NULL), ==, 200);
    waits = propose(f, "le-tech", zone, ZONE("ia-le-b", "[\"jra\"]"));
    other = propose(f, "le", windows, WINDOW("330", "401", "60"));
    g_assert_cmpuint(call(f, "admin", "PUT", "/api/accounts/le-tech/state",
                          "{\"state\":\"locked\"}", NULL),
                     ==, 200);
    g_assert_cmpuint(judge(f, "app", waits, "approve"), ==, 409);
    g_assert_cmpuint(judge(f, "app", waits, "refuse"), ==, 200);
    g_assert_cmpuint(judge(f, "app", other, "approve"), ==, 200);
}

/* One person's do not keep everybody else's out. */
static void
test_many_proposals(Fixture *f, gconstpointer data)
{
    for (guint i = 0; i <= SCHED_PROPOSAL_MAX_OPEN_AUTHOR; i++) {
        g_autofree char *path = g_strdup_printf("/api/stations/ia-le/zones/z%u", i);
        guint status = call(f, "le-tech", "PUT", path, ZONE("ia-le-a", "[\"jra\"]"), NULL);

        g_assert_cmpuint(status, ==, i < SCHED_PROPOSAL_MAX_OPEN_AUTHOR ? 202 : 422);
    }
    g_free(propose(f, "admin", "/api/stations/ia-le/zones/x", ZONE("ia-le-a", "[\"jra\"]")));
    g_free(propose(f, "le-tech", "/api/stations/ia-le/zones/z0", ZONE("ia-le-a", "[\"bdq\"]")));
}

/* The longest that a table of windows can be fits, and no more than a page needs is kept. */
static void
test_long_proposal(Fixture *f, gconstpointer data)
{
    g_autoptr(GString) body = g_string_new("{\"limit_min\":1440,\"windows\":[");

    g_assert_cmpuint(call(f, "le", "PUT", "/api/areas/ia-le/windows",
                          WINDOW("330", "400", "60"), NULL),
                     ==, 200);
    for (guint i = 0; i < SCHED_AREA_MAX_WINDOWS; i++)
        g_string_append_printf(body,
                               "%s{\"class\":\"thong_thuong\",\"weekdays\":%u,"
                               "\"from_min\":%u,\"to_min\":%u}",
                               i == 0 ? "" : ",", 127, 1000 + i, 1001 + i);
    g_string_append(body, "]}");
    g_assert_cmpuint(body->len, <, SCHED_PROPOSAL_MAX_BODY_BYTES);
    g_free(propose(f, "le", "/api/areas/ia-le/windows", body->str));
}

/* The database itself holds it, whoever writes to it. */
static gboolean
approve_by_hand(SchedTxn *txn, gpointer data, GError **error)
{
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_sql_run(txn, "UPDATE proposals SET state = 'approved', judge = author",
                                 &problem, ""));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "UPDATE proposals SET body = '{}'", &problem, ""));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "DELETE FROM proposals", &problem, ""));
    return TRUE;
}

static void
test_by_hand(Fixture *f, gconstpointer data)
{
    g_free(propose(f, "admin", "/api/areas/gia-lai/windows", WINDOW("0", "1440", "1440")));
    temp_store_run(f->api.store, approve_by_hand, NULL);
}

/* ---- one date ---- */

static json_t *
date_of(json_t *slot)
{
    return json_array_get(json_object_get(slot, "dates"), 0);
}

static void
set_date(Fixture *f, const char *path, const char *playlist)
{
    g_autofree char *body =
        playlist == NULL ? g_strdup("{}") : g_strdup_printf("{\"playlist\":\"%s\"}", playlist);

    g_assert_cmpuint(call(f, "ed", "PUT", path, body, NULL), ==, 200);
}

/* Nothing sounds on the date, whatever stood there before. */
static void
expect_silence(Fixture *f, const char *path, const char *why)
{
    json_auto_t *slot = get_slot(f);

    g_test_message("%s", why);
    g_assert_null(json_object_get(date_of(slot), "playlist"));
    g_assert_cmpuint(call(f, "ed", "DELETE", path, NULL, NULL), ==, 403);
}

static void
approve_date(Fixture *f)
{
    json_auto_t *slot = get_slot(f), *after = NULL;

    g_assert_cmpuint(approve(f, "ed", "/dates/2026-12-03", api_text(date_of(slot), "content")),
                     ==, 403);
    g_assert_cmpuint(approve(f, "app", "/dates/2026-12-03", api_text(date_of(slot), "content")),
                     ==, 200);
    after = get_slot(f);
    g_assert_nonnull(json_object_get(date_of(after), "playlist"));
}

static void
test_date(Fixture *f, gconstpointer data)
{
    g_autofree char *path = g_strdup_printf("/api/slots/%s/dates/2026-12-03", f->slot);
    g_autofree char *other = add_playlist(f, "[{\"kind\":\"pause\",\"duration_us\":1000}]");
    g_autofree char *other_path = g_strdup_printf("/api/playlists/%s", other);

    /* Proposed where nothing was cancelled, it may be taken back: nothing changed. */
    set_date(f, path, other);
    g_assert_cmpuint(call(f, "ed", "DELETE", path, NULL, NULL), ==, 200);
    set_date(f, path, NULL);
    expect_silence(f, path, "cancelled");
    set_date(f, path, f->playlist);
    expect_silence(f, path, "the slot's own playlist, proposed");
    approve_date(f);
    g_assert_cmpuint(call(f, "ed", "DELETE", path, NULL, NULL), ==, 403);
    set_date(f, path, other);
    expect_silence(f, path, "another playlist in place of one that was approved");
    approve_date(f);
    g_assert_cmpuint(call(f, "ed", "PUT", other_path,
                          "{\"name\":\"P\",\"home\":\"chu-puh\",\"revision\":1,\"items\":"
                          "[{\"kind\":\"pause\",\"duration_us\":600000000}]}",
                          NULL),
                     ==, 200);
    expect_silence(f, path, "the approved playlist got longer");
}

/* ---- the slot itself ---- */

static void
change_slot(Fixture *f, const char *member, json_t *value, gboolean stays_live)
{
    static const char *const own[] = {"id",       "stopped",  "author",       "content",
                                      "approved", "approver", "approved_us",  "changed_us",
                                      "dates",    "text",     "approved_text"};
    g_autofree char *path = g_strdup_printf("/api/slots/%s", f->slot);
    json_t *slot = get_slot(f);
    json_auto_t *after = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(own); i++)
        json_object_del(slot, own[i]);
    json_object_set_new(slot, member, value);
    g_test_message("%s", member);
    g_assert_cmpuint(api_fixture_call(&f->api, "ed", "PUT", path, slot, &after), ==, 200);
    g_assert_cmpint(json_object_get(after, "approved") != NULL, ==, stays_live);
    if (!stays_live)
        g_assert_cmpuint(approve(f, "app", "", api_text(after, "content")), ==, 200);
}

static void
test_slot(Fixture *f, gconstpointer data)
{
    change_slot(f, "name", json_string("T"), TRUE);
    change_slot(f, "until", json_string("2026-12-30"), TRUE);
    change_slot(f, "until", json_string("2026-12-31"), FALSE);
    change_slot(f, "dates_out", json_pack("[s]", "2026-12-04"), TRUE);
    change_slot(f, "dates_out", json_array(), FALSE);
    change_slot(f, "dates_in", json_pack("[s]", "2027-01-04"), FALSE);
    change_slot(f, "dates_in", json_array(), TRUE);
    change_slot(f, "class", json_string("uu_tien"), FALSE);
    change_slot(f, "rule", json_string("FREQ=DAILY;INTERVAL=2"), FALSE);
    change_slot(f, "gain_mdb", json_integer(-6000), FALSE);
    change_slot(f, "gain_mdb", json_integer(0), FALSE);
    change_slot(f, "policy", json_string("first"), FALSE);
    change_slot(f, "make_up_min", json_integer(1260), FALSE);
    change_slot(f, "make_up_min", json_integer(1200), TRUE);
    change_slot(f, "make_up_min", json_integer(1201), FALSE);
    change_slot(f, "make_up_min", json_integer(0), TRUE);
    change_slot(f, "targets", json_pack("[{s:s},{s:s}]", "area", "ia-le", "area", "ia-blu"),
                FALSE);
    change_slot(f, "targets", json_pack("[{s:s}]", "area", "ia-le"), TRUE);
}

/* More in the playlist of an approved slot, and less. */
static void
test_playlist(Fixture *f, gconstpointer data)
{
    static const struct {
        const char *why, *keep;
        gboolean stays_live;
    } cases[] = {
        {"an item taken away", "", TRUE},
        {"an item more", ",{\"kind\":\"pause\",\"duration_us\":1000}", FALSE},
    };
    g_autofree char *path = g_strdup_printf("/api/playlists/%s", f->playlist);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        json_auto_t *playlist = NULL, *slot = NULL;
        g_autofree char *body = NULL;

        g_assert_cmpuint(call(f, "ed", "GET", path, NULL, &playlist), ==, 200);
        body = g_strdup_printf(
            "{\"name\":\"P\",\"home\":\"chu-puh\",\"revision\":%d,\"items\":[{\"id\":\"%s\","
            "\"kind\":\"pause\",\"duration_us\":2000000}%s]}",
            (int) json_integer_value(json_object_get(playlist, "revision")),
            api_text(json_array_get(json_object_get(playlist, "items"), 0), "id"),
            cases[i].keep);
        g_test_message("%s", cases[i].why);
        g_assert_cmpuint(call(f, "ed", "PUT", path, body, NULL), ==, 200);
        slot = get_slot(f);
        g_assert_cmpint(json_object_get(slot, "approved") != NULL, ==, cases[i].stays_live);
    }
}

/* ---- rights at both ends ---- */

static void
test_both_ends(Fixture *f, gconstpointer data)
{
    static const struct {
        const char *why, *login, *path, *body;
    } moves[] = {
        {"a zone out of somebody's village", "le-tech", "/api/stations/ia-le/zones/x",
         ZONE("ia-le-a", "[\"jra\"]")},
        {"a zone into somebody's village", "le-tech", "/api/stations/ia-le/zones/a",
         ZONE("ia-blu-a", "[\"jra\"]")},
        {"a station elsewhere", "le-tech", "/api/stations/ia-le",
         "{\"name\":\"L\",\"area\":\"ia-blu\"}"},
        {"somebody's station here", "le-tech", "/api/stations/ia-blu",
         "{\"name\":\"B\",\"area\":\"ia-le\"}"},
        {"an area from under a parent of somebody's", "a-admin", "/api/areas/ia-le-a",
         "{\"kind\":\"village\",\"parent\":\"ia-blu\",\"name\":\"A\"}"},
        {"an area under a parent of somebody's", "le-admin", "/api/areas/ia-le-a",
         "{\"kind\":\"village\",\"parent\":\"ia-blu\",\"name\":\"A\"}"},
        {"an area to the top", "le-admin", "/api/areas/ia-le-a",
         "{\"kind\":\"village\",\"name\":\"A\"}"},
    };

    /* A zone of ours that stands in a neighbour's village: the district put it there. */
    g_assert_cmpuint(call(f, "admin", "PUT", "/api/stations/ia-le/zones/x",
                          ZONE("ia-blu-a", "[\"jra\"]"), NULL),
                     ==, 200);
    api_fixture_account(&f->api, "le-admin", SCHED_ROLE_ADMINISTRATOR, "ia-le");
    api_fixture_account(&f->api, "a-admin", SCHED_ROLE_ADMINISTRATOR, "ia-le-a");
    api_fixture_account(&f->api, "a-admin", SCHED_ROLE_ADMINISTRATOR, "ia-blu");
    for (gsize i = 0; i < G_N_ELEMENTS(moves); i++) {
        g_test_message("%s", moves[i].why);
        g_assert_cmpuint(call(f, moves[i].login, "PUT", moves[i].path, moves[i].body, NULL), ==,
                         403);
    }
}

/* A target that names its area with nothing is a zone, and asks for the right there. */
static void
test_empty_area(Fixture *f, gconstpointer data)
{
    g_autofree char *body = NULL;

    api_fixture_account(&f->api, "blu-ed", SCHED_ROLE_EDITOR, "ia-blu");
    body = g_strdup_printf("{\"name\":\"S\",\"home\":\"ia-blu\",\"playlist\":\"%s\","
                           "\"class\":\"thong_thuong\",\"first_date\":\"2026-12-01\","
                           "\"local_min\":330,\"targets\":[{\"area\":\"\","
                           "\"station\":\"ia-le\",\"zone\":\"a\"}]}",
                           f->playlist);
    g_assert_cmpuint(call(f, "blu-ed", "POST", "/api/slots", body, NULL), ==, 403);
    g_assert_cmpuint(call(f, "ed", "POST", "/api/slots", body, NULL), ==, 201);
}

static void
add(const char *path, void (*test)(Fixture *, gconstpointer))
{
    g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    g_test_add_func("/scheduler/web/louder/every-route", test_every_route);
    add("/scheduler/web/louder/places", test_places);
    add("/scheduler/web/louder/import", test_import);
    add("/scheduler/web/louder/days", test_days);
    add("/scheduler/web/louder/move-today", test_move_today);
    add("/scheduler/web/louder/replace", test_replace);
    add("/scheduler/web/louder/playlist-author", test_playlist_author);
    add("/scheduler/web/louder/second-person", test_second_person);
    add("/scheduler/web/louder/stale", test_stale);
    add("/scheduler/web/louder/author-gone", test_author_gone);
    add("/scheduler/web/louder/many-proposals", test_many_proposals);
    add("/scheduler/web/louder/long-proposal", test_long_proposal);
    add("/scheduler/web/louder/by-hand", test_by_hand);
    add("/scheduler/web/louder/date", test_date);
    add("/scheduler/web/louder/slot", test_slot);
    add("/scheduler/web/louder/playlist", test_playlist);
    add("/scheduler/web/louder/both-ends", test_both_ends);
    add("/scheduler/web/louder/empty-area", test_empty_area);
    return g_test_run();
}
