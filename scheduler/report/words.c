/* words.c - see words.h */
#include "scheduler/report/words.h"

static char *
format(gint64 at_us, GTimeZone *zone, const char *pattern)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_us / G_USEC_PER_SEC);
    g_autoptr(GDateTime) at = utc == NULL ? NULL : g_date_time_to_timezone(utc, zone);

    return at == NULL ? g_strdup("?") : g_date_time_format(at, pattern);
}

/* @date: (nullable): is not repeated */
static char *
hour_of(gint64 at_us, GTimeZone *zone, const char *date)
{
    g_autofree char *day = format(at_us, zone, "%Y-%m-%d");

    return format(at_us, zone, g_strcmp0(day, date) == 0 ? "%H:%M" : "%d/%m %H:%M");
}

char *
sched_miss_words(ContentReason reason, gint64 from_us, gint64 to_us, const char *date,
                 const char *tzid, ContentReader reader)
{
    g_autoptr(GTimeZone) named = NULL, zone = NULL;
    g_autofree char *from = NULL, *to = NULL, *first_day = NULL;
    const char *words;

    /* Most of a day was heard, and needs no words. */
    if (reason == CONTENT_REASON_NONE)
        return g_strdup("");
    words = content_wording_reason(reader, reason);
    if (to_us == 0)
        return g_strdup(words);
    named = g_time_zone_new_identifier(tzid);
    zone = named == NULL ? g_time_zone_new_utc() : g_time_zone_ref(named);
    if (from_us == 0) {
        to = hour_of(to_us, zone, date);
        return g_strdup_printf("%s %s %s", words, content_wording_text(reader, "say.until"),
                               to);
    }
    from = hour_of(from_us, zone, date);
    first_day = format(from_us, zone, "%Y-%m-%d");
    to = hour_of(to_us, zone, first_day);
    return g_strdup_printf("%s %s–%s", words, from, to);
}
