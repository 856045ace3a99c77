/* test-alert-state.c - one word for how far an alert is in a zone. */
#include "scheduler/report/alert-state.h"

#define S   G_USEC_PER_SEC
#define T   G_GINT64_CONSTANT(1772409600000000)
#define END (T + 600 * S)

/* What the last heartbeat of the station said. */
typedef enum {
    NOTHING,
    RELAY_OPEN,
    RELAY_CLOSED,
    RELAY_CLOSED_BEFORE, /* by a programme, before the alert came */
    SOUNDS,
    SOUNDS_ELSEWHERE,
    SOUNDS_ANOTHER,
} Beat;

/* clang-format off */
static const struct {
    const char *why;
    gint64 published_us, contact_us; gboolean reads_them;
    gint64 taken_us; ContentReason taken_reason;
    gint64 ended_us; ContentReason ended_reason;
    Beat beat; gint64 now_us;
    SchedAlertState is; ContentReason reason;
} cases[] = {
#define N CONTENT_REASON_NONE
    { "still here",                        0, T,           TRUE,  0, N, 0, N, NOTHING, T + S,       SCHED_ALERT_NOT_SENT, N },
    { "just out",                          T, T,           TRUE,  0, N, 0, N, NOTHING, T + S,       SCHED_ALERT_WAITING, N },
    { "nothing heard for minutes",         T, T - 200 * S, TRUE,  0, N, 0, N, NOTHING, T + S,       SCHED_ALERT_NO_CONTACT, N },
    { "never heard of",                    T, 0,           FALSE, 0, N, 0, N, NOTHING, T + S,       SCHED_ALERT_NO_CONTACT, N },
    { "an older player",                   T, T,           FALSE, 0, N, 0, N, NOTHING, T + S,       SCHED_ALERT_UNABLE, N },
    { "over, and never a word",            T, T,           TRUE,  0, N, 0, N, NOTHING, END,         SCHED_ALERT_NO_WORD, N },
    { "the station has it",                T, T,           TRUE,  T + S, N, 0, N, NOTHING, T + 2 * S, SCHED_ALERT_RECEIVED, N },
    { "a graver one sounds",               T, T,           TRUE,  T + S, CONTENT_REASON_DISPLACED, 0, N, NOTHING, T + 2 * S, SCHED_ALERT_HELD, CONTENT_REASON_DISPLACED },
    { "not on yet",                        T, T,           TRUE,  T + S, N, 0, N, RELAY_OPEN, T + 2 * S, SCHED_ALERT_RECEIVED, N },
    { "the loudspeakers are on",           T, T,           TRUE,  T + S, N, 0, N, RELAY_CLOSED, T + 2 * S, SCHED_ALERT_RELAY_ON, N },
    { "on since before it came",           T, T,           TRUE,  T + S, N, 0, N, RELAY_CLOSED_BEFORE, T + 2 * S, SCHED_ALERT_RECEIVED, N },
    { "it sounds",                         T, T,           TRUE,  T + S, N, 0, N, SOUNDS, T + 2 * S, SCHED_ALERT_SOUNDING, N },
    { "it sounds, its record is on the way", T, T,         TRUE,  0, N, 0, N, SOUNDS, T + 2 * S,    SCHED_ALERT_SOUNDING, N },
    { "in another village",                T, T,           TRUE,  T + S, N, 0, N, SOUNDS_ELSEWHERE, T + 2 * S, SCHED_ALERT_RECEIVED, N },
    { "another alert",                     T, T,           TRUE,  T + S, N, 0, N, SOUNDS_ANOTHER, T + 2 * S, SCHED_ALERT_RECEIVED, N },
    { "heard to its end",                  T, T,           TRUE,  T + S, N, T + 9 * S, N, SOUNDS, T + 10 * S, SCHED_ALERT_DONE, N },
    { "stopped",                           T, T,           TRUE,  T + S, N, T + 9 * S, CONTENT_REASON_STOPPED, NOTHING, T + 10 * S, SCHED_ALERT_STOPPED, N },
    { "another took its place",            T, T,           TRUE,  T + S, N, T + 9 * S, CONTENT_REASON_REPLACED, NOTHING, T + 10 * S, SCHED_ALERT_STOPPED, N },
    { "the relay did not close",           T, T,           TRUE,  T + S, N, T + 9 * S, CONTENT_REASON_RELAY_FAILED, NOTHING, T + 10 * S, SCHED_ALERT_FAILED, CONTENT_REASON_RELAY_FAILED },
    { "out of time before it was heard",   T, T,           TRUE,  T + S, N, END, CONTENT_REASON_EXPIRED, NOTHING, END + S, SCHED_ALERT_FAILED, CONTENT_REASON_EXPIRED },
#undef N
};
/* clang-format on */

static ContentHeartbeat *
heartbeat_of(Beat beat)
{
    ContentHeartbeat *heartbeat = content_document_new(&content_heartbeat_type);
    ContentZoneState *zone = content_shape_new(&content_zone_state_shape);
    ContentSounding *sounding = content_shape_new(&content_sounding_shape);

    zone->zone = g_strdup("a");
    zone->relay = beat == RELAY_OPEN ? CONTENT_RELAY_OPEN : CONTENT_RELAY_CLOSED;
    zone->read_us = beat == RELAY_CLOSED ? T + 2 * S : T - S;
    g_ptr_array_add(heartbeat->zones, zone);
    sounding->alert = g_strdup(beat == SOUNDS_ANOTHER ? "other" : "alert");
    g_ptr_array_add(sounding->zones, g_strdup(beat == SOUNDS_ELSEWHERE ? "b" : "a"));
    if (beat >= SOUNDS)
        g_ptr_array_add(heartbeat->sounding, sounding);
    else
        content_shape_free(&content_sounding_shape, sounding);
    return heartbeat;
}

/* clang-format off */
static const struct {
    const char *why;
    gint64 n_heard;
    const char *unsaid; /* LANGUAGE:REASON… */
    ContentReason reason;
    SchedAlertState is; ContentReason told;
} endings[] = {
    { "every word",                       1, "", CONTENT_REASON_NONE, SCHED_ALERT_DONE, CONTENT_REASON_NONE },
    { "its signal alone: not approved",   0, "vi:not_approved", CONTENT_REASON_NOT_APPROVED, SCHED_ALERT_TONE_ONLY, CONTENT_REASON_NOT_APPROVED },
    { "its signal alone: not there",      0, "jra:object_missing vi:object_missing", CONTENT_REASON_OBJECT_MISSING, SCHED_ALERT_TONE_ONLY, CONTENT_REASON_OBJECT_MISSING },
    { "one language of two",              2, "jra:not_approved", CONTENT_REASON_NOT_APPROVED, SCHED_ALERT_PARTLY, CONTENT_REASON_NOT_APPROVED },
    { "stopped before it was of use",     0, "vi:not_approved", CONTENT_REASON_STOPPED, SCHED_ALERT_STOPPED, CONTENT_REASON_NONE },
    { "nothing was heard at all",         0, "", CONTENT_REASON_RELAY_FAILED, SCHED_ALERT_FAILED, CONTENT_REASON_RELAY_FAILED },
    { "for a reason of a newer program",  0, "vi:moon", CONTENT_REASON_UNKNOWN, SCHED_ALERT_TONE_ONLY, CONTENT_REASON_UNKNOWN },
    { "in what is no language",           1, "<b>:unknown", CONTENT_REASON_NONE, SCHED_ALERT_DONE, CONTENT_REASON_NONE },
};
/* clang-format on */

static ContentRecord *
ended_with(gint64 n_heard, const char *unsaid)
{
    ContentRecord *record = content_document_new(&content_record_type);
    g_auto(GStrv) list = g_strsplit(unsaid, " ", 0);
    ContentRemark *heard = content_remark_new("alert_heard", NULL, NULL);

    content_remark_add_number(heard, "count", n_heard);
    content_record_tell(record, heard);
    for (guint i = 0; list[i] != NULL; i++) {
        g_auto(GStrv) pair = g_strsplit(list[i], ":", 2);

        content_record_tell(record, content_remark_new("alert_unsaid", NULL, "language",
                                                       pair[0], "reason", pair[1], NULL));
    }
    return record;
}

/* What a station was refused is never told as said. */
static void
test_unsaid(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autoptr(ContentRecord) ended = ended_with(endings[i].n_heard, endings[i].unsaid);
        const SchedAlertFacts facts = {.alert = "alert",
                                       .zone = "a",
                                       .issued_us = T,
                                       .expires_us = END,
                                       .published_us = T,
                                       .contact_us = T,
                                       .reads_them = TRUE,
                                       .taken_us = T + S,
                                       .ended_us = T + 9 * S,
                                       .ended_reason = (gint) endings[i].reason,
                                       .ended = ended,
                                       .now_us = T + 10 * S};
        gint reason = -1;

        g_test_message("%s", endings[i].why);
        g_assert_cmpstr(sched_alert_state_words[sched_alert_state(&facts, &reason)], ==,
                        sched_alert_state_words[endings[i].is]);
        g_assert_cmpint(reason, ==, endings[i].told);
    }
}

static void
test_states(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(ContentHeartbeat) heartbeat =
            cases[i].beat == NOTHING ? NULL : heartbeat_of(cases[i].beat);
        const SchedAlertFacts facts = {
            "alert",
            "a",
            T,
            END,
            cases[i].published_us,
            cases[i].contact_us,
            cases[i].reads_them,
            cases[i].taken_us,
            cases[i].taken_reason,
            cases[i].ended_us,
            cases[i].ended_reason,
            NULL,
            heartbeat,
            cases[i].now_us,
        };
        gint reason = -1;

        g_test_message("%s", cases[i].why);
        g_assert_cmpstr(sched_alert_state_words[sched_alert_state(&facts, &reason)], ==,
                        sched_alert_state_words[cases[i].is]);
        g_assert_cmpint(reason, ==, cases[i].reason);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/alert-state/states", test_states);
    g_test_add_func("/report/alert-state/unsaid", test_unsaid);
    return g_test_run();
}
