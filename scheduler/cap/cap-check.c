/* cap-check.c - what a CAP message may hold: see cap-table.h. Pure. */
#include "scheduler/cap/cap-table.h"

#include <string.h>

#define MAX_OFFSET_S (14 * 3600)
#define LAST_YEAR    9999

/* ---- times (§3.3.2): "2026-11-23T21:02:35+07:00", UTC as "-00:00", never "Z" ---- */

static gboolean
has_shape(const char *text)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:dd?dd:dd";

    if (strlen(text) != strlen(shape))
        return FALSE;
    for (gsize i = 0; shape[i] != '\0'; i++) {
        if (shape[i] == 'd'   ? !g_ascii_isdigit(text[i])
            : shape[i] == '?' ? text[i] != '+' && text[i] != '-'
                              : text[i] != shape[i])
            return FALSE;
    }
    return TRUE;
}

static int
number(const char *digits)
{
    return (digits[0] - '0') * 10 + digits[1] - '0';
}

gboolean
cap_parse_time(const char *text, gint64 *us, int *offset_s)
{
    g_autoptr(GDateTime) utc = NULL;
    int offset;

    if (!has_shape(text))
        return FALSE;
    offset = number(text + 20) * 3600 + number(text + 23) * 60;
    utc = g_date_time_new_utc(number(text) * 100 + number(text + 2), number(text + 5),
                              number(text + 8), number(text + 11), number(text + 14),
                              number(text + 17));
    if (utc == NULL || number(text + 23) > 59 || offset > MAX_OFFSET_S)
        return FALSE;
    if (text[19] == '-')
        offset = -offset;
    *us = (g_date_time_to_unix(utc) - offset) * G_USEC_PER_SEC;
    if (offset_s != NULL)
        *offset_s = offset;
    /* 0 means that there is none; nobody warns of 1970 */
    return *us > 0;
}

gboolean
sched_cap_parse_time(const char *text, gint64 *out_us)
{
    return cap_parse_time(text, out_us, NULL);
}

char *
sched_cap_format_time(gint64 utc_us, int offset_s)
{
    g_autoptr(GDateTime) local =
        g_date_time_new_from_unix_utc(utc_us / G_USEC_PER_SEC + offset_s);
    g_autofree char *text =
        local == NULL ? NULL : g_date_time_format(local, "%Y-%m-%dT%H:%M:%S");
    int minutes = ABS(offset_s) / 60;

    g_return_val_if_fail(text != NULL, NULL);
    return g_strdup_printf("%s%c%02d:%02d", text, offset_s > 0 ? '+' : '-', minutes / 60,
                           minutes % 60);
}

/* ---- one text ---- */

static gboolean
is_xml_text(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        /* XML 1.0 §2.2: of the control characters only these */
        if ((guchar) *at < 0x20 && strchr("\t\n\r", *at) == NULL)
            return FALSE;
    }
    return g_utf8_validate(text, -1, NULL) && strstr(text, "\xef\xbf\xbe") == NULL &&
           strstr(text, "\xef\xbf\xbf") == NULL;
}

gboolean
cap_check_text(const CapMember *member, const char *text, const char *where, GError **error)
{
    if (strlen(text) > member->max_bytes) {
        g_set_error(error, SCHED_CAP_ERROR, SCHED_CAP_ERROR_LIMIT, "%s: longer than %u bytes",
                    where, member->max_bytes);
        return FALSE;
    }
    if (!is_xml_text(text)) {
        g_set_error(error, SCHED_CAP_ERROR, SCHED_CAP_ERROR_INVALID,
                    "%s: not UTF-8, or a character that XML does not have", where);
        return FALSE;
    }
    if (*text == '\0' || (member->kind == CAP_NAME && strpbrk(text, " ,<&\t\n\r") != NULL)) {
        g_set_error(error, SCHED_CAP_ERROR, SCHED_CAP_ERROR_INVALID, "%s: %s", where,
                    *text == '\0' ? "empty" : "holds a space, a comma, '<' or '&'");
        return FALSE;
    }
    return TRUE;
}

/* ---- one structure ---- */

static guint
n_bits(guint set)
{
    guint n = 0;

    for (; set != 0; set &= set - 1)
        n++;
    return n;
}

/* How often an element is there. */
static guint
count_of(const CapMember *member, gconstpointer owner)
{
    switch (member->kind) {
    case CAP_TEXT:
    case CAP_NAME:
        return G_STRUCT_MEMBER(char *, owner, member->offset) != NULL;
    case CAP_TIME:
        return G_STRUCT_MEMBER(gint64, owner, member->offset) != 0;
    case CAP_SIZE:
        return G_STRUCT_MEMBER(gint64, owner, member->offset) >= 0;
    case CAP_WORD:
        return G_STRUCT_MEMBER(guint, owner, member->offset) <
               g_strv_length((char **) member->words);
    case CAP_WORDS:
        return n_bits(G_STRUCT_MEMBER(guint, owner, member->offset));
    case CAP_REFERENCES:
        return cap_array(owner, member)->len > 0;
    case CAP_TEXTS:
    case CAP_PARTS:
        return cap_array(owner, member)->len;
    }
    g_return_val_if_reached(0);
}

static gboolean
check_count(const CapMember *member, guint count, const char *where, GError **error)
{
    if (count >= member->least && count <= member->most)
        return TRUE;
    if (count < member->least)
        g_set_error(error, SCHED_CAP_ERROR, SCHED_CAP_ERROR_INVALID, "%s: missing", where);
    else
        g_set_error(error, SCHED_CAP_ERROR, SCHED_CAP_ERROR_LIMIT, "%s: more than %u", where,
                    member->most);
    return FALSE;
}

static gboolean
check_reference(const SchedCapReference *one, const char *where, GError **error)
{
    static const CapMember name = {"", CAP_NAME, 0, 1, 1, 255, NULL, NULL};
    gint64 us;

    if (!cap_check_text(&name, one->sender, where, error) ||
        !cap_check_text(&name, one->identifier, where, error))
        return FALSE;
    if (cap_parse_time(one->sent, &us, NULL))
        return TRUE;
    g_set_error(error, SCHED_CAP_ERROR, SCHED_CAP_ERROR_INVALID, "%s: '%.40s' is no time",
                where, one->sent);
    return FALSE;
}

static gboolean
check_array(const CapMember *member, gconstpointer owner, const char *where, GError **error)
{
    GPtrArray *array = cap_array(owner, member);

    for (guint i = 0; i < array->len; i++) {
        g_autofree char *which = g_strdup_printf("%s %u", where, i + 1);
        gboolean ok = member->kind == CAP_TEXTS
                          ? cap_check_text(member, array->pdata[i], which, error)
                      : member->kind == CAP_REFERENCES
                          ? check_reference(array->pdata[i], which, error)
                          : cap_check(member->part, array->pdata[i], which, error);

        if (!ok)
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_member(const CapMember *member, gconstpointer owner, const char *where, GError **error)
{
    if (!check_count(member, count_of(member, owner), where, error))
        return FALSE;
    if (member->kind == CAP_TEXT || member->kind == CAP_NAME) {
        const char *text = G_STRUCT_MEMBER(char *, owner, member->offset);

        return text == NULL || cap_check_text(member, text, where, error);
    }
    if (member->kind == CAP_TEXTS || member->kind == CAP_REFERENCES ||
        member->kind == CAP_PARTS)
        return check_array(member, owner, where, error);
    return TRUE;
}

/* A limited scope says to whom it is limited (§3.2.1). */
static gboolean
check_scope(const SchedCap *self, GError **error)
{
    const char *lacks =
        self->scope == SCHED_CAP_SCOPE_RESTRICTED && self->restriction == NULL ? "restriction"
        : self->scope == SCHED_CAP_SCOPE_PRIVATE && self->addresses == NULL    ? "addresses"
                                                                               : NULL;

    if (lacks == NULL)
        return TRUE;
    g_set_error(error, SCHED_CAP_ERROR, SCHED_CAP_ERROR_INVALID,
                "%s: missing, the scope is not public", lacks);
    return FALSE;
}

gboolean
cap_check(const CapPart *part, gconstpointer owner, const char *where, GError **error)
{
    for (guint i = 0; i < part->n_members; i++) {
        const CapMember *member = &part->members[i];
        g_autofree char *there = where == NULL ? g_strdup(member->name)
                                               : g_strconcat(where, "/", member->name, NULL);

        if (!check_member(member, owner, there, error))
            return FALSE;
    }
    return part != &cap_alert || check_scope(owner, error);
}
