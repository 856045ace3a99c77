/*
 * alert-lines.c - what of an alert is not said in a zone, and why.
 *
 * Flow: alert-items.c judges the speeches of a repeat -> here -> ALERT_TAKEN and ALERT_ENDED.
 * See alert-run.h. Pure.
 *
 * A signal without words warns nobody of what comes: whoever called the alert is told which
 * villages heard no more than that.
 */
#include "player/cue/alert-run.h"

void
play_alert_line_free(gpointer line)
{
    g_free(((PlayAlertLine *) line)->language);
    g_free(line);
}

/* (nullable) */
static PlayAlertLine *
find_line(const PlayAlertZone *zone, const char *language)
{
    for (guint i = 0; i < zone->lines->len; i++) {
        PlayAlertLine *line = zone->lines->pdata[i];

        if (g_strcmp0(line->language, language) == 0)
            return line;
    }
    return NULL;
}

static void
add_line(PlayAlertZone *zone, const char *language, ContentReason reason)
{
    PlayAlertLine *line = g_new0(PlayAlertLine, 1);

    line->language = g_strdup(language);
    line->reason = reason;
    g_ptr_array_add(zone->lines, line);
}

void
play_alert_note_line(PlayAlertZone *zone, const char *language, ContentReason reason)
{
    PlayAlertLine *line = find_line(zone, language);

    if (language == NULL || (line != NULL && line->reason == CONTENT_REASON_NONE))
        return;
    if (reason == CONTENT_REASON_NONE)
        g_ptr_array_remove(zone->lines, line);
    else if (line != NULL)
        line->reason = reason;
    else
        add_line(zone, language, reason);
}

void
play_alert_said_line(PlayAlertZone *zone, const char *language)
{
    PlayAlertLine *line = find_line(zone, language);

    if (line != NULL)
        line->reason = CONTENT_REASON_NONE;
    else if (language != NULL)
        add_line(zone, language, CONTENT_REASON_NONE);
}

ContentReason
play_alert_why_unsaid(const PlayAlertZone *zone)
{
    for (guint i = 0; i < zone->lines->len; i++) {
        const PlayAlertLine *line = zone->lines->pdata[i];

        if (line->reason != CONTENT_REASON_NONE)
            return line->reason;
    }
    return CONTENT_REASON_NONE;
}

void
play_alert_tell_lines(const PlayAlertZone *zone, ContentRecord *record)
{
    for (guint i = 0; i < zone->lines->len; i++) {
        const PlayAlertLine *line = zone->lines->pdata[i];

        if (line->reason != CONTENT_REASON_NONE)
            content_record_tell(
                record, content_remark_new("alert_unsaid", NULL, "language", line->language,
                                           "reason", content_reason_words[line->reason], NULL));
    }
}
