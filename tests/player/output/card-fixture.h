/*
 * card-fixture.h - an output on a test card, what it told, and what was heard.
 *
 * Thread: the test's. Events come through the default main context while a wait_… runs it.
 */
#pragma once

#include "player/output/output.h"
#include "tests/support/testcard.h"

#define MS(n)     ((gint64) (n) *1000)
#define FRAMES(n) ((gint64) (n) *PLAY_RATE / 1000)

/* One event, kept. */
typedef struct {
    PlayEventKind kind;
    char *id, *detail;
    PlayEvent event; /* its strings are gone: use those above */
} Told;

typedef struct {
    TestCards *cards; /* (not owned) */
    ContentClock *clock;
    PlayOutput *output;
    GPtrArray *told; /* (element-type Told), in the order in which it was told */
    gint64 from_us;  /* 0.4 s after the card began to take sound */
} Fixture;

/**
 * card_fixture_cards:
 *
 * "mono", "left", "right": 48 kHz mono; "stereo": two channels; "other": 44.1 kHz stereo;
 * "fast", "slow": 300 ppm off. Made once a program, before any thread is.
 */
TestCards *card_fixture_cards(void);

/** set_up: a fresh timeline of the card, and an output that plays to it already */
void set_up(Fixture *fixture, gconstpointer cards, const char *card, guint buffer_ms);

/** begin_output: as set_up(), but the card may be in use, and is not waited for */
void begin_output(Fixture *fixture, gconstpointer cards, const char *card, guint buffer_ms);

/** tear_down: stops the output, if stop_and_listen() has not */
void tear_down(Fixture *fixture);

/** stop_and_listen: Returns: (transfer full): what was heard */
TestTimeline *stop_and_listen(Fixture *fixture, const char *card);

/** find_told: Returns: (transfer none) (nullable): @id NULL: of the card itself */
const Told *find_told(Fixture *fixture, PlayEventKind kind, const char *id);

/** wait_told: the same, waited for; the test fails after 10 s */
const PlayEvent *wait_told(Fixture *fixture, PlayEventKind kind, const char *id);

/** wait_until: lets sound go on until a monotonic instant */
void wait_until(Fixture *fixture, gint64 until_us);

/** wait_progress: until more than @beyond frames were heard */
void wait_progress(Fixture *fixture, gint64 beyond);

/** place_tone: a sine that peaks at -6 dBFS */
void place_tone(Fixture *fixture, const char *id, guint hz, gint64 start_us,
                gint64 duration_us);

/** expect_tone: Returns: (transfer full): the frames place_tone() should give */
gint16 *expect_tone(guint hz, gint64 n_frames);

/** assert_heard: exactly these frames sounded, from within ±1 ms of @at_us on */
void assert_heard(const TestTimeline *timeline, gint64 at_us, const gint16 *expected,
                  gint64 n_frames);
