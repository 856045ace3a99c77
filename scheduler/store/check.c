/* check.c - values from people, checked before they become rows; see sql.h. Pure. */
#include "scheduler/store/sql.h"

#include "content/base/id.h"
#include "content/document.h"
#include "content/language.h"

#include <string.h>

static gboolean
refuse(const char *what, const char *why, const char *value, GError **error)
{
    g_autofree char *shown = content_document_text(value == NULL ? "" : value, 80);

    g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID, "%s: “%s” %s", what, shown,
                why);
    return FALSE;
}

gboolean
sched_check_id(const char *what, const char *value, GError **error)
{
    if (content_id_is_valid(value))
        return TRUE;
    return refuse(what, "is no id (1 to 64 of a-z, 0-9 and -)", value, error);
}

gboolean
sched_check_hash(const char *what, const char *value, GError **error)
{
    guint8 bytes[32];

    if (content_hex_decode(value, bytes, sizeof bytes))
        return TRUE;
    return refuse(what, "is no SHA-256 in lower-case hex", value, error);
}

gboolean
sched_check_text(const char *what, const char *value, gsize max_bytes, GError **error)
{
    gsize n_bytes = value == NULL ? 0 : strnlen(value, max_bytes + 1);

    if (value == NULL)
        return refuse(what, "is missing", value, error);
    if (n_bytes > max_bytes) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                    "%s: longer than %" G_GSIZE_FORMAT " bytes", what, max_bytes);
        return FALSE;
    }
    if (!g_utf8_validate(value, (gssize) n_bytes, NULL)) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID, "%s: not UTF-8", what);
        return FALSE;
    }
    return TRUE;
}

gboolean
sched_check_date(const char *what, const char *value, GError **error)
{
    gint year, month, day;

    if (value == NULL || strlen(value) != 10 || value[4] != '-' || value[7] != '-')
        return refuse(what, "is no date (YYYY-MM-DD)", value, error);
    for (gint i = 0; i < 10; i++) {
        if (i != 4 && i != 7 && !g_ascii_isdigit(value[i]))
            return refuse(what, "is no date (YYYY-MM-DD)", value, error);
    }
    year = (gint) g_ascii_strtoll(value, NULL, 10);
    month = (gint) g_ascii_strtoll(value + 5, NULL, 10);
    day = (gint) g_ascii_strtoll(value + 8, NULL, 10);
    if (year < 1900 || month < 1 || month > 12 || day < 1 ||
        !g_date_valid_dmy((GDateDay) day, (GDateMonth) month, (GDateYear) year))
        return refuse(what, "is no day of the calendar", value, error);
    return TRUE;
}

gboolean
sched_check_plan_date(const char *what, const char *value, GError **error)
{
    if (!sched_check_date(what, value, error))
        return FALSE;
    if (strncmp(value, "1971", 4) < 0 || strncmp(value, "2199", 4) > 0)
        return refuse(what, "is outside the years 1971 to 2199", value, error);
    return TRUE;
}

/* GLib would read any file that the name leads to, so the name may only be one of the tree. */
gboolean
sched_check_tzid(const char *what, const char *value, GError **error)
{
    g_autoptr(GTimeZone) zone = NULL;

    if (value == NULL || !g_ascii_isalpha(value[0]) || strstr(value, "..") != NULL ||
        strspn(value, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "+-_/") != strlen(value) ||
        (zone = g_time_zone_new_identifier(value)) == NULL)
        return refuse(what, "is no time zone of this machine", value, error);
    return TRUE;
}

gboolean
sched_check_language(const char *what, const char *value, GError **error)
{
    if (value != NULL && content_language_tag_is_valid(value))
        return TRUE;
    return refuse(what, "is no language that we know", value, error);
}

gboolean
sched_check_count(const char *what, gsize count, gsize max, GError **error)
{
    if (count <= max)
        return TRUE;
    g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID,
                "%s: %" G_GSIZE_FORMAT " are too many, at most %" G_GSIZE_FORMAT, what, count,
                max);
    return FALSE;
}

gboolean
sched_check_revision(gint64 present, gint64 expected, GError **error)
{
    if (expected == -1 || present == expected)
        return TRUE;
    if (present == 0)
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                            "what was to be changed is not there");
    else if (expected == 0)
        g_set_error_literal(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT,
                            "something with this id is there already");
    else
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT,
                    "it was changed since it was read: revision %" G_GINT64_FORMAT
                    " now, %" G_GINT64_FORMAT " then",
                    present, expected);
    return FALSE;
}
