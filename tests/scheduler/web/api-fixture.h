/*
 * api-fixture.h - a whole district behind real HTTPS: store, keys, both servers, signed-in
 * people.
 *
 * The places are those of temp_store_fill(). Everybody's password is API_PASSWORD, hashed at
 * the least cost. Recordings are "read" by a stand-in for the ingest process that takes a file
 * that begins with "sound" and refuses any other.
 */
#pragma once

#include "scheduler/store/accounts.h"
#include "scheduler/web/api.h"
#include "tests/support/fake-clock.h"
#include "tests/support/https.h"
#include "tests/support/temp-store.h"

#include <jansson.h>

#define API_PASSWORD "một con trâu trắng đứng gác"

typedef struct {
    char *folder;
    TempStore *store;
    ContentClock *clock; /* fake, at the present */
    SchedAuthority *authority;
    SchedKeys *keys;
    SchedPasswords *passwords;
    SchedFactors *factors;
    ContentObjectStore *objects;
    SchedApi *api;
    ContentServer *people_server, *station_server;
    char *chain, *key;
    TestHttps people, stations;
    guint n_devices_changed, n_tests_ordered, n_messages_added, n_orders_given;
    char *device_news;       /* (owned): the last */
    gboolean is_broker_away; /* no frame of live speech goes out */
    GPtrArray *frames_to;    /* (element-type utf8): stations that each frame went to … */
    GPtrArray *frames;       /* (element-type GBytes): … and the frame */
    GPtrArray *said;         /* words about inner faults; must be empty at the end */
} ApiFixture;

void api_fixture_set_up(ApiFixture *f, gconstpointer data);

/** api_fixture_add: a test case at @path that gets a district of its own */
void api_fixture_add(const char *path, void (*test)(ApiFixture *f, gconstpointer data));

/** api_fixture_tear_down: asserts that nothing went wrong inside */
void api_fixture_tear_down(ApiFixture *f, gconstpointer data);

/**
 * api_fixture_account:
 * @role: -1: none
 * @area: (nullable)
 *
 * An account with this login, made if need be, with the right and an open session.
 */
void api_fixture_account(ApiFixture *f, const char *login, gint role, const char *area);

/**
 * api_fixture_people:
 *
 * Those of most stories: "admin" of the province; in the district "ed", who may do everything
 * with an announcement but judge his own, "rev" and "app"; "tech" of the commune ia-le.
 */
void api_fixture_people(ApiFixture *f);

/**
 * api_fixture_call:
 * @login: (nullable): whose session; NULL: nobody's
 * @body: (nullable) (transfer full)
 * @out_json: (out) (optional) (transfer full): the answer
 *
 * Returns: the status
 */
guint api_fixture_call(ApiFixture *f, const char *login, const char *method, const char *path,
                       json_t *body, json_t **out_json);

/**
 * api_fixture_hear:
 *
 * @login hears the audio of the version to its end, in no time: the clock is put forward by as
 * much, and back. Does nothing for who may not.
 */
void api_fixture_hear(ApiFixture *f, const char *login, const char *version,
                      const char *object);

/** api_fixture_token: Returns: (transfer full): "Authorization: Bearer …" of @login */
char *api_fixture_token(const char *login);

/** api_text: Returns: (transfer none): member of an answer; "" if there is none */
const char *api_text(json_t *json, const char *name);
