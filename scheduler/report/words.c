/* words.c - see words.h */
#include "scheduler/report/words.h"

/* clang-format off */
static const struct { const char *english, *vietnamese; } reasons[] = {
    [CONTENT_REASON_NONE]             = { "", "" },
    [CONTENT_REASON_OBJECT_MISSING]   = { "audio missing", "thiếu tệp âm thanh" },
    [CONTENT_REASON_OBJECT_CORRUPT]   = { "audio damaged", "tệp âm thanh hỏng" },
    [CONTENT_REASON_DECODE_FAILED]    = { "audio cannot be decoded", "không giải mã được âm thanh" },
    [CONTENT_REASON_CLOCK_UNTRUSTED]  = { "clock not trusted", "đồng hồ chưa tin được" },
    [CONTENT_REASON_OUTSIDE_WINDOW]   = { "outside the allowed hours", "ngoài khung giờ cho phép" },
    [CONTENT_REASON_OVER_DAILY_LIMIT] = { "over the daily limit", "quá thời lượng trong ngày" },
    [CONTENT_REASON_NOT_APPROVED]     = { "not approved", "chưa được duyệt" },
    [CONTENT_REASON_WITHDRAWN]        = { "withdrawn", "đã thu hồi" },
    [CONTENT_REASON_DISPLACED]        = { "displaced by another", "nhường cho bản tin khác" },
    [CONTENT_REASON_RELAY_FAILED]     = { "relay failed", "rơ-le không đóng" },
    [CONTENT_REASON_GATEWAY_DOWN]     = { "gateway down", "cổng rơ-le không trả lời" },
    [CONTENT_REASON_ZONE_UNKNOWN]     = { "zone unknown to the gateway", "cổng rơ-le không có cụm loa này" },
    [CONTENT_REASON_OUTPUT_FAILED]    = { "sound output failed", "ngõ ra âm thanh hỏng" },
    [CONTENT_REASON_PLAYER_STOPPED]   = { "player stopped", "máy phát dừng" },
    [CONTENT_REASON_NO_POWER]         = { "no power", "mất điện" },
    [CONTENT_REASON_INTERRUPTED]      = { "interrupted", "bị ngắt giữa chừng" },
    [CONTENT_REASON_LATE_SOURCE]      = { "sound came late", "âm thanh đến muộn" },
    [CONTENT_REASON_UNKNOWN]          = { "unknown", "không rõ" },
    [CONTENT_REASON_NO_NETWORK]       = { "no network", "mất mạng" },
};
static const char *const until_words[] = {
    [SCHED_WORDS_ENGLISH]    = "until",
    [SCHED_WORDS_VIETNAMESE] = "đến",
};
/* clang-format on */

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
                 const char *tzid, SchedWordsLanguage language)
{
    g_autoptr(GTimeZone) named = g_time_zone_new_identifier(tzid);
    g_autoptr(GTimeZone) zone = named == NULL ? g_time_zone_new_utc() : g_time_zone_ref(named);
    const char *words = language == SCHED_WORDS_VIETNAMESE ? reasons[reason].vietnamese
                                                           : reasons[reason].english;
    g_autofree char *from = NULL, *to = NULL, *first_day = NULL;

    if (to_us == 0 || reason == CONTENT_REASON_NONE)
        return g_strdup(words);
    if (from_us == 0) {
        to = hour_of(to_us, zone, date);
        return g_strdup_printf("%s %s %s", words, until_words[language], to);
    }
    from = hour_of(from_us, zone, date);
    first_day = format(from_us, zone, "%Y-%m-%d");
    to = hour_of(to_us, zone, first_day);
    return g_strdup_printf("%s %s–%s", words, from, to);
}
