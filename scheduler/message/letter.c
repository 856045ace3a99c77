/* letter.c - see letter.h */
#include "scheduler/message/letter.h"

#include "content/base/id.h"
#include "scheduler/message/address.h"

#include <string.h>

/* A line with an encoded word is at most 76 characters (RFC 2047 §2): the header's name,
 * =?UTF-8?B? and ?= take 21 of them. */
#define WORD_MAX_BYTES 39
#define LINE_BYTES     57 /* of text, 76 characters in base64 (RFC 2045 §6.8) */

/* Words of whole letters, each on a line of its own. */
static void
add_subject(GString *out, const char *subject)
{
    const char *from = subject;

    g_string_append(out, "Subject:");
    do {
        const char *to = from;
        g_autofree char *coded = NULL;

        while (*to != '\0' && g_utf8_next_char(to) - from <= WORD_MAX_BYTES)
            to = g_utf8_next_char(to);
        coded = g_base64_encode((const guchar *) from, (gsize) (to - from));
        g_string_append_printf(out, " =?UTF-8?B?%s?=\r\n", coded);
        from = to;
    } while (*from != '\0');
}

static void
add_body(GString *out, const char *body)
{
    gsize length = strlen(body);

    for (gsize at = 0; at < length; at += LINE_BYTES) {
        g_autofree char *line =
            g_base64_encode((const guchar *) body + at, MIN(length - at, LINE_BYTES));

        g_string_append_printf(out, "%s\r\n", line);
    }
}

/* "Mon, 02 Mar 2026 05:30:00 +0000": in English whatever the machine's language is. */
static void
add_date(GString *out, gint64 at_us)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(at_us / G_USEC_PER_SEC);

    g_string_append_printf(out, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n",
                           days[g_date_time_get_day_of_week(at) - 1],
                           g_date_time_get_day_of_month(at),
                           months[g_date_time_get_month(at) - 1], g_date_time_get_year(at),
                           g_date_time_get_hour(at), g_date_time_get_minute(at),
                           g_date_time_get_second(at));
}

char *
sched_letter_write(const SchedLetter *letter)
{
    g_autoptr(GString) out = g_string_new(NULL);

    if (!sched_email_is_valid(letter->from) || !sched_email_is_valid(letter->to) ||
        !content_id_is_valid(letter->id) || !g_utf8_validate(letter->subject, -1, NULL))
        return NULL;
    add_date(out, letter->at_us);
    g_string_append_printf(out, "From: Loa <%s>\r\nTo: <%s>\r\n", letter->from, letter->to);
    g_string_append_printf(out, "Message-ID: <%s%s>\r\n", letter->id,
                           strchr(letter->from, '@'));
    add_subject(out, letter->subject);
    /* No machine answers a machine (RFC 3834). */
    g_string_append(out, "Auto-Submitted: auto-generated\r\n"
                         "MIME-Version: 1.0\r\n"
                         "Content-Type: text/plain; charset=utf-8\r\n"
                         "Content-Transfer-Encoding: base64\r\n\r\n");
    add_body(out, letter->body);
    return g_string_free(g_steal_pointer(&out), FALSE);
}
