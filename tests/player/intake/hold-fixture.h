/*
 * hold-fixture.h - a hold with a district of its own: real signatures, real SQLite, no network.
 *
 * What the hold tells is on a tape; what it asks for is answered from a shelf.
 */
#pragma once

#include "player/intake/hold.h"

#include "tests/support/district.h"
#include "tests/support/event-tape.h"

#define STATION "ia-pa-02"
#define DAY_US  (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)
/* 2026-03-02T00:00:00Z */
#define NOW G_GINT64_CONSTANT(1772409600000000)

typedef struct {
    char *folder;
    TestDistrict *district;
    TestShelf *shelf;
    EventTape *tape;
    PlayKeep *keep;
    PlayHold *hold;
    PlayVerifyTime time;
    char *settings;  /* hash */
    char *keys;      /* hash */
    char *keys_text; /* envelope of the enrolment */
    char *object;    /* a hash */
    char *approval;  /* hash of its approval */
} Fixture;

#define HOLD_ADD(name, func)                                                                   \
    g_test_add("/player/intake/hold/" name, Fixture, NULL, set_up, func, tear_down)

void set_up(Fixture *fixture, gconstpointer data);
void tear_down(Fixture *fixture, gconstpointer data);
void open_hold(Fixture *fixture);
void close_hold(Fixture *fixture);

/** restart: what was told before comes from the disk now */
void restart(Fixture *fixture);

/** shelve_day: a day with n segments, on the shelf. Returns: (transfer none): its hash */
const char *shelve_day(Fixture *fixture, const char *date, guint n_segments,
                       const char *approval);

/** manifest_of: @days: date and hash in turn, %NULL at the end */
GBytes *manifest_of(Fixture *fixture, ContentSealKey *key, gint64 version,
                    const char *const *days);

/** push: Returns: whether the manifest of these days was taken */
gboolean push(Fixture *fixture, gint64 version, const char *const *days);

/** fetch_all: asks and is answered until nothing is wanted any more. Returns: how often */
guint fetch_all(Fixture *fixture);

/** push_approver: pushes a keys document in which @approver approves instead of the one
 * before */
void push_approver(Fixture *fixture, ContentSealKey *approver);

/** expect: the tape says this and nothing else; EXPECT() lists it */
void expect(Fixture *fixture, const char *const *expected);
#define EXPECT(...) expect(fixture, (const char *const[]){__VA_ARGS__, NULL})
#define DAYS(...)   ((const char *const[]){__VA_ARGS__, NULL})
