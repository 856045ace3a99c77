/*
 * testcard.h - sound cards for tests, and what was heard from them.
 *
 * Flow: a test makes cards in a private folder -> the program under test plays to them by name
 * -> the test reads back the timeline and asserts what was heard when.
 * Thread: any one thread; a timeline is a copy and does not change.
 */
#pragma once

#include <glib.h>

#define TEST_CARD_RATE 48000

typedef struct {
    const char *name; /* of the PCM: letters and digits */
    guint channels;   /* 1 … 8; 0: 1 or 2, as the program likes */
    gint ppm;         /* how much faster than real time the card runs */
    guint rate;       /* Hz; 0: 48000 */
    guint keep_s;     /* older sound is forgotten; 0: nothing is */
} TestCardSpec;

typedef struct TestCards TestCards;

/**
 * test_cards_new:
 * @folder: (nullable): where asound.conf and the timelines lie; NULL: a temporary folder that
 *   test_cards_free() removes
 * @specs: (array length=n_specs)
 *
 * Writes FOLDER/asound.conf and points ALSA_CONFIG_PATH of this process at it.
 *
 * Returns: (transfer full): aborts the test when the folder cannot be written
 */
TestCards *test_cards_new(const char *folder, const TestCardSpec *specs, gsize n_specs);

/** test_cards_free: @self: (nullable) (transfer full) */
void test_cards_free(TestCards *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestCards, test_cards_free)

/** test_cards_folder: Returns: (transfer none): the folder with asound.conf */
const char *test_cards_folder(TestCards *self);

/** test_cards_forget: the next open of the card begins a new timeline; faults are gone */
void test_cards_forget(TestCards *self, const char *name);

/**
 * test_cards_set_fault:
 * @name: of the card
 * @fault: (nullable): "xrun" (once), "stall" or "unplugged" (until changed); NULL: none
 */
void test_cards_set_fault(TestCards *self, const char *name, const char *fault);

/** test_cards_has_fault: Returns: whether a fault is still set; an xrun removes itself */
gboolean test_cards_has_fault(TestCards *self, const char *name);

/* What was heard from one card, its first channel. */
typedef struct {
    gint16 *frames; /* (owned) (array length=n_frames) */
    gint64 n_frames;
    guint channels;
    gboolean channels_differ; /* some frame had other samples on another channel */
    gint64 zero_us;           /* monotonic instant of frame 0 */
    gint64 zero_utc_us;       /* the same by the wall clock of then */
    gint ppm;
    GArray *runs; /* (owned): of the card's starts, for the arithmetic of ppm */
    char *log;    /* (owned): the card's events, a line each: EVENT MONOTONIC_NS FRAME */
} TestTimeline;

/**
 * test_cards_listen:
 *
 * Returns: (transfer full): what was heard until the program last touched the card
 */
TestTimeline *test_cards_listen(TestCards *self, const char *name);

/**
 * test_timeline_read:
 * @folder: of test_cards_new(), possibly made by another process
 *
 * Returns: (transfer full) (nullable): NULL when the card was never opened
 */
TestTimeline *test_timeline_read(const char *folder, const TestCardSpec *spec);
void test_timeline_free(TestTimeline *timeline);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestTimeline, test_timeline_free)

/** test_timeline_us: Returns: the monotonic instant at which @frame was heard */
gint64 test_timeline_us(const TestTimeline *timeline, gint64 frame);

/** test_timeline_frame: Returns: the frame that was heard at monotonic @us */
gint64 test_timeline_frame(const TestTimeline *timeline, gint64 us);

/** test_timeline_event_us: Returns: monotonic instant of the first @event; the test fails if
 * there is none */
gint64 test_timeline_event_us(const TestTimeline *timeline, const char *event);

/** test_timeline_count: Returns: how often @event stands in the log */
guint test_timeline_count(const TestTimeline *timeline, const char *event);

/* A stretch of one tone (or of one noise) between silences or other tones. */
typedef struct {
    gint64 from, to; /* frames; `to` is one past the last */
    guint hz;        /* by zero crossings, rounded to 50 Hz */
} TestSound;

/**
 * test_timeline_sounds:
 *
 * A silence shorter than 1 ms does not part two sounds of one frequency.
 *
 * Returns: (transfer full) (element-type TestSound)
 */
GArray *test_timeline_sounds(const TestTimeline *timeline);

/**
 * test_sounds_first:
 * @sounds: (element-type TestSound): of test_timeline_sounds()
 *
 * Where a tone begins; a card that starved on a busy machine may have cut it later.
 *
 * Returns: (transfer none): the first one of @hz; aborts the test if there is none
 */
const TestSound *test_sounds_first(const GArray *sounds, guint hz);

/**
 * test_timeline_sounding:
 *
 * Returns: how many frames of [from, to) are louder than the silence threshold's neighbourhood:
 *   all frames less those inside silences of 1 ms and more
 */
gint64 test_timeline_sounding(const TestTimeline *timeline, gint64 from, gint64 to);

/**
 * test_timeline_equal:
 *
 * Returns: how many of the @n_frames frames from @from on are exactly @expected
 */
gint64 test_timeline_equal(const TestTimeline *timeline, gint64 from, const gint16 *expected,
                           gint64 n_frames);
