/* delivery.c - see delivery.h */
#include "scheduler/report/delivery.h"

#include "scheduler/report/words.h"

#include <string.h>

/* Without a word for so many heartbeats a record is not "on the way" any more. */
#define PATIENCE_HEARTBEATS 3
/* After the end of a segment its record is in the station's journal by then. */
#define WRITTEN_US (5 * G_USEC_PER_SEC)

const char *const sched_delivery_state_words[] = {"delivered",  "partial", "missed", "waiting",
                                                  "no_contact", "quiet",   NULL};

void
sched_accepted_plan_free(SchedAcceptedPlan *accepted)
{
    if (accepted == NULL)
        return;
    if (!accepted->is_borrowed)
        content_day_plan_free(accepted->plan);
    g_free(accepted);
}

void
sched_delivery_zone_free(SchedDeliveryZone *zone)
{
    if (zone == NULL)
        return;
    g_free(zone->zone);
    g_free(zone->village);
    g_free(zone->village_name);
    g_free(zone);
}

void
sched_silence_free(SchedSilence *silence)
{
    if (silence == NULL)
        return;
    g_free(silence->zone);
    g_free(silence->segment);
    g_free(silence->quiet);
    g_free(silence->date);
    g_free(silence->occurrence);
    g_free(silence->slot);
    g_free(silence->item);
    g_free(silence->title);
    g_free(silence->language);
    g_free(silence->object);
    g_free(silence->why);
    g_free(silence->words);
    g_free(silence->who);
    g_free(silence);
}

gint64
sched_delivery_patience_us(const SchedDeliveryInput *input)
{
    return PATIENCE_HEARTBEATS * input->heartbeat_us;
}

SchedDeliveryInput *
sched_delivery_input_new(const char *station, const char *date, const char *tzid, gint64 now_us)
{
    SchedDeliveryInput *input = g_new0(SchedDeliveryInput, 1);

    input->station = g_strdup(station);
    input->date = g_strdup(date);
    input->tzid = g_strdup(tzid);
    input->now_us = now_us;
    input->heartbeat_us = 60 * G_USEC_PER_SEC;
    input->accepted = g_ptr_array_new_with_free_func((GDestroyNotify) sched_accepted_plan_free);
    input->issued = g_ptr_array_new_with_free_func((GDestroyNotify) sched_accepted_plan_free);
    input->records = g_ptr_array_new_with_free_func((GDestroyNotify) content_record_free);
    input->zones = g_ptr_array_new_with_free_func((GDestroyNotify) sched_delivery_zone_free);
    input->down = g_array_new(FALSE, TRUE, sizeof(SchedDownSpan));
    input->silences = g_ptr_array_new_with_free_func((GDestroyNotify) sched_silence_free);
    return input;
}

void
sched_delivery_input_free(SchedDeliveryInput *input)
{
    if (input == NULL)
        return;
    g_free(input->station);
    g_free(input->date);
    g_free(input->tzid);
    g_ptr_array_unref(input->accepted);
    g_ptr_array_unref(input->issued);
    g_ptr_array_unref(input->records);
    g_ptr_array_unref(input->zones);
    g_array_unref(input->down);
    g_clear_pointer(&input->silences, g_ptr_array_unref);
    g_free(input);
}

void
sched_delivery_free(SchedDelivery *delivery)
{
    if (delivery == NULL)
        return;
    g_free(delivery->station);
    g_free(delivery->zone);
    g_free(delivery->village);
    g_free(delivery->village_name);
    g_free(delivery->date);
    g_free(delivery->segment);
    g_free(delivery->slot);
    g_free(delivery->occurrence);
    g_free(delivery->item);
    g_free(delivery->title);
    g_free(delivery->language);
    g_free(delivery->object);
    g_clear_pointer(&delivery->details, g_ptr_array_unref);
    g_free(delivery->why);
    g_free(delivery->why_vi);
    g_free(delivery);
}

void
sched_delivery_sum_free(SchedDeliverySum *sum)
{
    if (sum == NULL)
        return;
    g_free(sum->language);
    g_free(sum);
}

/* What the records say of one segment in one zone. */
typedef struct {
    gint64 heard_us;   /* sound with the relay read closed */
    gint64 longest_us; /* of the part whose level is told */
    gint64 covered_us; /* up to here sound is counted already */
    gint64 started_us;
    gint64 level_mdb;
    gint reason;              /* ContentReason: of the final record, or else of a part */
    gint trust;               /* ContentTrust: the least of all records; -1: there is none */
    const GPtrArray *details; /* (nullable): of the record with the reason */
    gboolean has_started, has_ended, relay_confirmed, relay_failed, journal_late;
    gboolean has_part; /* of a player that ended within it and may have come back */
    gboolean reason_is_final;
} Evidence;

typedef struct {
    const SchedDeliveryInput *input;
    GHashTable *records;  /* "segment zone" → GPtrArray of ContentRecord */
    GHashTable *judged;   /* "segment zone": told already */
    GHashTable *silences; /* "segment zone" → SchedSilence */
    GPtrArray *deliveries;
} Judgement;

static char *
key_of(const char *segment, const char *zone)
{
    return g_strconcat(segment, " ", zone, NULL);
}

static GHashTable *
index_records(GPtrArray *records)
{
    GHashTable *index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                              (GDestroyNotify) g_ptr_array_unref);

    for (guint i = 0; i < records->len; i++) {
        ContentRecord *record = g_ptr_array_index(records, i);
        g_autofree char *key = NULL;
        GPtrArray *list;

        if (record->segment == NULL || record->zone == NULL)
            continue;
        key = key_of(record->segment, record->zone);
        list = g_hash_table_lookup(index, key);
        if (list == NULL) {
            list = g_ptr_array_new();
            g_hash_table_insert(index, g_steal_pointer(&key), list);
        }
        g_ptr_array_add(list, record);
    }
    return index;
}

/* A part's sound that no earlier part covers; parts come by start. */
static void
add_part(Evidence *evidence, const ContentPart *part)
{
    gint64 from_us = MAX(part->from_us, evidence->covered_us);
    gint64 sound_us = MAX(part->to_us - from_us - part->silent_us, 0);

    if (evidence->started_us == 0)
        evidence->started_us = part->from_us;
    if (part->relay != CONTENT_RELAY_CLOSED) {
        evidence->relay_failed = TRUE;
        return;
    }
    evidence->relay_confirmed = TRUE;
    if (part->to_us <= from_us)
        return;
    evidence->covered_us = part->to_us;
    evidence->heard_us += sound_us;
    if (sound_us > evidence->longest_us) {
        evidence->longest_us = sound_us;
        evidence->level_mdb = part->level_mdb;
    }
}

static gint
compare_parts(gconstpointer a, gconstpointer b)
{
    const ContentPart *one = *(const ContentPart *const *) a;
    const ContentPart *other = *(const ContentPart *const *) b;

    return (one->from_us > other->from_us) - (one->from_us < other->from_us);
}

/* What every record tells of sound: a part that ended with its player is told twice, by itself
 * and again in the final record. */
static GPtrArray *
parts_of(GPtrArray *records)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(content_part_shape.free);

    for (guint i = 0; i < records->len; i++) {
        const ContentRecord *record = g_ptr_array_index(records, i);

        if (record->kind == CONTENT_RECORD_PLAYED || record->kind == CONTENT_RECORD_PART)
            g_ptr_array_extend_and_steal(all, content_record_parts(record));
    }
    g_ptr_array_sort(all, compare_parts);
    return all;
}

/* The final record knows why something is missing, and after it whoever wrote of a part. */
static void
take_reason(Evidence *evidence, const ContentRecord *record)
{
    if (record->reason == CONTENT_REASON_NONE ||
        (evidence->reason != CONTENT_REASON_NONE &&
         (record->kind == CONTENT_RECORD_PART || evidence->reason_is_final)))
        return;
    evidence->reason = record->reason;
    evidence->details = record->details;
    evidence->reason_is_final = record->kind != CONTENT_RECORD_PART;
}

static Evidence
weigh(GPtrArray *records)
{
    Evidence evidence = {.level_mdb = G_MININT64, .trust = -1};
    g_autoptr(GPtrArray) parts = records == NULL ? NULL : parts_of(records);

    for (guint i = 0; records != NULL && i < records->len; i++) {
        const ContentRecord *record = g_ptr_array_index(records, i);

        if (evidence.trust < 0 || record->trust < evidence.trust)
            evidence.trust = record->trust;
        if (record->kind == CONTENT_RECORD_STARTED)
            evidence.has_started = TRUE;
        evidence.has_part |= record->kind == CONTENT_RECORD_PART;
        if (record->kind != CONTENT_RECORD_PLAYED && record->kind != CONTENT_RECORD_MISSED &&
            record->kind != CONTENT_RECORD_PART)
            continue;
        evidence.has_ended |= record->kind != CONTENT_RECORD_PART;
        evidence.journal_late = evidence.journal_late || record->journal_late;
        take_reason(&evidence, record);
    }
    for (guint i = 0; parts != NULL && i < parts->len; i++)
        add_part(&evidence, parts->pdata[i]);
    return evidence;
}

/*
 * (nullable): the longest time in which the player did not run while the segment should sound,
 * or, for a plan that never came, could not be reached. A player plays on without network.
 */
static const SchedDownSpan *
find_down(const SchedDeliveryInput *input, const ContentSegment *segment, gboolean is_untaken)
{
    gint64 end_us = segment->start_us + segment->duration_us;
    const SchedDownSpan *best = NULL;
    gint64 best_us = 0;

    for (guint i = 0; i < input->down->len; i++) {
        const SchedDownSpan *span = &g_array_index(input->down, SchedDownSpan, i);
        gint64 overlap_us = MIN(span->to_us, end_us) - MAX(span->from_us, segment->start_us);

        if (span->reason == CONTENT_REASON_NO_NETWORK && !is_untaken)
            continue;
        if (overlap_us > best_us) {
            best_us = overlap_us;
            best = span;
        }
    }
    return best;
}

static ContentRemark *
say(const char *code)
{
    return content_remark_new(code, NULL, NULL);
}

/* @detail: (transfer full) (nullable): what the district itself says of it */
static void
set_verdict(SchedDelivery *d, SchedDeliveryState state, gint reason, ContentRemark *detail)
{
    d->state = state;
    d->reason = reason;
    if (detail != NULL)
        g_ptr_array_add(d->details, detail);
}

static void
add_details(SchedDelivery *d, const GPtrArray *details)
{
    for (guint i = 0; details != NULL && i < details->len; i++)
        g_ptr_array_add(d->details, content_remark_copy(details->pdata[i]));
}

/* "No power" is worth more with its hours. */
static void
add_down(SchedDelivery *d, const SchedDownSpan *down)
{
    if (down == NULL || d->reason != down->reason || d->state == SCHED_DELIVERY_DELIVERED)
        return;
    d->down_from_us = down->from_us;
    d->down_to_us = down->to_us;
}

static void
add_words(const SchedDeliveryInput *input, SchedDelivery *d)
{
    char **const places[] = {[CONTENT_READER_EN] = &d->why, [CONTENT_READER_VI] = &d->why_vi};

    for (guint i = 0; i < G_N_ELEMENTS(places); i++)
        *places[i] = sched_miss_words((ContentReason) d->reason, d->down_from_us, d->down_to_us,
                                      input->date, input->tzid, (ContentReader) i);
}

/* Why something with records of its end is not whole. */
static void
judge_ended(SchedDelivery *d, const Evidence *e, const SchedDownSpan *down)
{
    gint reason = e->reason;

    if (d->heard_us >= d->planned_us - SCHED_DELIVERY_SLACK_US) {
        set_verdict(d, SCHED_DELIVERY_DELIVERED, CONTENT_REASON_NONE, NULL);
        return;
    }
    if (reason == CONTENT_REASON_NONE && e->relay_failed)
        reason = CONTENT_REASON_RELAY_FAILED;
    if (reason == CONTENT_REASON_NONE && down != NULL)
        reason = down->reason;
    if (d->heard_us > 0)
        set_verdict(d, SCHED_DELIVERY_PARTIAL,
                    reason == CONTENT_REASON_NONE ? CONTENT_REASON_INTERRUPTED : reason, NULL);
    else
        set_verdict(d, SCHED_DELIVERY_MISSED,
                    reason == CONTENT_REASON_NONE ? CONTENT_REASON_UNKNOWN : reason, NULL);
    add_details(d, e->details);
}

/* Nothing was recorded of its end: is that still to come, or is it known to be lost? */
static void
judge_silent(const SchedDeliveryInput *input, SchedDelivery *d, const Evidence *e,
             const SchedDownSpan *down)
{
    gint64 end_us = d->planned_start_us + d->planned_us;
    gint64 patience_us = sched_delivery_patience_us(input);

    if (input->now_us < end_us + patience_us)
        set_verdict(d, SCHED_DELIVERY_WAITING, CONTENT_REASON_NONE, NULL);
    else if (input->contact_us < end_us)
        set_verdict(d, SCHED_DELIVERY_NO_CONTACT, CONTENT_REASON_UNKNOWN,
                    input->contact_us == 0 ? say("verdict_never_heard")
                                           : say("verdict_not_heard_since"));
    else if (input->has_unsent || input->told_us < end_us + WRITTEN_US)
        set_verdict(d, SCHED_DELIVERY_WAITING, CONTENT_REASON_NONE, say("verdict_on_the_way"));
    else if (down != NULL)
        set_verdict(d, SCHED_DELIVERY_MISSED, down->reason, NULL);
    else if (e->has_started)
        set_verdict(d, SCHED_DELIVERY_MISSED, CONTENT_REASON_INTERRUPTED, say("verdict_began"));
    else
        set_verdict(d, SCHED_DELIVERY_MISSED, CONTENT_REASON_UNKNOWN, say("verdict_no_record"));
}

/* What we had issued and the station had not taken. */
static void
judge_untaken(const SchedDeliveryInput *input, SchedDelivery *d, const SchedDownSpan *down)
{
    if (input->now_us < d->planned_start_us)
        set_verdict(d, SCHED_DELIVERY_WAITING, CONTENT_REASON_NONE,
                    say("verdict_not_taken_yet"));
    else if (input->contact_us < d->planned_start_us)
        set_verdict(d, SCHED_DELIVERY_NO_CONTACT, CONTENT_REASON_UNKNOWN,
                    say("verdict_not_taken"));
    else
        set_verdict(d, SCHED_DELIVERY_MISSED,
                    down == NULL ? CONTENT_REASON_UNKNOWN : down->reason,
                    say("verdict_not_taken"));
}

static const SchedDeliveryZone *
find_zone(const SchedDeliveryInput *input, const char *id)
{
    for (guint i = 0; i < input->zones->len; i++) {
        const SchedDeliveryZone *zone = g_ptr_array_index(input->zones, i);

        if (g_str_equal(zone->zone, id))
            return zone;
    }
    return NULL;
}

static SchedDelivery *
describe(const SchedDeliveryInput *input, const ContentSegment *s, const char *zone_id)
{
    const SchedDeliveryZone *zone = find_zone(input, zone_id);
    SchedDelivery *d = g_new0(SchedDelivery, 1);

    d->details = g_ptr_array_new_with_free_func(content_remark_shape.free);
    d->station = g_strdup(input->station);
    d->date = g_strdup(input->date);
    d->zone = g_strdup(zone_id);
    /* A zone that was taken away since has no village any more; its name must do. */
    d->village = g_strdup(zone == NULL ? "" : zone->village);
    d->village_name = g_strdup(zone == NULL ? zone_id : zone->village_name);
    d->line_sensed = zone != NULL && zone->line_sensed;
    d->segment = g_strdup(s->id);
    d->slot = g_strdup(s->slot);
    d->occurrence = g_strdup(s->occurrence);
    d->item = g_strdup(s->item);
    d->title = g_strdup(s->title);
    d->language = g_strdup(s->language);
    d->object = g_strdup(s->object);
    d->planned_start_us = s->start_us;
    d->planned_us = s->duration_us;
    d->level_mdb = G_MININT64;
    return d;
}

/* A player that ended within it and is not back yet may still sound the rest, or tell of it. */
static gboolean
is_over(const SchedDeliveryInput *input, const ContentSegment *segment, const Evidence *e)
{
    gint64 patience_us = sched_delivery_patience_us(input);

    return e->has_ended ||
           (e->has_part &&
            input->now_us >= segment->start_us + segment->duration_us + patience_us);
}

/* "quiet_funeral", by whom, and in whose words. */
static void
add_silence(SchedDelivery *d, const SchedSilence *silence)
{
    g_autofree char *code = g_strconcat("quiet_", silence->why, NULL);

    if (d->details->len < CONTENT_RECORD_MAX_DETAILS)
        g_ptr_array_add(d->details, content_remark_say(content_remark_new(code, NULL, "who",
                                                                          silence->who, NULL),
                                                       silence->words));
}

/* What sounded when silence was asked for: the plan that named it was taken back. */
static void
judge_hushed(SchedDelivery *d, const SchedSilence *silence)
{
    if (d->reason == CONTENT_REASON_WITHDRAWN)
        set_verdict(d, d->heard_us > 0 ? SCHED_DELIVERY_PARTIAL : SCHED_DELIVERY_QUIET,
                    CONTENT_REASON_QUIET_REQUEST, NULL);
    add_silence(d, silence);
}

static void
judge_zone(Judgement *j, const ContentSegment *segment, const char *zone, gboolean is_taken)
{
    g_autofree char *key = key_of(segment->id, zone);
    Evidence evidence = weigh(g_hash_table_lookup(j->records, key));
    const SchedDownSpan *down = find_down(j->input, segment, !evidence.has_ended && !is_taken);
    const SchedSilence *silence = g_hash_table_lookup(j->silences, key);
    SchedDelivery *d;

    if (g_hash_table_contains(j->judged, key))
        return;
    d = describe(j->input, segment, zone);
    g_hash_table_add(j->judged, g_steal_pointer(&key));
    d->started_us = evidence.started_us;
    d->heard_us = MIN(evidence.heard_us, segment->duration_us);
    d->level_mdb = evidence.level_mdb;
    d->clock = evidence.trust < 0 ? NULL : content_trust_words[evidence.trust];
    d->relay_confirmed = evidence.relay_confirmed;
    d->journal_late = evidence.journal_late;
    if (is_over(j->input, segment, &evidence))
        judge_ended(d, &evidence, down);
    else if (is_taken)
        judge_silent(j->input, d, &evidence, down);
    else
        judge_untaken(j->input, d, down);
    if (silence != NULL)
        judge_hushed(d, silence);
    add_down(d, down);
    add_words(j->input, d);
    g_ptr_array_add(j->deliveries, d);
}

/* The segments of a plan that start while it is in force. */
static void
judge_span(Judgement *j, GPtrArray *spans, guint number, gboolean is_taken)
{
    const SchedAcceptedPlan *span = g_ptr_array_index(spans, number);
    gint64 to_us = number + 1 < spans->len
                       ? ((SchedAcceptedPlan *) g_ptr_array_index(spans, number + 1))->from_us
                       : G_MAXINT64;

    for (guint i = 0; span->plan != NULL && i < span->plan->segments->len; i++) {
        const ContentSegment *segment = g_ptr_array_index(span->plan->segments, i);

        if (segment->start_us < span->from_us || segment->start_us >= to_us)
            continue;
        for (guint z = 0; z < segment->zones->len; z++)
            judge_zone(j, segment, g_ptr_array_index(segment->zones, z), is_taken);
    }
}

/* What no plan holds any more. */
static void
judge_silence(Judgement *j, const SchedSilence *silence)
{
    const ContentSegment segment = {
        .id = silence->segment,
        .slot = silence->slot,
        .occurrence = silence->occurrence,
        .item = silence->item,
        .title = silence->title,
        .language = silence->language,
        .object = silence->object,
        .start_us = silence->start_us,
        .duration_us = silence->duration_us,
    };
    g_autofree char *key = key_of(silence->segment, silence->zone);
    SchedDelivery *d;

    if (g_hash_table_contains(j->judged, key))
        return;
    g_hash_table_add(j->judged, g_steal_pointer(&key));
    d = describe(j->input, &segment, silence->zone);
    set_verdict(d, SCHED_DELIVERY_QUIET, CONTENT_REASON_QUIET_REQUEST, NULL);
    add_silence(d, silence);
    add_words(j->input, d);
    g_ptr_array_add(j->deliveries, d);
}

static GHashTable *
index_silences(GPtrArray *silences)
{
    GHashTable *index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < silences->len; i++) {
        SchedSilence *silence = g_ptr_array_index(silences, i);

        g_hash_table_insert(index, key_of(silence->segment, silence->zone), silence);
    }
    return index;
}

static gint
compare_deliveries(gconstpointer a, gconstpointer b)
{
    const SchedDelivery *one = *(const SchedDelivery *const *) a;
    const SchedDelivery *other = *(const SchedDelivery *const *) b;
    gint order = (one->planned_start_us > other->planned_start_us) -
                 (one->planned_start_us < other->planned_start_us);

    if (order == 0)
        order = strcmp(one->zone, other->zone);
    return order != 0 ? order : strcmp(one->segment, other->segment);
}

GPtrArray *
sched_delivery_judge(const SchedDeliveryInput *input)
{
    g_autoptr(GHashTable) records = index_records(input->records);
    g_autoptr(GHashTable) judged = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) silences = index_silences(input->silences);
    GPtrArray *deliveries =
        g_ptr_array_new_with_free_func((GDestroyNotify) sched_delivery_free);
    Judgement judgement = {input, records, judged, silences, deliveries};

    for (guint i = 0; i < input->accepted->len; i++)
        judge_span(&judgement, input->accepted, i, TRUE);
    for (guint i = 0; i < input->issued->len; i++)
        judge_span(&judgement, input->issued, i, FALSE);
    for (guint i = 0; i < input->silences->len; i++)
        judge_silence(&judgement, g_ptr_array_index(input->silences, i));
    g_ptr_array_sort(deliveries, compare_deliveries);
    return deliveries;
}

/* Sums
 * ----------------------------------------------------------------------------------------- */

static SchedDeliverySum *
find_sum(GPtrArray *sums, const char *language)
{
    SchedDeliverySum *sum;

    for (guint i = 0; i < sums->len; i++) {
        sum = g_ptr_array_index(sums, i);
        if (g_str_equal(sum->language, language))
            return sum;
    }
    sum = g_new0(SchedDeliverySum, 1);
    sum->language = g_strdup(language);
    g_ptr_array_add(sums, sum);
    return sum;
}

static gint
compare_sums(gconstpointer a, gconstpointer b)
{
    return strcmp((*(const SchedDeliverySum *const *) a)->language,
                  (*(const SchedDeliverySum *const *) b)->language);
}

GPtrArray *
sched_delivery_sum(GPtrArray *deliveries)
{
    GPtrArray *sums = g_ptr_array_new_with_free_func((GDestroyNotify) sched_delivery_sum_free);

    for (guint i = 0; i < deliveries->len; i++) {
        const SchedDelivery *d = g_ptr_array_index(deliveries, i);
        SchedDeliverySum *sum = find_sum(sums, d->language == NULL ? "" : d->language);
        gint64 *const counts[] = {
            [SCHED_DELIVERY_DELIVERED] = &sum->n_delivered,
            [SCHED_DELIVERY_PARTIAL] = &sum->n_partial,
            [SCHED_DELIVERY_MISSED] = &sum->n_missed,
            [SCHED_DELIVERY_WAITING] = &sum->n_waiting,
            [SCHED_DELIVERY_NO_CONTACT] = &sum->n_no_contact,
            [SCHED_DELIVERY_QUIET] = &sum->n_quiet,
        };

        /* It is in no plan. */
        if (d->state != SCHED_DELIVERY_QUIET)
            sum->planned_us += d->planned_us;
        sum->heard_us += d->heard_us;
        (*counts[d->state])++;
    }
    g_ptr_array_sort(sums, compare_sums);
    return sums;
}
