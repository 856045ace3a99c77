/*
 * louder-fixture.h - a district with a slot in the air, for the tests of what makes more sound.
 *
 * Flow: an approved daily slot of Ia Le from December 2026 on, made through the API by those
 * who may; the tests then change what stands around it.
 */
#pragma once

#include "tests/scheduler/web/api-fixture.h"

typedef struct {
    ApiFixture api;
    char *playlist, *slot; /* ids of what is in the air */
} LouderFixture;

/* Bodies: strings all, put together by the compiler. */
#define LOUDER_STATION(more) "{\"name\":\"Ia Le\",\"area\":\"ia-le\"" more "}"
#define LOUDER_ZONE(village, languages)                                                        \
    "{\"output\":\"main\",\"name\":\"Z\",\"village\":\"" village "\",\"languages\":" languages \
    "}"
#define LOUDER_VOLUME(from, to, gain)                                                          \
    "{\"volumes\":[{\"from_min\":" from ",\"to_min\":" to ",\"gain_mdb\":" gain "}]}"
#define LOUDER_AREA(parent, name)                                                              \
    "{\"kind\":\"commune\",\"parent\":\"" parent "\",\"name\":\"" name "\"}"
#define LOUDER_WINDOW(from, to, limit)                                                         \
    "{\"windows\":[{\"class\":\"thong_thuong\",\"weekdays\":127,\"from_min\":" from            \
    ",\"to_min\":" to "}],\"limit_min\":" limit "}"

void louder_set_up(LouderFixture *f, gconstpointer data);
void louder_tear_down(LouderFixture *f, gconstpointer data);

/** louder_call: @body: (nullable): JSON; Returns: the status of the answer */
guint louder_call(LouderFixture *f, const char *login, const char *method, const char *path,
                  const char *body, json_t **out);

/** louder_add_playlist: @items: JSON; Returns: (transfer full): its id */
char *louder_add_playlist(LouderFixture *f, const char *items);

/** louder_get_slot: Returns: (transfer full): the slot in the air */
json_t *louder_get_slot(LouderFixture *f);

/** louder_approve: @what: "" for the slot, or "/dates/DATE"; Returns: the status */
guint louder_approve(LouderFixture *f, const char *login, const char *what,
                     const char *content);

/** louder_propose: puts @body to @path, which has to wait; Returns: (transfer full): its id */
char *louder_propose(LouderFixture *f, const char *login, const char *path, const char *body);

/** louder_judge: @verb: approve or refuse; Returns: the status */
guint louder_judge(LouderFixture *f, const char *login, const char *proposal, const char *verb);
