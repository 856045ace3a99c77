/* test-faults.c - what is wrong fits into a heartbeat, however much it is. */
#include "player/cue/faults.h"

#include <string.h>

#define NOW_US (G_GINT64_CONSTANT(1772434800) * G_USEC_PER_SEC)

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
        {"as many as fit", PLAY_FAULTS_MAX_TOLD, PLAY_FAULTS_MAX_TOLD, "60: not well"},
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
            g_autofree char *words = g_strdup_printf("%u: not well", j);

            play_faults_find(faults, "relay-failed", subject, words, 0, &now);
        }
        g_assert_cmpint(play_faults_end(faults, &now, actions), ==, 0);
        play_faults_fill(faults, heartbeat->faults);
        g_assert_cmpuint(heartbeat->faults->len, ==, cases[i].n_told);
        g_assert_cmpuint(heartbeat->faults->len, <=, CONTENT_HEARTBEAT_MAX_FAULTS - 2);
        if (cases[i].last != NULL)
            g_assert_cmpstr(
                ((ContentFault *) heartbeat->faults->pdata[cases[i].n_told - 1])->words, ==,
                cases[i].last);
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

        play_faults_find(faults, "relay-failed", subject, words[i], 0, &now);
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
            g_assert_cmpuint(strlen(action->record->detail), <=,
                             CONTENT_RECORD_DETAIL_MAX_BYTES);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/cue/faults/fill", test_fill);
    g_test_add_func("/player/cue/faults/words", test_words);
    return g_test_run();
}
