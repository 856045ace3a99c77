/* test-faults.c - what is wrong fits into a heartbeat, however much it is. */
#include "player/cue/faults.h"

#include "content/wording.h"

#include <string.h>

#define NOW_US (G_GINT64_CONSTANT(1772434800) * G_USEC_PER_SEC)

static void
find(PlayFaults *faults, const char *subject, const PlayInstant *now)
{
    g_autoptr(ContentRemark) what = content_remark_new("board_silent", subject, NULL);

    play_faults_find(faults, what, 0, now);
}

/* Every fault there is, in every length: the heartbeat can be written. */
static void
test_fill(void)
{
    static const struct {
        const char *why;
        guint n_faults, n_told;
        const char *last;
    } cases[] = {
        {"none", 0, 0, NULL},
        {"as many as fit", PLAY_FAULTS_MAX_TOLD, PLAY_FAULTS_MAX_TOLD,
         "board zone-60: no answer"},
        {"one more", PLAY_FAULTS_MAX_TOLD + 1, PLAY_FAULTS_MAX_TOLD + 1, "and 1 faults more"},
        {"a station in ruins", 1000, PLAY_FAULTS_MAX_TOLD + 1, "and 940 faults more"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const PlayInstant now = {NOW_US, G_USEC_PER_SEC, CONTENT_TRUST_SYNCED};
        g_autoptr(PlayFaults) faults = play_faults_new();
        g_autoptr(GPtrArray) actions = play_actions_new();
        g_autoptr(ContentHeartbeat) heartbeat = content_document_new(&content_heartbeat_type);

        g_test_message("%s", cases[i].why);
        play_faults_begin(faults);
        for (guint j = 1; j <= cases[i].n_faults; j++) {
            g_autofree char *subject = g_strdup_printf("zone-%u", j);

            find(faults, subject, &now);
        }
        g_assert_cmpint(play_faults_end(faults, &now, actions), ==, 0);
        play_faults_fill(faults, heartbeat->faults);
        g_assert_cmpuint(heartbeat->faults->len, ==, cases[i].n_told);
        g_assert_cmpuint(heartbeat->faults->len, <=, CONTENT_HEARTBEAT_MAX_FAULTS - 2);
        if (cases[i].last != NULL) {
            const ContentFault *last = heartbeat->faults->pdata[cases[i].n_told - 1];
            g_autofree char *said =
                content_wording_remark(&last->what, CONTENT_READER_EN, NULL);

            g_assert_cmpstr(said, ==, cases[i].last);
        }
    }
}

/* Words of any kind: a heartbeat that cannot be written tells nothing at all. */
static void
test_words(void)
{
    g_autofree char *endless = g_strnfill(1000, 'x');
    g_autofree char *accents = g_strdup_printf("%.*sệệệệ", 299, endless);
    const char *const words[] = {"",      "no answer", "two\nlines", "broken \xff UTF-8",
                                 accents, endless};
    const PlayInstant now = {NOW_US, G_USEC_PER_SEC, CONTENT_TRUST_SYNCED};
    g_autoptr(PlayFaults) faults = play_faults_new();
    g_autoptr(GPtrArray) actions = play_actions_new();
    g_autoptr(ContentHeartbeat) heartbeat = content_document_new(&content_heartbeat_type);
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;

    play_faults_begin(faults);
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autofree char *subject = g_strdup_printf("zone-%" G_GSIZE_FORMAT, i);
        g_autoptr(ContentRemark) what =
            content_remark_new("input_fault", subject, "meaning", words[i], NULL);

        content_remark_say(what, words[i]);
        play_faults_find(faults, what, 0, &now);
    }
    play_faults_end(faults, &now, actions);
    play_faults_fill(faults, heartbeat->faults);
    heartbeat->station = g_strdup("ia-pa");
    heartbeat->boot = g_strnfill(32, '0');
    heartbeat->journal = g_strdup("01journal");
    heartbeat->player_version = g_strdup("1");
    bytes = content_document_write(&content_heartbeat_type, heartbeat, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < actions->len; i++) {
        const PlayAction *action = actions->pdata[i];

        if (action->record != NULL)
            g_assert_cmpuint(action->record->details->len, ==, 1);
    }
}

/* A round in which one fault is there or not; counts the records of @kind in it. */
static guint
count_told(PlayFaults *faults, gint64 at_us, gboolean is_there, ContentRecordKind kind,
           char **out_detail)
{
    const PlayInstant now = {NOW_US + at_us, G_USEC_PER_SEC + at_us, CONTENT_TRUST_SYNCED};
    g_autoptr(GPtrArray) actions = play_actions_new();
    guint n = 0;

    play_faults_begin(faults);
    if (is_there)
        find(faults, "cho", &now);
    play_faults_end(faults, &now, actions);
    for (guint i = 0; i < actions->len; i++) {
        const PlayAction *action = actions->pdata[i];

        if (action->record == NULL || action->record->kind != (gint) kind)
            continue;
        n++;
        g_free(*out_detail);
        *out_detail = content_wording_remarks(action->record->details, CONTENT_READER_EN, NULL);
    }
    return n;
}

/* Coming and going for an hour in every rhythm: few records, and every flap is counted. */
static void
test_flapping(void)
{
    static const struct {
        const char *why;
        gint64 every_ms;  /* there so long, gone so long */
        guint n_most;     /* FAULT records in an hour */
        const char *last; /* of the last CLEARED, a minute after it */
    } cases[] = {
        {"five times a second", 100, 3, "it came back 17997 times"},
        {"every ten seconds", 10000, 3, "it came back 177 times"},
        {"every two minutes: each is told", 61000, 30, "no answer"},
        {"every ten minutes: each is told", 300000, 6, "no answer"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlayFaults) faults = play_faults_new();
        g_autofree char *detail = NULL, *begun = NULL;
        gint64 every_us = cases[i].every_ms * 1000, at_us = 0;
        gint64 hour_us = 3600 * (gint64) G_USEC_PER_SEC;
        guint n_begun = 0, n_cleared = 0;

        g_test_message("%s", cases[i].why);
        for (; at_us < hour_us; at_us += 2 * every_us) {
            n_begun += count_told(faults, at_us, TRUE, CONTENT_RECORD_FAULT, &begun);
            n_cleared +=
                count_told(faults, at_us + every_us, FALSE, CONTENT_RECORD_CLEARED, &detail);
            n_cleared += count_told(faults, at_us + 2 * every_us - 1, FALSE,
                                    CONTENT_RECORD_CLEARED, &detail);
        }
        n_cleared += count_told(faults, at_us + PLAY_FAULTS_CALM_US, FALSE,
                                CONTENT_RECORD_CLEARED, &detail);
        g_assert_cmpuint(n_begun, ==, cases[i].n_most);
        g_assert_cmpuint(n_cleared, ==, n_begun);
        g_test_message("%s", detail);
        g_assert_true(g_str_has_suffix(detail, cases[i].last));
    }
}

/* The end of a flapping fault is due by itself: an alarm says when. */
static void
test_calm(void)
{
    g_autoptr(PlayFaults) faults = play_faults_new();
    g_autofree char *detail = NULL;
    PlayInstant now = {NOW_US, G_USEC_PER_SEC, CONTENT_TRUST_SYNCED};
    g_autoptr(GPtrArray) actions = play_actions_new();
    g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func(content_fault_shape.free);

    for (guint i = 0; i < 3; i++) {
        count_told(faults, 2 * i, TRUE, CONTENT_RECORD_FAULT, &detail);
        if (i < 2)
            count_told(faults, 2 * i + 1, FALSE, CONTENT_RECORD_CLEARED, &detail);
    }
    now.monotonic_us += G_USEC_PER_SEC;
    play_faults_begin(faults);
    g_assert_cmpint(play_faults_end(faults, &now, actions), ==,
                    now.monotonic_us + PLAY_FAULTS_CALM_US);
    g_assert_cmpuint(actions->len, ==, 0);
    play_faults_fill(faults, told);
    g_assert_cmpuint(told->len, ==, 1);
    now.monotonic_us += PLAY_FAULTS_CALM_US;
    play_faults_begin(faults);
    g_assert_cmpint(play_faults_end(faults, &now, actions), ==, 0);
    g_assert_cmpuint(actions->len, ==, 2);
}

/* Each flap under another name: what is over is not remembered without bound. */
static void
test_names_without_end(void)
{
    g_autoptr(PlayFaults) faults = play_faults_new();
    g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func(content_fault_shape.free);
    gint64 began_us = g_get_monotonic_time();

    for (guint i = 0; i < 20000; i++) {
        const PlayInstant now = {NOW_US, G_USEC_PER_SEC + i, CONTENT_TRUST_SYNCED};
        g_autoptr(GPtrArray) actions = play_actions_new();
        g_autofree char *subject = g_strdup_printf("%u", i);

        play_faults_begin(faults);
        find(faults, subject, &now);
        play_faults_end(faults, &now, actions);
    }
    play_faults_fill(faults, told);
    g_assert_cmpuint(told->len, ==, 1);
    /* 20,000 names remembered would make two hundred million comparisons. */
    g_assert_cmpint(g_get_monotonic_time() - began_us, <, 20 * G_USEC_PER_SEC);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/cue/faults/fill", test_fill);
    g_test_add_func("/player/cue/faults/words", test_words);
    g_test_add_func("/player/cue/faults/flapping", test_flapping);
    g_test_add_func("/player/cue/faults/calm", test_calm);
    g_test_add_func("/player/cue/faults/names-without-end", test_names_without_end);
    return g_test_run();
}
