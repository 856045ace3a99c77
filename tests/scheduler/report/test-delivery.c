/* test-delivery.c - plan against records: what is said of a segment, and what is not claimed.
 */
#include "scheduler/report/delivery.h"

#include <string.h>

#define S(seconds) ((gint64) (seconds) *G_USEC_PER_SEC)
/* 05:30 in Vietnam; the segment of all cases begins then and lasts 100 s. */
#define T0      G_GINT64_CONSTANT(1772404200000000)
#define LENGTH  S(100)
#define SEGMENT "0123456789abcdef0123456789abcdef"

static ContentSegment *
new_segment(const char *id, gint64 start_us, const char *language)
{
    ContentSegment *s = content_shape_new(&content_segment_shape);

    s->id = g_strdup(id);
    s->slot = g_strdup("s");
    s->occurrence = g_strdup("s-2026-03-02");
    s->item = g_strdup("i");
    s->output = g_strdup("main");
    g_ptr_array_add(s->zones, g_strdup("a"));
    s->start_us = start_us;
    s->duration_us = LENGTH;
    s->language = g_strdup(language);
    s->title = g_strdup("Bản tin");
    return s;
}

/* (nullable) @segment: a plan with that one; NULL: the day has no plan */
static void
add_plan(GPtrArray *plans, gint64 from_us, ContentSegment *segment)
{
    SchedAcceptedPlan *accepted = g_new0(SchedAcceptedPlan, 1);

    accepted->from_us = from_us;
    if (segment != NULL) {
        accepted->plan = content_document_new(&content_day_plan_type);
        g_ptr_array_add(accepted->plan->segments, segment);
    }
    g_ptr_array_add(plans, accepted);
}

static ContentRecord *
add_record(SchedDeliveryInput *input, ContentRecordKind kind, gint64 from_us, gint64 to_us,
           ContentRelay relay, ContentReason reason)
{
    ContentRecord *r = content_document_new(&content_record_type);

    r->kind = kind;
    r->segment = g_strdup(SEGMENT);
    r->zone = g_strdup("a");
    r->actual_start_us = from_us;
    r->actual_end_us = to_us;
    r->relay = relay;
    r->reason = reason;
    r->level_mdb = -20000;
    g_ptr_array_add(input->records, r);
    return r;
}

static void
add_zone(SchedDeliveryInput *input)
{
    SchedDeliveryZone *zone = g_new0(SchedDeliveryZone, 1);

    zone->zone = g_strdup("a");
    zone->village = g_strdup("ia-le-a");
    zone->village_name = g_strdup("Làng A");
    g_ptr_array_add(input->zones, zone);
}

/* One part of sound, or one other record. */
typedef struct {
    ContentRecordKind kind;
    gint64 from_s, to_s; /* after T0 */
    ContentRelay relay;
    ContentReason reason;
} Part;

typedef struct {
    const char *why;
    gint64 now_s, contact_s; /* after T0 */
    gboolean has_unsent;
    gint64 down_from_s, down_to_s; /* equal: never down */
    Part parts[3];
    guint n_parts;
    SchedDeliveryState state;
    ContentReason reason;
    gint64 heard_s;
    gint64 told_s; /* when it last spoke of its journal; 0: at the contact */
} Case;

static void
judge_case(const Case *c)
{
    g_autoptr(SchedDeliveryInput) input =
        sched_delivery_input_new("ia-le", "2026-03-02", "Asia/Ho_Chi_Minh", T0 + S(c->now_s));
    const SchedDownSpan down = {T0 + S(c->down_from_s), T0 + S(c->down_to_s),
                                CONTENT_REASON_NO_POWER};
    g_autoptr(GPtrArray) deliveries = NULL;
    const SchedDelivery *d;

    add_zone(input);
    input->contact_us = T0 + S(c->contact_s);
    input->told_us = T0 + S(c->told_s == 0 ? c->contact_s : c->told_s);
    input->has_unsent = c->has_unsent;
    if (c->down_from_s != c->down_to_s)
        g_array_append_val(input->down, down);
    add_plan(input->accepted, T0 - S(3600), new_segment(SEGMENT, T0, "jra"));
    for (guint i = 0; i < c->n_parts; i++)
        add_record(input, c->parts[i].kind, T0 + S(c->parts[i].from_s),
                   T0 + S(c->parts[i].to_s), c->parts[i].relay, c->parts[i].reason);
    deliveries = sched_delivery_judge(input);
    g_assert_cmpuint(deliveries->len, ==, 1);
    d = g_ptr_array_index(deliveries, 0);
    g_assert_cmpstr(sched_delivery_state_words[d->state], ==,
                    sched_delivery_state_words[c->state]);
    g_assert_cmpstr(content_reason_words[d->reason], ==, content_reason_words[c->reason]);
    g_assert_cmpint(d->heard_us, ==, S(c->heard_s));
    /* The hours stand there exactly where they are the reason. */
    g_assert_cmpint(d->down_from_us, ==,
                    c->reason == CONTENT_REASON_NO_POWER ? T0 + S(c->down_from_s) : 0);
    g_assert_cmpint(d->down_to_us, ==,
                    c->reason == CONTENT_REASON_NO_POWER ? T0 + S(c->down_to_s) : 0);
    g_assert_cmpstr(d->village_name, ==, "Làng A");
}

#define CLOSED CONTENT_RELAY_CLOSED
#define OPEN   CONTENT_RELAY_OPEN
#define PLAYED CONTENT_RECORD_PLAYED
#define MISSED CONTENT_RECORD_MISSED
#define BEGUN  CONTENT_RECORD_STARTED
#define PART   CONTENT_RECORD_PART

/* clang-format off */
static const Case judgements[] = {
    { "whole", 500, 500, FALSE, 0, 0,
      { { PLAYED, 0, 100, CLOSED, 0 } }, 1, SCHED_DELIVERY_DELIVERED, 0, 100 },
    { "a second short is whole", 500, 500, FALSE, 0, 0,
      { { PLAYED, 0, 99, CLOSED, 0 } }, 1, SCHED_DELIVERY_DELIVERED, 0, 99 },
    { "two seconds short is not", 500, 500, FALSE, 0, 0,
      { { PLAYED, 0, 98, CLOSED, 0 } }, 1, SCHED_DELIVERY_PARTIAL,
      CONTENT_REASON_INTERRUPTED, 98 },
    { "in two parts that make it whole", 500, 500, FALSE, 0, 0,
      { { PLAYED, 0, 40, CLOSED, CONTENT_REASON_INTERRUPTED }, { PLAYED, 40, 100, CLOSED, 0 } },
      2, SCHED_DELIVERY_DELIVERED, 0, 100 },
    { "the same part told twice counts once", 500, 500, FALSE, 0, 0,
      { { PLAYED, 0, 40, CLOSED, 0 }, { PLAYED, 0, 40, CLOSED, 0 }, { PLAYED, 30, 60, CLOSED, 0 } },
      3, SCHED_DELIVERY_PARTIAL, CONTENT_REASON_INTERRUPTED, 60 },
    { "killed in the middle: both parts, and the reason", 500, 500, FALSE, 0, 0,
      { { PLAYED, 0, 40, CLOSED, CONTENT_REASON_INTERRUPTED }, { PLAYED, 45, 100, CLOSED, 0 } },
      2, SCHED_DELIVERY_PARTIAL, CONTENT_REASON_INTERRUPTED, 95 },
    { "stopped, and never back: its part alone", 500, 500, FALSE, 0, 0,
      { { PART, 0, 40, CLOSED, CONTENT_REASON_PLAYER_STOPPED } }, 1, SCHED_DELIVERY_PARTIAL,
      CONTENT_REASON_PLAYER_STOPPED, 40 },
    { "stopped, and its time is not over", 60, 60, FALSE, 0, 0,
      { { PART, 0, 40, CLOSED, CONTENT_REASON_PLAYER_STOPPED } }, 1, SCHED_DELIVERY_WAITING,
      0, 40 },
    { "stopped and back: the final record says why", 500, 500, FALSE, 0, 0,
      { { PART, 0, 40, CLOSED, CONTENT_REASON_PLAYER_STOPPED },
        { PLAYED, 50, 90, CLOSED, CONTENT_REASON_GATEWAY_DOWN } }, 2, SCHED_DELIVERY_PARTIAL,
      CONTENT_REASON_GATEWAY_DOWN, 80 },
    { "stopped and back within a second: whole", 500, 500, FALSE, 0, 0,
      { { PART, 0, 40, CLOSED, CONTENT_REASON_PLAYER_STOPPED }, { PLAYED, 41, 100, CLOSED, 0 } },
      2, SCHED_DELIVERY_DELIVERED, 0, 99 },
    { "a part without a relay is no evidence", 500, 500, FALSE, 0, 0,
      { { PART, 0, 40, OPEN, CONTENT_REASON_PLAYER_STOPPED } }, 1, SCHED_DELIVERY_MISSED,
      CONTENT_REASON_PLAYER_STOPPED, 0 },
    { "cut by a power cut: the time it was off says why", 500, 500, FALSE, 50, 300,
      { { PLAYED, 0, 50, CLOSED, 0 } }, 1, SCHED_DELIVERY_PARTIAL, CONTENT_REASON_NO_POWER, 50 },
    { "the relay was not read closed: not delivered", 500, 500, FALSE, 0, 0,
      { { PLAYED, 0, 100, OPEN, 0 } }, 1, SCHED_DELIVERY_MISSED,
      CONTENT_REASON_RELAY_FAILED, 0 },
    { "the relay could not be read: not delivered", 500, 500, FALSE, 0, 0,
      { { PLAYED, 0, 100, CONTENT_RELAY_UNKNOWN, CONTENT_REASON_GATEWAY_DOWN } }, 1,
      SCHED_DELIVERY_MISSED, CONTENT_REASON_GATEWAY_DOWN, 0 },
    { "missed, with its reason", 500, 500, FALSE, 0, 0,
      { { MISSED, 0, 0, OPEN, CONTENT_REASON_OBJECT_MISSING } }, 1, SCHED_DELIVERY_MISSED,
      CONTENT_REASON_OBJECT_MISSING, 0 },
    { "missed without a reason", 500, 500, FALSE, 0, 0,
      { { MISSED, 0, 0, OPEN, 0 } }, 1, SCHED_DELIVERY_MISSED, CONTENT_REASON_UNKNOWN, 0 },
    { "not yet begun", -10, -20, FALSE, 0, 0, { { 0 } }, 0, SCHED_DELIVERY_WAITING, 0, 0 },
    { "sounding now", 50, 40, FALSE, 0, 0,
      { { BEGUN, 0, 0, CLOSED, 0 } }, 1, SCHED_DELIVERY_WAITING, 0, 0 },
    { "over, its record is on the way", 200, 190, FALSE, 0, 0, { { 0 } }, 0,
      SCHED_DELIVERY_WAITING, 0, 0 },
    { "long over, the station has records to send", 5000, 4990, TRUE, 0, 0, { { 0 } }, 0,
      SCHED_DELIVERY_WAITING, 0, 0 },
    { "long over, heard of since, and no record", 5000, 4990, FALSE, 0, 0, { { 0 } }, 0,
      SCHED_DELIVERY_MISSED, CONTENT_REASON_UNKNOWN, 0 },
    { "begun, and nothing after", 5000, 4990, FALSE, 0, 0,
      { { BEGUN, 0, 0, CLOSED, 0 } }, 1, SCHED_DELIVERY_MISSED,
      CONTENT_REASON_INTERRUPTED, 0 },
    { "long over, not heard of since", 5000, 50, FALSE, 0, 0, { { 0 } }, 0,
      SCHED_DELIVERY_NO_CONTACT, CONTENT_REASON_UNKNOWN, 0 },
    { "off at the time, by its own later word", 5000, 4990, FALSE, -100, 1000, { { 0 } }, 0,
      SCHED_DELIVERY_MISSED, CONTENT_REASON_NO_POWER, 0 },
    { "off at the time, and its records are on their way", 5000, 4990, TRUE, -100, 1000,
      { { 0 } }, 0, SCHED_DELIVERY_WAITING, 0, 0 },
    { "killed in the middle and back: it may go on", 50, 49, FALSE, 20, 40,
      { { BEGUN, 0, 0, CLOSED, 0 } }, 1, SCHED_DELIVERY_WAITING, 0, 0 },
    { "back in contact, nothing said yet of its journal", 5000, 4990, FALSE, 0, 0, { { 0 } },
      0, SCHED_DELIVERY_WAITING, 0, 0, 50 },
    { "off at another time", 5000, 4990, FALSE, 100, 1000, { { 0 } }, 0,
      SCHED_DELIVERY_MISSED, CONTENT_REASON_UNKNOWN, 0 },
};
/* clang-format on */

static void
test_judge(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(judgements); i++) {
        g_test_message("%s", judgements[i].why);
        judge_case(&judgements[i]);
    }
}

static void
add_part(ContentRecord *record, gint64 from_s, gint64 to_s, ContentRelay relay,
         gint64 level_mdb, gint64 silent_s)
{
    ContentPart *part = content_shape_new(&content_part_shape);

    part->from_us = T0 + S(from_s);
    part->to_us = T0 + S(to_s);
    part->relay = relay;
    part->level_mdb = level_mdb;
    part->silent_us = S(silent_s);
    g_ptr_array_add(record->parts, part);
}

/* A record with parts is judged by them alone, each with its own relay, level and silence; and
 * a part that has a record of its own as well counts once. */
static void
test_parts(void)
{
    g_autoptr(SchedDeliveryInput) input =
        sched_delivery_input_new("x", "2026-03-02", "Asia/Ho_Chi_Minh", T0 + S(500));
    g_autoptr(GPtrArray) deliveries = NULL;
    ContentRecord *record;
    const SchedDelivery *d;

    add_zone(input);
    add_plan(input->accepted, 1, new_segment(SEGMENT, T0, NULL));
    add_record(input, PART, T0, T0 + S(20), CLOSED, CONTENT_REASON_PLAYER_STOPPED);
    record = add_record(input, PLAYED, T0, T0 + S(100), CLOSED, CONTENT_REASON_PLAYER_STOPPED);
    record->silent_us = S(15);
    record->trust = CONTENT_TRUST_SYNCED;
    ((ContentRecord *) g_ptr_array_index(input->records, 0))->trust = CONTENT_TRUST_GUARDED;
    add_part(record, 0, 20, CLOSED, -20000, 0);
    add_part(record, 25, 60, CLOSED, -18000, 5);
    add_part(record, 70, 100, OPEN, -10000, 0);
    deliveries = sched_delivery_judge(input);
    d = g_ptr_array_index(deliveries, 0);
    g_assert_cmpint(d->heard_us, ==, S(50));
    g_assert_cmpint(d->level_mdb, ==, -18000);
    g_assert_cmpstr(d->clock, ==, "guarded");
    g_assert_cmpint(d->started_us, ==, T0);
    g_assert_cmpint(d->state, ==, SCHED_DELIVERY_PARTIAL);
    g_assert_cmpint(d->reason, ==, CONTENT_REASON_PLAYER_STOPPED);
    g_assert_true(d->relay_confirmed);
}

static void
test_silence_within(void)
{
    g_autoptr(SchedDeliveryInput) input =
        sched_delivery_input_new("x", "2026-03-02", "Asia/Ho_Chi_Minh", T0 + S(500));
    g_autoptr(GPtrArray) deliveries = NULL;
    const SchedDelivery *d;

    add_zone(input);
    add_plan(input->accepted, 1, new_segment(SEGMENT, T0, NULL));
    add_record(input, PLAYED, T0, T0 + S(100), CLOSED, 0)->silent_us = S(30);
    deliveries = sched_delivery_judge(input);
    d = g_ptr_array_index(deliveries, 0);
    g_assert_cmpint(d->heard_us, ==, S(70));
    g_assert_cmpint(d->state, ==, SCHED_DELIVERY_PARTIAL);
    g_assert_false(d->line_sensed);
}

/* Which plan a segment is judged against. */
static void
test_plans(void)
{
    g_autoptr(SchedDeliveryInput) input =
        sched_delivery_input_new("ia-le", "2026-03-02", "Asia/Ho_Chi_Minh", T0 + S(9000));
    g_autoptr(GPtrArray) deliveries = NULL;
    const char *const ids[] = {"11111111111111111111111111111111",  /* in force, then dropped */
                               "22222222222222222222222222222222",  /* came too late */
                               "33333333333333333333333333333333",  /* moved after it sounded */
                               "44444444444444444444444444444444"}; /* issued, never taken */
    const SchedDelivery *told[3];

    add_zone(input);
    input->contact_us = T0 + S(8000);
    add_plan(input->accepted, T0 - S(100), new_segment(ids[0], T0, "jra"));
    add_plan(input->accepted, T0 + S(50), new_segment(ids[1], T0 + S(40), "jra"));
    add_plan(input->accepted, T0 + S(60), new_segment(ids[2], T0 + S(70), "jra"));
    add_plan(input->accepted, T0 + S(80), new_segment(ids[2], T0 + S(200), "jra"));
    add_plan(input->accepted, T0 + S(300), NULL);
    add_plan(input->issued, T0 - S(200), new_segment(ids[3], T0 + S(400), "jra"));
    deliveries = sched_delivery_judge(input);
    g_assert_cmpuint(deliveries->len, ==, 3);
    for (guint i = 0; i < 3; i++)
        told[i] = g_ptr_array_index(deliveries, i);
    g_assert_cmpstr(told[0]->segment, ==, ids[0]);
    g_assert_cmpstr(told[1]->segment, ==, ids[2]);
    g_assert_cmpint(told[1]->planned_start_us, ==, T0 + S(70));
    g_assert_cmpstr(told[2]->segment, ==, ids[3]);
    g_assert_cmpstr(((const ContentRemark *) told[2]->details->pdata[0])->code, ==,
                    "verdict_not_taken");
}

/* clang-format off */
static const struct {
    const char *why;
    gboolean is_taken;
    ContentReason span;
    gint64 from_s, to_s; /* after T0; equal: no such time */
    ContentReason reason;
    const char *words, *words_vi;
} misses[] = {
    { "the plan came too late, nobody knows why", FALSE, 0, 0, 0, CONTENT_REASON_UNKNOWN,
      "unknown", "không rõ" },
    { "it could not come: it ran without network", FALSE, CONTENT_REASON_NO_NETWORK, -3000, 2400,
      CONTENT_REASON_NO_NETWORK, "no network 04:40–06:10", "mất mạng 04:40–06:10" },
    { "the line was down at another time", FALSE, CONTENT_REASON_NO_NETWORK, -3000, -600,
      CONTENT_REASON_UNKNOWN, "unknown", "không rõ" },
    { "it could not come: no power", FALSE, CONTENT_REASON_NO_POWER, -3000, 2400,
      CONTENT_REASON_NO_POWER, "no power 04:40–06:10", "mất điện 04:40–06:10" },
    { "it could not come: no player", FALSE, CONTENT_REASON_PLAYER_STOPPED, -3000, 2400,
      CONTENT_REASON_PLAYER_STOPPED, "player stopped 04:40–06:10", "máy phát dừng 04:40–06:10" },
    { "off, and nobody knows why", FALSE, CONTENT_REASON_UNKNOWN, -3000, 2400,
      CONTENT_REASON_UNKNOWN, "unknown 04:40–06:10", "không rõ 04:40–06:10" },
    { "with the plan there it plays without network: that is no cause", TRUE,
      CONTENT_REASON_NO_NETWORK, -3000, 2400, CONTENT_REASON_UNKNOWN, "unknown", "không rõ" },
    { "with the plan there it needs power", TRUE, CONTENT_REASON_NO_POWER, -3000, 2400,
      CONTENT_REASON_NO_POWER, "no power 04:40–06:10", "mất điện 04:40–06:10" },
};
/* clang-format on */

static void
test_misses(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(misses); i++) {
        g_autoptr(SchedDeliveryInput) input =
            sched_delivery_input_new("ia-le", "2026-03-02", "Asia/Ho_Chi_Minh", T0 + S(9000));
        const SchedDownSpan span = {T0 + S(misses[i].from_s), T0 + S(misses[i].to_s),
                                    misses[i].span};
        g_autoptr(GPtrArray) deliveries = NULL;
        const SchedDelivery *d;

        g_test_message("%s", misses[i].why);
        add_zone(input);
        input->contact_us = input->told_us = T0 + S(8000);
        add_plan(misses[i].is_taken ? input->accepted : input->issued, T0 - S(200),
                 new_segment(SEGMENT, T0, "jra"));
        if (misses[i].from_s != misses[i].to_s)
            g_array_append_val(input->down, span);
        deliveries = sched_delivery_judge(input);
        g_assert_cmpuint(deliveries->len, ==, 1);
        d = g_ptr_array_index(deliveries, 0);
        g_assert_cmpint(d->state, ==, SCHED_DELIVERY_MISSED);
        g_assert_cmpint(d->reason, ==, misses[i].reason);
        g_assert_cmpstr(d->why, ==, misses[i].words);
        g_assert_cmpstr(d->why_vi, ==, misses[i].words_vi);
    }
}

/* ---- silence that somebody asked for ---- */

/* clang-format off */
static const struct {
    const char *why;
    gboolean was_planned; /* the plan that was in force when it began had it */
    gint64 contact_s;
    Part parts[1];
    guint n_parts;
    SchedDeliveryState state;
    ContentReason reason;
    gint64 heard_s;
} hushes[] = {
    { "asked for in time: no plan holds it", FALSE, 8000, { { 0 } }, 0,
      SCHED_DELIVERY_QUIET, CONTENT_REASON_QUIET_REQUEST, 0 },
    { "a station that nobody hears from is silent there, too", FALSE, -9000, { { 0 } }, 0,
      SCHED_DELIVERY_QUIET, CONTENT_REASON_QUIET_REQUEST, 0 },
    { "asked for while it sounded: its part", TRUE, 8000,
      { { PLAYED, 0, 40, CLOSED, CONTENT_REASON_WITHDRAWN } }, 1,
      SCHED_DELIVERY_PARTIAL, CONTENT_REASON_QUIET_REQUEST, 40 },
    { "asked for at the moment it began", TRUE, 8000,
      { { MISSED, 0, 0, OPEN, CONTENT_REASON_WITHDRAWN } }, 1,
      SCHED_DELIVERY_QUIET, CONTENT_REASON_QUIET_REQUEST, 0 },
    { "it failed for another reason before", TRUE, 8000,
      { { MISSED, 0, 0, OPEN, CONTENT_REASON_OBJECT_MISSING } }, 1,
      SCHED_DELIVERY_MISSED, CONTENT_REASON_OBJECT_MISSING, 0 },
    { "the order did not reach it in time: it was heard", TRUE, 8000,
      { { PLAYED, 0, 100, CLOSED, 0 } }, 1, SCHED_DELIVERY_DELIVERED, 0, 100 },
    { "and where nobody knows, nobody says", TRUE, 50, { { 0 } }, 0,
      SCHED_DELIVERY_NO_CONTACT, CONTENT_REASON_UNKNOWN, 0 },
};
/* clang-format on */

static void
add_silence(SchedDeliveryInput *input)
{
    SchedSilence *silence = g_new0(SchedSilence, 1);

    silence->zone = g_strdup("a");
    silence->segment = g_strdup(SEGMENT);
    silence->quiet = g_strdup("q");
    silence->date = g_strdup("2026-03-02");
    silence->occurrence = g_strdup("s-2026-03-02");
    silence->slot = g_strdup("s");
    silence->item = g_strdup("i");
    silence->title = g_strdup("Bản tin");
    silence->language = g_strdup("jra");
    silence->start_us = T0;
    silence->duration_us = LENGTH;
    silence->why = g_strdup("funeral");
    silence->words = g_strdup("nhà ông Ama Thin");
    silence->who = g_strdup("Rơ Châm H'Lan");
    g_ptr_array_add(input->silences, silence);
}

static void
test_quiet(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(hushes); i++) {
        g_autoptr(SchedDeliveryInput) input =
            sched_delivery_input_new("ia-le", "2026-03-02", "Asia/Ho_Chi_Minh", T0 + S(9000));
        g_autoptr(GPtrArray) deliveries = NULL, sums = NULL;
        const SchedDelivery *d;
        const ContentRemark *told;
        const SchedDeliverySum *sum;

        g_test_message("%s", hushes[i].why);
        add_zone(input);
        add_silence(input);
        input->contact_us = input->told_us = T0 + S(hushes[i].contact_s);
        if (hushes[i].was_planned)
            add_plan(input->accepted, T0 - S(3600), new_segment(SEGMENT, T0, "jra"));
        add_plan(input->accepted, T0 + S(20), NULL);
        for (guint j = 0; j < hushes[i].n_parts; j++)
            add_record(input, hushes[i].parts[j].kind, T0 + S(hushes[i].parts[j].from_s),
                       T0 + S(hushes[i].parts[j].to_s), hushes[i].parts[j].relay,
                       hushes[i].parts[j].reason);
        deliveries = sched_delivery_judge(input);
        g_assert_cmpuint(deliveries->len, ==, 1);
        d = g_ptr_array_index(deliveries, 0);
        g_assert_cmpstr(sched_delivery_state_words[d->state], ==,
                        sched_delivery_state_words[hushes[i].state]);
        g_assert_cmpstr(content_reason_words[d->reason], ==,
                        content_reason_words[hushes[i].reason]);
        g_assert_cmpint(d->heard_us, ==, S(hushes[i].heard_s));
        g_assert_cmpstr(d->village_name, ==, "Làng A");
        /* Who and why stands there whatever became of it. */
        told = g_ptr_array_index(d->details, d->details->len - 1);
        g_assert_cmpstr(told->code, ==, "quiet_funeral");
        g_assert_cmpstr(content_remark_get(told, "who"), ==, "Rơ Châm H'Lan");
        g_assert_cmpstr(told->words, ==, "nhà ông Ama Thin");
        sums = sched_delivery_sum(deliveries);
        sum = g_ptr_array_index(sums, 0);
        g_assert_cmpint(sum->n_quiet, ==, d->state == SCHED_DELIVERY_QUIET ? 1 : 0);
        g_assert_cmpint(sum->planned_us, ==, d->state == SCHED_DELIVERY_QUIET ? 0 : LENGTH);
    }
}

static void
test_never_reached(void)
{
    g_autoptr(SchedDeliveryInput) input =
        sched_delivery_input_new("ia-le", "2026-03-02", "Asia/Ho_Chi_Minh", T0 + S(9000));
    g_autoptr(GPtrArray) deliveries = NULL;
    const SchedDelivery *d;

    add_plan(input->issued, T0 - S(200), new_segment(SEGMENT, T0, "jra"));
    deliveries = sched_delivery_judge(input);
    g_assert_cmpuint(deliveries->len, ==, 1);
    d = g_ptr_array_index(deliveries, 0);
    g_assert_cmpint(d->state, ==, SCHED_DELIVERY_NO_CONTACT);
    /* The zone was taken away since: its name must do for the village. */
    g_assert_cmpstr(d->village_name, ==, "a");
}

static void
test_sum(void)
{
    g_autoptr(SchedDeliveryInput) input =
        sched_delivery_input_new("ia-le", "2026-03-02", "Asia/Ho_Chi_Minh", T0 + S(9000));
    g_autoptr(GPtrArray) deliveries = NULL, sums = NULL;
    const SchedDeliverySum *sum;

    add_zone(input);
    input->contact_us = input->told_us = T0 + S(9000);
    add_plan(input->accepted, 1, new_segment(SEGMENT, T0, "jra"));
    add_plan(input->accepted, T0 + S(150),
             new_segment("11111111111111111111111111111111", T0 + S(200), "bdq"));
    add_record(input, PLAYED, T0, T0 + LENGTH, CLOSED, 0);
    deliveries = sched_delivery_judge(input);
    sums = sched_delivery_sum(deliveries);
    g_assert_cmpuint(sums->len, ==, 2);
    sum = g_ptr_array_index(sums, 0);
    g_assert_cmpstr(sum->language, ==, "bdq");
    g_assert_cmpint(sum->n_missed, ==, 1);
    g_assert_cmpint(sum->heard_us, ==, 0);
    sum = g_ptr_array_index(sums, 1);
    g_assert_cmpint(sum->n_delivered, ==, 1);
    g_assert_cmpint(sum->planned_us, ==, LENGTH);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/delivery/judge", test_judge);
    g_test_add_func("/report/delivery/parts", test_parts);
    g_test_add_func("/report/delivery/misses", test_misses);
    g_test_add_func("/report/delivery/quiet", test_quiet);
    g_test_add_func("/report/delivery/silence-within", test_silence_within);
    g_test_add_func("/report/delivery/plans", test_plans);
    g_test_add_func("/report/delivery/never-reached", test_never_reached);
    g_test_add_func("/report/delivery/sum", test_sum);
    return g_test_run();
}
