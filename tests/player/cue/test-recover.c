/* test-recover.c - which drafts of a player that is gone the journal still lacks. */
#include "player/cue/cue.h"

/* A Monday in March 2026, UTC. */
#define EPOCH_US G_GINT64_CONSTANT(1772409600000000)
#define MS(ms)   ((gint64) (ms) *1000)

/* Of one zone, ms after the start of the segment; to_ms 0: there is none. */
typedef struct {
    gint64 from_ms, to_ms;
    gboolean at_least;
} Stretch;

static ContentRecord *
record_of(ContentRecordKind kind, const Stretch *stretch)
{
    ContentRecord *record = play_record_new(kind);
    ContentPart *part = content_shape_new(&content_part_shape);

    record->segment = g_strdup("5e6");
    record->zone = g_strdup("lang");
    part->from_us = record->actual_start_us = EPOCH_US + MS(stretch->from_ms);
    part->to_us = record->actual_end_us = EPOCH_US + MS(stretch->to_ms);
    part->at_least = stretch->at_least;
    g_ptr_array_add(record->parts, part);
    return record;
}

static void
restore(PlayCue *cue, ContentRecordKind kind, const Stretch *stretch)
{
    g_autoptr(ContentRecord) record = record_of(kind, stretch);

    if (stretch->to_ms > 0)
        play_cue_restore(cue, record);
}

static void
test_recover(void)
{
    /* clang-format off */
    const struct { const char *why; Stretch before, known, draft; gboolean is_news; } cases[] = {
        { "killed: nothing was written", {0}, {0}, {0, 2000, TRUE}, TRUE },
        { "killed between two sounds", {0}, {0}, {0, 2000, FALSE}, TRUE },
        { "told to stop after the draft", {0}, {0, 2010, FALSE}, {0, 2000, TRUE}, FALSE },
        { "the card was looked at after the last sample",
          {0}, {0, 2000, FALSE}, {0, 2030, TRUE}, FALSE },
        { "the same by a clock that was slewed since",
          {0}, {0, 2000, FALSE}, {1, 2001, FALSE}, FALSE },
        { "found by a second player, and again by a third",
          {0}, {0, 2000, TRUE}, {0, 2000, TRUE}, FALSE },
        { "a stretch after the one in the journal",
          {0}, {0, 2000, FALSE}, {3000, 5000, TRUE}, TRUE },
        { "the older of two stretches in the journal",
          {0, 2000, FALSE}, {3000, 5000, FALSE}, {0, 2030, TRUE}, FALSE },
        { "more than the least that is known",
          {0}, {0, 1000, TRUE}, {0, 2000, TRUE}, TRUE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlayCue) cue = play_cue_new();
        g_autoptr(ContentRecord) draft = record_of(CONTENT_RECORD_PART, &cases[i].draft);

        g_test_message("%s", cases[i].why);
        restore(cue, CONTENT_RECORD_PART, &cases[i].before);
        restore(cue, CONTENT_RECORD_PART, &cases[i].known);
        g_assert_cmpint(play_cue_recover(cue, draft, CONTENT_REASON_NO_POWER), ==,
                        cases[i].is_news);
        if (cases[i].is_news)
            g_assert_cmpint(draft->reason, ==, CONTENT_REASON_NO_POWER);
        /* Once it is written it is no news any more. */
        g_assert_false(play_cue_recover(cue, draft, CONTENT_REASON_NO_POWER));
    }
}

/* What has its final record is over, whatever was drafted of it. */
static void
test_settled(void)
{
    const Stretch played = {0, 2000, FALSE}, drafted = {3000, 4000, TRUE};
    g_autoptr(PlayCue) cue = play_cue_new();
    g_autoptr(ContentRecord) draft = record_of(CONTENT_RECORD_PART, &drafted);

    restore(cue, CONTENT_RECORD_PLAYED, &played);
    g_assert_false(play_cue_recover(cue, draft, CONTENT_REASON_NO_POWER));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/cue/recover/drafts", test_recover);
    g_test_add_func("/player/cue/recover/settled", test_settled);
    return g_test_run();
}
