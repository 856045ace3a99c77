/*
 * check.c - see check.h
 *
 * Two tables, of the segment and of each zone: a row a rule, in the order in which a person
 * would want to read the reason.
 */
#include "player/cue/check.h"

#include <string.h>

#include "content/language.h"
#include "content/source-address.h"

/* Sources that are made on the spot and say nothing need nobody's approval. */
static gboolean
source_is_plain(gint source)
{
    return source == CONTENT_SOURCE_TONE || source == CONTENT_SOURCE_SILENCE;
}

static ContentRemark *
say(const char *code)
{
    return content_remark_new(code, NULL, NULL);
}

static ContentRemark *
refuse_unset(const PlayCheck *facts, const ContentSegment *segment)
{
    return facts->settings == NULL || facts->local == NULL ? say("settings_missing") : NULL;
}

static ContentRemark *
refuse_alert_class(const PlayCheck *facts, const ContentSegment *segment)
{
    return segment->class_ >= CONTENT_CLASS_KHAN_CAP ? say("alert_class") : NULL;
}

static gboolean
source_is_live(gint source)
{
    return source == CONTENT_SOURCE_STREAM || source == CONTENT_SOURCE_LINE_IN;
}

/* A microphone is nothing that a plan can know of beforehand. */
static ContentRemark *
refuse_unknown_source(const PlayCheck *facts, const ContentSegment *segment)
{
    if (segment->source == CONTENT_SOURCE_OBJECT || source_is_plain(segment->source) ||
        source_is_live(segment->source))
        return NULL;
    return content_remark_new("source_unknown", NULL, "source",
                              content_source_words[segment->source], NULL);
}

static gboolean
approves(const ContentApproval *approval, gint source)
{
    if (source_is_live(source))
        return approval->kind == CONTENT_APPROVED_SOURCE &&
               content_source_address_kind(approval->address) == source;
    return approval->kind == CONTENT_APPROVED_VERSION ||
           approval->kind == CONTENT_APPROVED_SIGNAL;
}

static ContentRemark *
refuse_without_approval(const PlayCheck *facts, const ContentSegment *segment)
{
    if (source_is_plain(segment->source))
        return NULL;
    if (facts->approval == NULL)
        return say("approval_missing");
    if (!approves(facts->approval, segment->source))
        return say("approval_other_kind");
    return NULL;
}

/* Of audio the beginning decides: its length was heard by whoever approved. What a live source
 * will say nobody has heard, so all of its time has to be approved. */
static gint64
last_instant_us(const ContentSegment *segment)
{
    return source_is_live(segment->source) ? segment->start_us + segment->duration_us - 1
                                           : segment->start_us;
}

/* What was approved is the very audio, in that language, up to that class, at that time. */
static ContentRemark *
refuse_outside_approval(const PlayCheck *facts, const ContentSegment *segment)
{
    const ContentApproval *approval = facts->approval;

    if (source_is_plain(segment->source))
        return NULL;
    if (g_strcmp0(approval->object, segment->object) != 0)
        return say("approval_other_audio");
    if (g_strcmp0(approval->language, segment->language) != 0)
        return content_remark_new("approval_language", NULL, "language", approval->language,
                                  NULL);
    if (segment->class_ > approval->class_)
        return content_remark_new("approval_class", NULL, "class",
                                  content_class_words[approval->class_], NULL);
    if (segment->start_us < approval->valid_from_us)
        return say("approval_early");
    if (last_instant_us(segment) >= approval->valid_until_us)
        return say("approval_over");
    return NULL;
}

static ContentRemark *
refuse_untrusted(const PlayCheck *facts, const ContentSegment *segment)
{
    return facts->trust == CONTENT_TRUST_UNSET ? say("clock_untrusted") : NULL;
}

static ContentRemark *
refuse_corrupt(const PlayCheck *facts, const ContentSegment *segment)
{
    return segment->source == CONTENT_SOURCE_OBJECT && facts->object == PLAY_OBJECT_CORRUPT
               ? say("object_corrupt")
               : NULL;
}

static ContentRemark *
refuse_missing(const PlayCheck *facts, const ContentSegment *segment)
{
    return segment->source == CONTENT_SOURCE_OBJECT && facts->object == PLAY_OBJECT_MISSING
               ? say("object_missing")
               : NULL;
}

/* clang-format off */
static const struct {
    ContentReason reason;
    ContentRemark *(*refuse)(const PlayCheck *facts, const ContentSegment *segment);
} rules[] = {
    { CONTENT_REASON_NOT_APPROVED,     refuse_alert_class },
    { CONTENT_REASON_NOT_APPROVED,     refuse_unknown_source },
    { CONTENT_REASON_NOT_APPROVED,     refuse_without_approval },
    { CONTENT_REASON_NOT_APPROVED,     refuse_outside_approval },
    { CONTENT_REASON_OUTSIDE_WINDOW,   refuse_unset },
    { CONTENT_REASON_CLOCK_UNTRUSTED,  refuse_untrusted },
    { CONTENT_REASON_OBJECT_CORRUPT,   refuse_corrupt },
    { CONTENT_REASON_OBJECT_MISSING,   refuse_missing },
};
/* clang-format on */

ContentReason
play_check_segment(const PlayCheck *facts, const ContentSegment *segment,
                   ContentRemark **out_detail)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
        ContentRemark *detail = rules[i].refuse(facts, segment);

        if (detail != NULL) {
            *out_detail = detail;
            return rules[i].reason;
        }
    }
    return CONTENT_REASON_NONE;
}

const ContentSettingsZone *
play_check_find_zone(const ContentStationSettings *settings, const char *id)
{
    for (guint i = 0; settings != NULL && i < settings->zones->len; i++) {
        const ContentSettingsZone *zone = settings->zones->pdata[i];

        if (strcmp(zone->id, id) == 0)
            return zone;
    }
    return NULL;
}

static gboolean
has_common(GPtrArray *a, GPtrArray *b)
{
    for (guint i = 0; i < a->len; i++) {
        for (guint j = 0; j < b->len; j++) {
            if (strcmp(a->pdata[i], b->pdata[j]) == 0)
                return TRUE;
        }
    }
    return FALSE;
}

ContentRemark *
play_check_spoken(const ContentApproval *approval, const char *object, const char *language,
                  const ContentSettingsZone *place, const PlayInstant *now)
{
    if (approval == NULL)
        return say("approval_missing");
    if (approval->kind != CONTENT_APPROVED_TEMPLATE)
        return say("approval_other_kind");
    if (g_strcmp0(approval->object, object) != 0)
        return say("approval_other_audio");
    if (approval->language == NULL || content_language_match(language, approval->language) == 0)
        return content_remark_new("approval_language", NULL, "language", approval->language,
                                  NULL);
    if (place != NULL && !has_common(place->areas, approval->areas))
        return content_remark_new("outside_areas", NULL, "village", place->village, NULL);
    if (now == NULL || now->trust == CONTENT_TRUST_UNSET)
        return NULL;
    if (now->utc_us < approval->valid_from_us)
        return say("approval_early");
    return now->utc_us >= approval->valid_until_us ? say("approval_over") : NULL;
}

gboolean
play_check_is_spoken(const GPtrArray *approvals, const char *object, const char *language,
                     const ContentSettingsZone *place, const PlayInstant *now)
{
    for (guint i = 0; i < approvals->len; i++) {
        g_autoptr(ContentRemark) why =
            play_check_spoken(approvals->pdata[i], object, language, place, now);

        if (why == NULL)
            return TRUE;
    }
    return FALSE;
}

static ContentRemark *
refuse_other_area(const PlayCheck *facts, const ContentSegment *segment,
                  const ContentSettingsZone *place)
{
    if (source_is_plain(segment->source) || facts->approval == NULL ||
        has_common(place->areas, facts->approval->areas))
        return NULL;
    return content_remark_new("outside_areas", NULL, "village", place->village, NULL);
}

gboolean
play_check_windows(const ContentSettingsZone *place, const PlayLocal *local, gint class_)
{
    for (guint i = 0; i < place->windows->len; i++) {
        const ContentWindow *window = place->windows->pdata[i];

        if (class_ >= window->class_ && (window->weekdays >> local->weekday & 1) != 0 &&
            local->minute >= window->from_min && local->minute < window->to_min)
            return TRUE;
    }
    return FALSE;
}

static ContentRemark *
refuse_outside_window(const PlayCheck *facts, const ContentSegment *segment,
                      const ContentSettingsZone *place)
{
    PlayLocal local = play_local_time_read(facts->local, segment->start_us);
    g_autofree char *time = NULL;

    if (play_check_windows(place, &local, segment->class_))
        return NULL;
    time = g_strdup_printf("%02d:%02d", (int) (local.minute / 60), (int) (local.minute % 60));
    return content_remark_new("outside_window", NULL, "time", time, "class",
                              content_class_words[segment->class_], "village", place->village,
                              NULL);
}

static ContentRemark *
refuse_over_limit(const PlayCheck *facts, const ContentSegment *segment,
                  const ContentSettingsZone *place)
{
    gint64 limit_us = place->daily_limit_min * 60 * G_USEC_PER_SEC;
    ContentRemark *made;

    if (facts->used_us + segment->duration_us <= limit_us)
        return NULL;
    made = content_remark_new("over_daily_limit", NULL, "village", place->village, NULL);
    content_remark_add_number(made, "used", facts->used_us / 60 / G_USEC_PER_SEC);
    content_remark_add_number(made, "limit", place->daily_limit_min);
    return made;
}

/* clang-format off */
static const struct {
    ContentReason reason;
    ContentRemark *(*refuse)(const PlayCheck *facts, const ContentSegment *segment, const ContentSettingsZone *place);
} zone_rules[] = {
    { CONTENT_REASON_NOT_APPROVED,     refuse_other_area },
    { CONTENT_REASON_OUTSIDE_WINDOW,   refuse_outside_window },
    { CONTENT_REASON_OVER_DAILY_LIMIT, refuse_over_limit },
};
/* clang-format on */

ContentReason
play_check_zone(const PlayCheck *facts, const ContentSegment *segment, const char *zone,
                ContentRemark **out_detail)
{
    const ContentSettingsZone *place = play_check_find_zone(facts->settings, zone);

    if (place == NULL || strcmp(place->output, segment->output) != 0) {
        *out_detail = content_remark_new("zone_not_in_settings", NULL, "zone", zone, "output",
                                         segment->output, NULL);
        return CONTENT_REASON_ZONE_UNKNOWN;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(zone_rules); i++) {
        ContentRemark *detail = zone_rules[i].refuse(facts, segment, place);

        if (detail != NULL) {
            *out_detail = detail;
            return zone_rules[i].reason;
        }
    }
    return CONTENT_REASON_NONE;
}
